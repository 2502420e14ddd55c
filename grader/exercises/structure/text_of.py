"""The text of any reply."""

from __future__ import annotations

from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, exercise
from grader.exercises.loops import content_text
from grader.exercises.readings import compared, is_same
from grader.exercises.replies import (
    BESIDE,
    BLANKS,
    WORDINGS,
    beside,
    is_blank_dropped,
    is_joined_otherwise,
    text_json,
    with_blank,
    worded,
    words_beside,
)
from grader.simulator import STOP_REASONS

Json = Any


@exercise(
    minutes=5,
    criteria=[
        Criterion("one", "the text of a reply with one text block"),
        Criterion("later", "the text when other blocks stand around it"),
        Criterion("several", "the text of several blocks, joined in order"),
        Criterion("none", "an empty string when the reply has no text"),
    ],
    shapes=Shapes(
        pairs=[("texts", "beside"), ("texts", "where"), ("texts", "blank")],
        texts=["one", "several", "two alike", "none"],
        beside=BESIDE,
        where=["in front", "behind", "between"],
        blank=list(BLANKS),
        words=WORDINGS,
        citations=[None, "some"],
        stop_reason=STOP_REASONS,
        form=["Message", "ParsedMessage"],
    ),
)
def text_of(exam: Exam) -> None:
    """Read replies with one text and several, with other blocks around them, and with none."""
    kinds = ["one", "several", "two alike", "none"]
    first, *others = sorted(
        exam.cases(), key=lambda case: (kinds.index(case.texts), case.blank != "none")
    )
    if _reads(exam, first, "one"):
        for case in others:
            with exam.part():
                _reads(exam, case, _criterion(case))


def _criterion(case: Case) -> str:
    """Return the criterion that a case is about."""
    if case.texts == "none":
        return "none"
    if case.texts != "one":
        return "several"
    return "one" if case.beside == "nothing" else "later"


def _reads(exam: Exam, case: Case, criterion: str) -> bool:
    content = _content(exam, case)
    message = exam.message(content=content, stop_reason=case.stop_reason, form=case.form)
    crash = "empty-crash" if case.texts == "none" else None
    called = exam.call(message, judges=(criterion,), crash=crash)
    value, whole = called.value, content_text(content)
    texts = [block["text"] for block in content if block["type"] == "text"]
    thoughts = [block["thinking"] for block in content if block["type"] == "thinking"]
    told = f"{', '.join(block['type'] for block in content)}; your function returned {value!r}"
    is_text = isinstance(value, str)
    slip = exam.slip(
        {
            "printed": value is None and bool(texts) and texts[0].strip() in called.printed,
            "thinking-in-text": is_text and any(each in value for each in thoughts),
            "beside-in-text": is_text and any(each in value for each in words_beside(content)),
            "empty-otherwise": (not texts, value),
            "reason-decides": (
                case.stop_reason != "end_turn"
                and not is_same(value, whole)
                and _is_read(exam, content, "end_turn"),
                f"{value!r} for {case.stop_reason}",
            ),
            "blank-dropped": (is_blank_dropped(value, texts), told),
            "text-behind": (case.beside != "nothing" and value in (None, ""), told),
            "not-a-str": not is_text,
            "only-some-text": (
                is_text and value in (*texts, *map(str.strip, texts)) and len(texts) > 1,
                told,
            ),
            "edges-lost": is_text and value == whole.strip(),
            "joined-otherwise": is_joined_otherwise(value, texts),
        },
        otherwise="other-text",
        observed=compared(value, whole),
    )
    return exam.expect(criterion, is_same(value, whole), slip)


def _is_read(exam: Exam, content: list[Json], stop_reason: str) -> bool:
    """Return whether the same blocks are read well when the reply ends for another reason."""
    message = exam.message(content=content, stop_reason=stop_reason)
    called = exam.call(message, may_raise=("Exception",))
    return is_same(called.value, content_text(content))


def _content(exam: Exam, case: Case) -> list[Json]:
    """Return the reply's blocks: its texts, and what stands beside them."""
    said = worded(exam, case.words)
    texts = {
        "one": [said],
        "several": [said, worded(exam, case.words), worded(exam)],
        "two alike": [said, said],
        "none": [],
    }[case.texts]
    cited = {"citations": [_citation(exam)]} if case.citations else {}
    blocks = [{**text_json(each), **cited} for each in with_blank(texts, case.blank)]
    more = beside(exam, case.beside)
    match case.where:
        case "in front":
            return [*more, *blocks]
        case "behind":
            return [*blocks, *more]
        case _:
            return [*blocks[:1], *more, *blocks[1:]]


def _citation(exam: Exam) -> dict[str, Json]:
    return {
        "type": "char_location",
        "cited_text": exam.words(2),
        "document_index": 0,
        "document_title": None,
        "start_char_index": 0,
        "end_char_index": 9,
        "file_id": None,
    }
