"""How long a reader waits for the first word."""

from __future__ import annotations

from typing import Any

from grader.exams import Called, Criterion, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.streaming.streams import PING, new_input, new_text, streamed
from grader.simulator import Turn, text, thinking, tool_use, turn

Json = Any
Timed = list[tuple[float, Json]]


@exercise(
    minutes=4,
    criteria=[
        Criterion("first", "the seconds until the first piece of text"),
        Criterion("thinking", "thinking before it counts as waiting"),
        Criterion("none", "a stream without text raises a `ValueError`"),
    ],
)
def first_token_latency(exam: Exam) -> None:
    """Time a text at once, a text after thinking, and replies that have none."""
    words = new_text(exam)
    _judge_time(exam, text(words), "first")
    _judge_time(exam, turn(thinking(new_text(exam)), text(words)), "thinking")
    call = tool_use(exam.fresh("get"), new_input(exam))
    for reply in (turn(thinking(new_text(exam)), call), call):
        _has_none(exam, reply)


def _judge_time(exam: Exam, reply: Turn, criterion: str) -> None:
    """Judge the time of the first text."""
    timed = _timed(exam, reply)
    called = exam.call(timed, judges=(criterion,))
    value, expected = called.value, _first(timed, "text_delta")
    starts = [seconds for seconds, event in timed if event["type"] == "content_block_start"]
    wrong = exam.which(
        {
            "printed": value is None and str(expected) in called.printed,
            "not-seconds": not isinstance(value, float),
            "reply-begun": value == timed[0][0],
            "block-begun": value in starts,
            "since-the-start": value in (expected - timed[0][0], expected - starts[0]),
            "thinking-counted": criterion == "thinking" and value == _first(timed, ""),
        },
        otherwise="other-time",
    )
    exam.expect(criterion, is_same(value, expected), wrong, value)


def _has_none(exam: Exam, reply: Turn) -> None:
    called = exam.call(_timed(exam, reply), judges=("none",), may_raise=("Exception",))
    wrong = exam.which({"none-silent": called.raised is None}, otherwise="none-otherwise")
    is_right = "ValueError" in called.raised_kinds
    exam.expect("none", is_right, wrong, _outcome(called))


def _outcome(called: Called) -> Json:
    return called.value if called.raised is None else called.raised


def _timed(exam: Exam, reply: Turn) -> Timed:
    """Return the events of a reply and a ping, each with the seconds since the request."""
    events = streamed(exam, reply).events
    events.insert(2, PING)
    seconds, timed = exam.number(200, 900) / 1000, []
    for event in events:
        timed.append((seconds, event))
        seconds = round(seconds + exam.number(7, 90) / 1000, 3)
    return timed


def _first(timed: Timed, kind: str) -> float:
    """Return the seconds of the first delta of a type; "" stands for any type."""
    return next(
        seconds
        for seconds, event in timed
        if event["type"] == "content_block_delta" and event["delta"]["type"].startswith(kind)
    )
