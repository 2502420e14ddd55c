"""The text of any reply."""

from __future__ import annotations

from typing import Any

from grader.exams import Criterion, Exam, exercise
from grader.exercises.readings import is_same

Json = Any


@exercise(
    minutes=5,
    criteria=[
        Criterion("one", "the text of a reply with one text block"),
        Criterion("later", "the text when another block comes first"),
        Criterion("several", "the text of several blocks, joined in order"),
        Criterion("none", "an empty string when the reply has no text"),
    ],
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
        otherwise="not-a-str",
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
        otherwise="not-a-str",
    )
    exam.expect("several", is_same(value, two + three), wrong, value)
    for content in ([], [thought]):
        message = exam.message(content=content, stop_reason="refusal")
        value = exam.call(message, judges=("none",), crash="empty-crash").value
        exam.expect("none", is_same(value, ""), "empty-crash", value)
