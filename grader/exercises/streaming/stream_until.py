"""A stream that the code leaves once it has enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.exams import Criterion, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.streaming.calls import AFTER_DELTAS, FIRST_DELTA, Streaming, call_streaming
from grader.exercises.streaming.streams import new_text
from grader.simulator import Turn, text, thinking, turn

Json = Any


@exercise(
    minutes=5,
    criteria=[
        Criterion("asks", "one streamed request goes out, as it was given"),
        Criterion("so-far", "`predicate` gets all the text so far, after each piece"),
        Criterion("text", "the text comes back, up to the piece that was enough"),
        Criterion("closes", "the rest is not read, and the connection is closed", points=2),
        Criterion("whole", "without a hit the whole text comes back, whatever block is first"),
    ],
)
def stream_until(exam: Exam) -> None:
    """Leave a stream in the middle, another in its second text, and read one to its end."""
    words = new_text(exam)
    streaming, hit = _left(exam, text(words), len(words) // 2, ("so-far", "text", "closes"))
    if streaming is None or not _is_asked_in_time(exam, streaming, words):
        return
    _is_text(exam, streaming, hit, words)
    _is_closed(exam, streaming, hit)
    first, second = new_text(exam), new_text(exam)
    reply = turn(thinking(new_text(exam)), text(first), text(second))
    streaming, hit = _left(exam, reply, len(first) + 100, ("text", "closes"))
    if streaming is not None and _is_asked_about_all(exam, streaming, first, second):
        _is_text(exam, streaming, hit, first + second)
        _is_closed(exam, streaming, hit)
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


def _left(
    exam: Exam, reply: Turn, length: int, judges: tuple[str, ...]
) -> tuple[Streaming | None, str]:
    """Call with a predicate on the text's length, and return the first text that met it, if any."""
    streaming = _stream(exam, reply, lambda given: len(given) >= length, judges)
    given = streaming.given if streaming is not None else []
    hits = [each for each in given if isinstance(each, str) and len(each) >= length]
    return streaming, hits[0] if hits else ""


def _is_asked_in_time(exam: Exam, streaming: Streaming, words: str) -> bool:
    """Judge that the code asked about all the text so far, as soon as a piece came."""
    given = [each for each in streaming.given if isinstance(each, str)]
    are_texts = len(given) == len(streaming.given)
    are_begun = all(words.startswith(each) for each in given)
    read = streaming.read or [0]
    is_late = read[0] > streaming.total - AFTER_DELTAS and streaming.exchange.finished
    begun, are_pieces = streaming.given[:3], words.startswith("".join(given)) and len(given) > 1
    slip = exam.slip(
        {
            "not-asked": (not streaming.given, streaming.called.value),
            "not-texts": (not are_texts, begun),
            "asked-at-end": (is_late, f"{read[0]} of {streaming.total}"),
            "pieces-asked-about": (are_pieces, begun),
            "asked-too-soon": (given[:1] == [""], begun),
            "not-the-text": (not are_begun, begun),
        },
        otherwise="asked-otherwise",
        observed=f"{len(given)} calls for {read[-1] - FIRST_DELTA + 1} pieces",
    )
    is_live = streaming.is_live(until=read[-1]) and not is_late and given[:1] not in ([], [""])
    return exam.expect("so-far", are_texts and are_begun and is_live, slip)


def _is_asked_about_all(exam: Exam, streaming: Streaming, first: str, second: str) -> bool:
    """Judge that the text so far comes from all blocks, and from nothing else."""
    strange = [
        given
        for given in streaming.given
        if not (isinstance(given, str) and (first + second).startswith(given))
    ]
    observed = strange[0] if strange else ""
    is_of_block = all(isinstance(each, str) and second.startswith(each) for each in strange)
    wrong = exam.which({"block-asked-about": is_of_block}, otherwise="not-the-text")
    if not exam.expect("so-far", not strange, wrong, observed):
        exam.expect("text", False, wrong, observed)
        exam.expect("closes", False, wrong, observed)
    return not strange


def _is_text(exam: Exam, streaming: Streaming, hit: str, words: str) -> None:
    value, printed = streaming.called.value, streaming.called.printed
    is_shorter = isinstance(value, str) and value != "" and hit.startswith(value)
    wrong = exam.which(
        {
            "left-too-soon": hit == "",
            "printed": value is None and hit.strip() in printed,
            "last-piece-lost": is_shorter,
            "whole-text": is_same(value, words),
        },
        otherwise="other-text",
    )
    observed = streaming.total if wrong == "left-too-soon" else value
    exam.expect("text", hit != "" and is_same(value, hit), wrong, observed)


def _is_closed(exam: Exam, streaming: Streaming, hit: str) -> None:
    exchange = streaming.exchange
    wrong = exam.which(
        {"left-too-soon": hit == "", "read-to-the-end": exchange.finished}, otherwise="left-open"
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
    observed = more if wrong == "read-to-the-end" else streaming.total
    exam.expect("closes", exchange.closed_early and hit != "", wrong, observed)
    exam.expect("closes", more == 0, "read-on", more)


def _is_read(exam: Exam, reply: Turn, words: str) -> None:
    streaming = _stream(exam, reply, lambda _: False, ("whole",), crash="no-hit-crash")
    value = None if streaming is None else streaming.called.value
    wrong = exam.which(
        {"nothing-without-hit": value is None or value == ""}, otherwise="other-whole"
    )
    exam.expect("whole", is_same(value, words), wrong, value)
