"""The text of any reply."""

from __future__ import annotations

from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.shared_mistakes import first_block, printed
from grader.exercises.structure.lesson import BLOCKS, NAME

Json = Any


@exercise(
    lesson=NAME,
    minutes=5,
    criteria=[
        Criterion("one", "the text of a reply with one text block"),
        Criterion("later", "the text when another block comes first"),
        Criterion("several", "the text of several blocks, joined in order"),
        Criterion("none", "an empty string when the reply has no text"),
    ],
    mistakes=[
        printed(BLOCKS),
        first_block(BLOCKS),
        Diagnosis(
            "only-one-block",
            title="Only one of the text blocks came back.",
            saw="The reply had two text blocks, and your function returned `{observed}`.",
            why="A reply with citations, or with a tool call inside, has its text in pieces.",
            next="Join the text of all text blocks.",
            where=BLOCKS,
            hints=(
                "May a reply have more than one text block?",
                "Look at the third reply under “What a reply may hold”.",
                '`"".join(…)` over every text block',
            ),
        ),
        Diagnosis(
            "joined-otherwise",
            title="The pieces are not joined as they came.",
            saw="Your function returned `{observed}`.",
            why="The blocks are pieces of one text, with its spaces and line ends in place.",
            next='Join them with nothing between: `"".join(…)`.',
            where=BLOCKS,
        ),
        Diagnosis(
            "empty-crash",
            title="A reply without text should give an empty string.",
            saw="For such a reply it came to this: `{observed}`",
            why="Empty replies happen: a refusal, or a model with nothing to add.",
            next='Return `""` when there is no text block.',
            where=BLOCKS,
            hints=(
                "How many blocks must a reply have?",
                "Look at the last reply under “What a reply may hold”: its content is `[]`.",
                '`"".join` of no pieces is `""`: it needs no special case.',
            ),
        ),
        Diagnosis(
            "other-text",
            title="What came back is not the text of the reply.",
            saw="Your function returned `{observed}`.",
            why="Spaces and line ends at the edges count, and thoughts do not.",
            next="Take `.text` of the blocks whose type is `text`, and change nothing in it.",
            where=BLOCKS,
        ),
        Diagnosis(
            "not-text",
            title="Your function should return a str.",
            saw="It returned `{observed}`.",
            why="The caller wants words: to show, to store, to search.",
            next="Join the `.text` of the blocks into one str.",
            where=BLOCKS,
        ),
    ],
    hints=(
        "A reply is a list of blocks; only some of them hold text.",
        "“What a reply may hold” prints the blocks of five replies.",
        "Take the text of each block whose type is `text`, and join the pieces.",
    ),
)
def text_of(exam: Exam) -> None:
    """Read replies with one block, thinking first, two text blocks, and none."""
    one, two, three = (f"{exam.words(3)} " for _ in range(3))
    thought = {"type": "thinking", "thinking": exam.words(4), "signature": exam.fresh("sig")}
    call = {"type": "tool_use", "id": exam.fresh("toolu"), "name": "look_up", "input": {}}

    def block(words: str) -> Json:
        return {"type": "text", "text": words}

    called = exam.call(exam.message(content=[block(one)]), judges=("one",))
    value = called.value
    wrong = exam.which(
        {
            "printed": value is None and one in called.printed,
            "other-text": isinstance(value, str),
        },
        otherwise="not-text",
    )
    if not exam.expect("one", is_same(value, one), wrong, value):
        return
    message = exam.message(content=[thought, block(two)])
    value = exam.call(message, judges=("later",)).value
    is_another_text = isinstance(value, str) and value != ""
    wrong = exam.which({"other-text": is_another_text}, otherwise="first-block")
    exam.expect("later", is_same(value, two), wrong, value)
    message = exam.message(content=[thought, block(two), call, block(three)])
    value = exam.call(message, judges=("several",)).value
    wrong = exam.which(
        {
            "only-one-block": value in (two, three),
            "joined-otherwise": isinstance(value, str) and two.strip() in value and three in value,
            "other-text": isinstance(value, str),
        },
        otherwise="not-text",
    )
    exam.expect("several", is_same(value, two + three), wrong, value)
    for content in ([], [thought]):
        message = exam.message(content=content, stop_reason="refusal")
        value = exam.call(message, judges=("none",), crash="empty-crash").value
        exam.expect("none", is_same(value, ""), "empty-crash", value)
