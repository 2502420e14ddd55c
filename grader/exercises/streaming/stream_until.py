"""A stream that is left when there is enough of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.exams import Criterion, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.streaming.calls import AFTER_DELTAS, Streaming, call_streaming
from grader.exercises.streaming.lesson import NAME
from grader.exercises.streaming.stream_until_mistakes import MISTAKES
from grader.exercises.streaming.streams import new_text
from grader.simulator import Turn, text, thinking, turn

Json = Any


@exercise(
    lesson=NAME,
    minutes=5,
    criteria=[
        Criterion("asks", "one streamed request goes out, as it was given"),
        Criterion("so-far", "`predicate` gets all the text so far, after each piece"),
        Criterion("text", "the text comes back, up to the piece that was enough"),
        Criterion("closes", "the rest is not read, and the connection is closed", points=2),
        Criterion("whole", "without a hit the whole text comes back, whatever block is first"),
    ],
    mistakes=MISTAKES,
    hints=(
        "Three steps for each piece: add it, ask, and leave if it is enough.",
        "The last demo under “Enough” does it for a comma. What takes the comma's place?",
        "In the `with`, in the loop: `text += piece`, then `if predicate(text):` and `break`.",
    ),
)
def stream_until(exam: Exam) -> None:
    """Leave a stream in its middle, another in its second text, and read one to its end."""
    words = new_text(exam)
    if not _is_left(exam, text(words), words, len(words) // 2, is_first=True):
        return
    first, second = new_text(exam), new_text(exam)
    reply = turn(thinking(new_text(exam)), text(first), text(second))
    _is_left(exam, reply, first + second, len(first) + 100, is_first=False)
    _is_read(exam, reply, first + second)


def _stream(
    exam: Exam,
    reply: Turn,
    is_enough: Callable[[str], bool],
    judges: tuple[str, ...],
    *,
    crash: str | None = None,
) -> Streaming | None:
    def predicate(given: Json) -> bool:
        return is_enough(given) if isinstance(given, str) else False

    return call_streaming(exam, reply, "predicate", predicate, judges=judges, crash=crash)


def _is_left(exam: Exam, reply: Turn, words: str, length: int, *, is_first: bool) -> bool:
    """Judge a stream that is enough at a length of text, and tell whether it was asked about."""
    criteria = ("so-far", "text", "closes") if is_first else ("text", "closes")
    streaming = _stream(exam, reply, lambda given: len(given) >= length, criteria)
    if streaming is None:
        return False
    hits = [given for given in streaming.given if isinstance(given, str) and len(given) >= length]
    if is_first and not _is_asked_about(exam, streaming, words):
        return False
    hit = hits[0] if hits else ""
    _is_text(exam, streaming, hit, words)
    _is_closed(exam, streaming, hit)
    return True


def _is_asked_about(exam: Exam, streaming: Streaming, words: str) -> bool:
    """Judge what the predicate was asked, and when."""
    given = [each for each in streaming.given if isinstance(each, str)]
    are_texts = len(given) == len(streaming.given)
    are_begun = are_texts and all(each and words.startswith(each) for each in given)
    read = streaming.read
    last = streaming.total - AFTER_DELTAS
    wrong = exam.which(
        {
            "not-asked": not streaming.given,
            "not-texts": not are_texts,
            "pieces-asked-about": words.startswith("".join(given)) and len(given) > 1,
            "asked-at-end": bool(read) and read[0] > last and streaming.exchange.finished,
        },
        otherwise="asked-otherwise",
    )
    observed: Json = {"not-asked": streaming.called.value}.get(wrong, streaming.given[:3])
    is_live = bool(read) and streaming.is_live(until=read[-1])
    is_right = are_begun and is_live and wrong != "asked-at-end"
    return exam.expect("so-far", is_right, wrong, observed)


def _is_text(exam: Exam, streaming: Streaming, hit: str, words: str) -> None:
    value, printed = streaming.called.value, streaming.called.printed
    is_shorter = isinstance(value, str) and value != "" and hit.startswith(value)
    wrong = exam.which(
        {
            "printed": value is None and hit.strip() in printed,
            "last-piece-lost": is_shorter,
            "whole-text": is_same(value, words),
        },
        otherwise="other-text",
    )
    exam.expect("text", hit != "" and is_same(value, hit), wrong, value)


def _is_closed(exam: Exam, streaming: Streaming, hit: str) -> None:
    exchange = streaming.exchange
    # Nothing was enough, so there was nothing to leave.
    wrong = exam.which(
        {"read-to-the-end": exchange.finished and hit != "", "left-open": hit != ""},
        otherwise="other-text",
    )
    at_hit = next(
        (
            count
            for given, count in zip(streaming.given, streaming.read, strict=True)
            if given == hit
        ),
        0,
    )
    more = streaming.total - at_hit
    observed = streaming.total if wrong == "left-open" else more
    exam.expect("closes", exchange.closed_early and hit != "", wrong, observed)
    exam.expect("closes", more == 0, "read-on", more)


def _is_read(exam: Exam, reply: Turn, words: str) -> None:
    streaming = _stream(exam, reply, lambda _: False, ("whole",), crash="no-hit-crash")
    value = None if streaming is None else streaming.called.value
    wrong = exam.which(
        {"nothing-without-hit": value is None or value == ""}, otherwise="other-whole"
    )
    exam.expect("whole", is_same(value, words), wrong, value)
