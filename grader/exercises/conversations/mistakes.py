"""The mistakes that several exercises of lesson 02 recognise, worded once."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.conversations.lesson import EMPTY, REPLY

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
    "one empty reply in the history, and all later calls fail.",
    next="Look whether the reply has content before you store it.",
    where=EMPTY,
    hints=(
        "What does a reply without blocks add to a conversation?",
        "Look at the 400 under “What is refused, and what is not”: which turn does it name?",
        "`if not message.content: …`, before the history grows.",
    ),
    crash=r"^BadRequestError: .*(must have non-empty content|text content blocks must)",
)

_BLOCKS = "The next call of a tool needs its `tool_use` block, and newer models need their thinking"


def text_for_blocks(where: str) -> Diagnosis:
    """Return the mistake of keeping a reply's text and dropping its other blocks."""
    return Diagnosis(
        "text-for-blocks",
        title="The reply went into the history without all of its blocks.",
        saw="It began with a `thinking` block; what was kept of it is `{observed}`.",
        why=f"{_BLOCKS}: what the model did besides talking is lost, or a 400.",
        next="Keep the whole of `message.content`, as it came.",
        where=where,
        hints=(
            "What else may a reply hold besides text?",
            "“The whole reply goes back” prints a reply's blocks, and the turn made of them.",
            '`{"role": "assistant", "content": message.content}`',
        ),
    )
