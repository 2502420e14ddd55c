"""The mistakes that the check of `trim_to_budget` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.tokens_and_cost.lesson import COUNTED, GROWS
from grader.exercises.tokens_and_cost.mistakes import (
    ABSENT_PART,
    GUESSED,
    NULL_PART,
    SENT_FOR_REAL,
    TOO_MUCH,
    mutated,
    other_model,
)

MOST_COUNTS = 10
"""How many counts a call may take, for up to 200 turns."""

MISTAKES = (
    TOO_MUCH,
    NULL_PART,
    ABSENT_PART,
    Diagnosis(
        "blocks-of-one-kind",
        title="Your code expects content of one kind only.",
        saw="Python says: `{observed}`",
        why="A turn's content may be a `str`, a list of dicts, or the blocks of a reply.",
        next="Look into content only where you need to: "
        "in a user's message, and only when it is a list.",
        where=GROWS,
        hints=(
            "Which messages can hold a `tool_result`, and who wrote them?",
            "“Every turn pays for all before it” says where a turn begins.",
            (
                '`message["role"] == "user" and isinstance(message["content"], list)`, '
                "before you look at a block."
            ),
        ),
        crash=r"^(TypeError: ('\w+Block' object is not subscriptable|string indices must)"
        r"|AttributeError: '(str|dict|list|\w+Block)' object has no attribute "
        r"'(get|type|items|keys)')",
    ),
    Diagnosis(
        "found-none",
        title="Your function says that nothing fits, and something does.",
        saw="Python says: `{observed}`",
        why="The budget is one of input tokens: what `count_tokens` says has to be within it, "
        "and nothing else takes a part of it.",
        next="Look at the comparison: the count alone, `<=` the budget.",
        where=GROWS,
        hints=(
            "Which two numbers does your code compare?",
            "The docstring says what the budget is for. Is `max_tokens` input?",
            "`count_request(client, shorter) <= budget`",
        ),
        crash=r"^ValueError\b(?!.*(unpack|is not in|empty|invalid literal))",
    ),
    Diagnosis(
        "nothing-left",
        title="Your code cut until nothing was left to send.",
        saw="It came to this: `{observed}`",
        why="The API counts no request without messages, and nobody can send one.",
        next="Stop at the newest turn, and raise `ValueError` when that does not fit.",
        where=GROWS,
        crash=r"messages: at least one message is required",
    ),
    SENT_FOR_REAL,
    Diagnosis(
        "only-messages-returned",
        title="The function should return the whole request.",
        saw="It returned a list of `{observed}` messages.",
        why="The caller sends what comes back: `client.messages.create(**request)`.",
        next="Put the messages that are left back into a copy of the request.",
        where=GROWS,
    ),
    Diagnosis(
        "not-a-request",
        title="The function should return a request.",
        saw="It returned `{observed}`.",
        why="The caller sends what comes back: `client.messages.create(**request)`.",
        next="Return a dict like the one you were given, with fewer messages.",
        where=GROWS,
    ),
    GUESSED,
    other_model(COUNTED),
    Diagnosis(
        "options-lost",
        title="More than the messages was changed.",
        saw="The request that came back differs in `{observed}`.",
        why="A system prompt or a tool less, and the model does something else.",
        next="Copy the request, and put other messages into the copy.",
        where=GROWS,
        hints=(
            "Which of the request's keys does this function have any business with?",
            "“Every turn pays for all before it” builds a shorter request in one line.",
            '`{**request, "messages": …}`',
        ),
    ),
    mutated(GROWS),
    Diagnosis(
        "oldest-kept",
        title="The wrong end was cut off.",
        saw="The first message is still there, and the last one is gone.",
        why="The model answers the end of the list.",
        next="Keep the end: `messages[start:]`.",
        where=GROWS,
    ),
    Diagnosis(
        "prompt-forgotten",
        title="The rest of the prompt is not in your count.",
        saw="The whole request that came back has more tokens than the budget: `{observed}`.",
        why="System prompt and tools take their share, and the last count was without them.",
        next="Count the request as it will be sent, with all its parts.",
        where=COUNTED,
    ),
    Diagnosis(
        "over-budget",
        title="What is left is still too long.",
        saw="Tokens of the request that came back, against the budget: `{observed}`.",
        why="A budget is the most that may be sent.",
        next="Count what you are about to return, and cut further while it is too much.",
        where=GROWS,
    ),
    Diagnosis(
        "torn",
        title="A `tool_result` has lost the call that it answers.",
        saw="The API says to your request: `{observed}`",
        why="A call and its result belong together, and a turn is not over between them.",
        next="Cut only in front of a user's message that has no `tool_result` in it.",
        where=GROWS,
        hints=(
            "Is every message with the role `user` a question?",
            "Read under “Every turn pays for all before it” where a turn begins.",
            "First list the places where a turn begins; then search in that list only.",
        ),
    ),
    Diagnosis(
        "refused",
        title="The API refuses what your code counts.",
        saw="It answers: `{observed}`",
        why="What cannot be counted cannot be sent either.",
        next="Read the path at the start of the message: it names the part to mend.",
        where=GROWS,
    ),
    Diagnosis(
        "starts-with-assistant",
        title="What is left begins with an answer.",
        saw="Its first message has the role `{observed}`.",
        why="The model reads an answer to a question that is gone.",
        next="Cut in front of a user's message that begins a turn.",
        where=GROWS,
    ),
    Diagnosis(
        "too-few-turns",
        title="More was cut off than had to be.",
        saw="Turns that are left, and turns that fit the budget: `{observed}`.",
        why="Each turn that is gone is something that the model no longer knows.",
        next="Look for the longest end of the history that fits, the exact fit included.",
        where=GROWS,
        hints=(
            "How do you know that one turn more would be too much?",
            "“Every turn pays for all before it”: one turn more is always more tokens.",
            "In a bisection, a middle that fits is a place to keep, and not one to skip.",
        ),
    ),
    Diagnosis(
        "other-messages",
        title="What is left is not the end of the history as it was.",
        saw="Of `{observed}` messages, some are not the history's own, or not in their order.",
        why="A turn that is not whole, or not as it was said, misleads the model.",
        next="Return a slice of the messages, from the beginning of a turn to the end.",
        where=GROWS,
    ),
    Diagnosis(
        "too-many-counts",
        title="The cut is right, and it took too many counts.",
        saw="For one cut, `count_tokens` was called `{observed}` times.",
        why=f"Each count carries the whole conversation and takes its time; {MOST_COUNTS} are "
        "enough for 200 turns.",
        next="Halve the places where the cut may be with each count.",
        where=GROWS,
        hints=(
            "How do you find a name in a telephone book of 200 pages, in eight looks?",
            (
                "“Every turn pays for all before it” shows counts that only ever rise. "
                "Such a list can be halved."
            ),
            (
                "`middle = (low + high) // 2`; if that end fits, `high = middle`, "
                "else `low = middle + 1`."
            ),
        ),
    ),
    Diagnosis(
        "not-raised",
        title="When not even the newest turn fits, there is nothing to return.",
        saw="With such a budget it came to this: `{observed}`.",
        why="A request without its question is refused or answered at random, "
        "and one over budget is what the caller wanted to avoid.",
        next="Raise `ValueError`.",
        where=GROWS,
    ),
)
"""From the most basic to the subtlest."""
