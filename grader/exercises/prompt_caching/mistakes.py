"""The mistakes that several exercises of lesson 07 recognise, worded once."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.prompt_caching.lesson import ASKED, LIFETIMES, ORDER

ON_A_STRING = Diagnosis(
    "on-a-string",
    title="A breakpoint cannot stand on a string.",
    saw="Python says: `{observed}`",
    why="`cache_control` is a key of a block, and a system prompt or a content "
    "that is a string has no blocks.",
    next="Write the text as a list with one text block, and put `cache_control` into that.",
    where=ASKED,
    hints=(
        "What is the longer form of a text that is a string?",
        "“The same prompt, twice” writes the same prompt twice. What became of `system`?",
        '`[{"type": "text", "text": …, "cache_control": {"type": "ephemeral"}}]`',
    ),
    crash=r"^TypeError: 'str' object does not support item assignment"
    r"|^AttributeError: 'str' object has no attribute '(copy|update|append)'"
    r"|^TypeError: 'str' object is not a mapping"
    r"|^ValueError: dictionary update sequence",
)

ON_A_MESSAGE = Diagnosis(
    "on-a-message",
    title="A breakpoint stands on a message, and belongs on a block.",
    saw="The API answers: `{observed}`",
    why="A message has a role and a content, and nothing else: extra inputs are a 400.",
    next="Take `cache_control` out of the message; it goes into a block, "
    "of the system prompt or of a content.",
    where=ASKED,
    crash=r"^BadRequestError: .*messages\.\d+\.cache_control: Extra inputs",
)

SYSTEM_NOT_A_LIST = Diagnosis(
    "system-not-a-list",
    title="`system` is a string or a list of blocks, and here it is one block.",
    saw="The API answers: `{observed}`",
    why="A system prompt may have several blocks, so even one stands in a list.",
    next="Put square brackets around the block.",
    where=ASKED,
    crash=r"^BadRequestError: .*'system: Input should be a valid array",
)

FIVE = Diagnosis(
    "five",
    title="The request has more than four breakpoints.",
    saw="The API answers: `{observed}`",
    why="Each one that is left from before counts, and four is the most that a request may have.",
    next="Count the breakpoints that are there before you add one.",
    where=ORDER,
    crash=r"^BadRequestError: .*A maximum of 4 blocks with cache_control",
)

CONTROL_OTHERWISE = Diagnosis(
    "control-otherwise",
    title="The API cannot read a `cache_control`.",
    saw="It answers: `{observed}`",
    why='It is an object: `{"type": "ephemeral"}`, with a `ttl` of `"5m"` or `"1h"` at most.',
    next="Write it as the lesson does.",
    where=ASKED,
    crash=r"^BadRequestError: .*cache_control(\.|: Input (should|tag))",
)

NOT_MARKED = Diagnosis(
    "not-marked",
    title="Nothing in the request asks for caching.",
    saw="What was written and read, call by call: `{observed}`.",
    why="OpenAI caches long prompts by itself; here a request says what to keep.",
    next='Put `"cache_control": {"type": "ephemeral"}` on the last block of what stays the same.',
    where=ASKED,
    hints=(
        "Who decides what is kept: the API, or your request?",
        "Compare the two requests under “The same prompt, twice”.",
        '`"cache_control": {"type": "ephemeral"}`, as one more key of a block.',
    ),
)

OTHER_LIFETIME = Diagnosis(
    "other-lifetime",
    title="The prefix is kept for an hour, and five minutes were asked for.",
    saw="The `ttl` in your code made it: `{observed}`.",
    why="To write for an hour costs more than to write for five minutes.",
    next='Leave `ttl` out, or write `"5m"`.',
    where=LIFETIMES,
    hints=(
        "How long does a prefix live whose breakpoint names no lifetime?",
        "“Five minutes, or an hour” writes both kinds of breakpoint.",
        '`{"type": "ephemeral"}`',
    ),
)

SYSTEM_IN_MESSAGES = Diagnosis(
    "system-in-messages",
    title="The system prompt is among the messages.",
    saw="The API answers: `{observed}`",
    why="Here it is a part of the request, with a place in the prompt before all messages.",
    next="Take the message away, and pass its content as `system`.",
    where=ORDER,
    hints=(
        "Whose words are the messages?",
        "“What comes first” lists the three parts of a prompt. Which of them is it?",
        '`"system": [{"type": "text", "text": …}]`, beside `"messages"`.',
    ),
    crash=r"^BadRequestError: .*(use the top-level 'system' parameter|role 'system')",
)

REFUSED = Diagnosis(
    "refused",
    title="The API refuses the request.",
    saw="It answers: `{observed}`",
    why="A refused request brings no reply, and nothing is cached.",
    next="Read the path at the start of the message: it names the part to mend.",
    where=ORDER,
    crash=r"^BadRequestError: ",
)


def find_refusal(fault: str, *more: Diagnosis) -> str:
    """Return the mistake that an objection of the API shows, of those that builders share."""
    told = f"BadRequestError: '{fault.partition(': ')[2]}"
    named = (*more, ON_A_MESSAGE, SYSTEM_NOT_A_LIST, FIVE, CONTROL_OTHERWISE)
    return next((mistake.id for mistake in named if mistake.explains(told)), REFUSED.id)
