"""The mistakes that several exercises of lesson 02 recognise, worded once."""

from __future__ import annotations

from dataclasses import replace

from grader.exams import Diagnosis
from grader.exercises.conversations.lesson import EMPTY, FORGETS, REPLY
from grader.exercises.shared_mistakes import first_block

FIRST_BLOCK = replace(
    first_block(REPLY),
    hints=(
        "What tells a text block from any other block?",
        "“The whole reply goes back” shows a reply of two blocks. Which of them has a text?",
        "`[block.text for block in message.content if block.type == …]`",
    ),
)

REFUSED = Diagnosis(
    "refused",
    title="The API refuses what your code sends.",
    saw="It answers: `{observed}`",
    why="A refused request brings no reply, however good the rest of the code is.",
    next="Read the path at the start of the message: it names the part to mend.",
    where=EMPTY,
    crash=r"^BadRequestError: ",
)

SYSTEM_NULL = Diagnosis(
    "system-null",
    title="Without a system prompt, the request still has one: `null`.",
    saw="The API answers: `{observed}`",
    why="`system` is a text or a list of text blocks. `None` is sent as `null`, which is neither.",
    next="Leave `system` out of the request when it is `None`.",
    where=REPLY,
    hints=(
        "What is the difference between a parameter that is absent and one that is `None`?",
        "“The whole reply goes back” shows a request built as a dict before it is sent.",
        '`if system is not None: request["system"] = system`',
    ),
    crash=r"^BadRequestError: .*'system: Input should be",
)

EMPTY_STORED = Diagnosis(
    "empty-stored",
    title="A turn with nothing in it goes back to the API, and is refused.",
    saw="The API answers: `{observed}`",
    why="Every turn before the last needs content, and no text block may be empty: "
    "one empty turn in the history, and all later calls fail.",
    next="See that each turn which you add has content; a reply may have none.",
    where=EMPTY,
    hints=(
        "What does a reply without blocks add to a conversation?",
        "Look at the 400 under “What is refused, and what is not”: which turn does it name?",
        "`if not message.content: …`, before the history grows.",
    ),
    crash=r"^BadRequestError: .*(must have non-empty content|text content blocks must)",
)

REQUESTS_COUNTED = Diagnosis(
    "requests-counted",
    title="One question is one request.",
    saw="The API got `{observed}` of them.",
    why="Each is paid for, and gets an answer of its own.",
    next="Send one request for each question, with the client that your code was given.",
    where=REPLY,
)

QUESTION_NOT_SENT = Diagnosis(
    "question-not-sent",
    title="The question did not reach the API as the last turn.",
    saw="The last user message says `{observed}`.",
    why="The model answers the end of the list that it gets.",
    next="Put a user's turn with the question behind the turns so far.",
    where=FORGETS,
)

OPTIONS_LOST = Diagnosis(
    "options-lost",
    title="A request is made otherwise than it was asked for.",
    saw="It has `{observed}`.",
    why="Nothing is remembered from call to call, the system prompt no more than the turns.",
    next="Send `system`, `model` and `max_tokens` in each request, as they were given.",
    where=REPLY,
)


def text_for_blocks(where: str) -> Diagnosis:
    """Return the mistake of keeping a reply's text and dropping its other blocks."""
    return Diagnosis(
        "text-for-blocks",
        title="The reply went into the history without all of its blocks.",
        saw="It began with a `thinking` block; what was kept of it is `{observed}`.",
        why="The text is what a person reads; the blocks are what the model goes on from, "
        "and without a `tool_use` block the next call is refused.",
        next="Keep the whole of `message.content`, as it came.",
        where=where,
        hints=(
            "What else may a reply hold besides text?",
            "“The whole reply goes back” prints a reply's blocks, and the turn made of them.",
            '`{"role": "assistant", "content": message.content}`',
        ),
    )
