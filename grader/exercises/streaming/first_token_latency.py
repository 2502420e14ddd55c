"""How long a reader waits for the first word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.exams import Called, Case, Criterion, Exam, Shapes, Slip, exercise
from grader.exercises.readings import is_same
from grader.exercises.streaming.streams import (
    BESIDE,
    PING,
    cut_anew,
    new_block,
    new_calls,
    new_text,
    streamed,
)
from grader.simulator import Scripted, Turn, empty, interrupted, overloaded, text, turn

Json = Any
Timed = list[tuple[float, Json]]


@exercise(
    minutes=4,
    criteria=[
        Criterion("first", "the seconds until the first piece of text"),
        Criterion("thinking", "thinking before it counts as waiting"),
        Criterion("none", "a stream without text raises a `ValueError`"),
    ],
    shapes=Shapes(
        before=["nothing", "an empty text", "white space", "a call", BESIDE[3]],
        thought=["shown", "not shown", "redacted"],
        none=["a call", "thinking", "a server's call", "no block", "no event", "broken off"],
        behind=["the rest", "nothing"],
        pings=["one", "many"],
        clock=["later", "at zero"],
    ),
)
def first_token_latency(exam: Exam) -> None:
    """Time a text at once, a text after thinking, and replies that have none."""
    first, *others = exam.cases("before", "behind", "pings")
    if not _judge_first(exam, first):
        return
    for case in exam.cases("thought"):
        with exam.part():
            reply = turn(_thought(exam, case), text(new_text(exam)))
            _judge_time(exam, _timed(exam, reply, "one"), "thinking")
    for case in others:
        with exam.part():
            _judge_first(exam, case)
    for case in exam.cases("clock"):
        with exam.part():
            _judge_clock(exam, case)
    for case in exam.cases("none"):
        with exam.part():
            _has_none(exam, case.none)


def _before(exam: Exam, before: str) -> Turn:
    """Return a reply with some blocks in front of its text."""
    words = text(new_text(exam))
    match before:
        case "nothing":
            return words
        case "an empty text":
            return turn(text(""), words)
        case "white space":
            return turn(text("\n\n"), words)
        case "a call":
            return turn(*new_calls(exam, "one"), words)
        case beside:
            return turn(new_block(exam, beside), words)


def _thought(exam: Exam, case: Case) -> Turn:
    match case.thought:
        case "redacted":
            return new_block(exam, "redacted thinking")
        case shown:
            reply = new_block(exam, "thinking")
            block = dict(reply.content[0])
            return Turn(({**block, "thinking": ""} if shown == "not shown" else block,))


def _judge_first(exam: Exam, case: Case) -> bool:
    """Judge a reply whose events go on behind the first piece of text, or end with it so far."""
    timed = _timed(exam, _before(exam, case.before), case.pings)
    first = _first(timed, "text_delta")
    if case.behind == "nothing":
        timed = [(seconds, event) for seconds, event in timed if seconds <= first]
    return _judge_time(exam, timed, "first")


def _judge_clock(exam: Exam, case: Case) -> None:
    """Judge a reply whose first events all came at once, up to the first piece of text."""
    timed = _timed(exam, text(new_text(exam)), "one")
    if case.clock == "at zero":
        first = _first(timed, "text_delta")
        timed = [(max(0.0, round(seconds - first, 3)), event) for seconds, event in timed]
    _judge_time(exam, timed, "first", crash={"^ValueError": "zero-time"})


def _judge_time(
    exam: Exam,
    timed: Timed,
    criterion: str,
    *,
    crash: str | Mapping[str, str] = "other-event-crash",
) -> bool:
    """Judge the time of the first text, and return whether it is a time at all."""
    called = exam.call(timed, judges=(criterion,), crash=crash)
    value, expected = called.value, _first(timed, "text_delta")
    starts = [seconds for seconds, event in timed if event["type"] == "content_block_start"]
    other = next((seconds for seconds, event in timed if seconds == value), None)
    wrong = exam.which(
        {
            "printed": value is None and str(expected) in called.printed,
            "milliseconds": type(value) in (int, float) and abs(value - expected * 1000) < 1,
            "rounded-time": type(value) in (int, float)
            and value in {round(expected, places) for places in range(3)},
            "not-seconds": not isinstance(value, float),
            "reply-begun": value == timed[0][0],
            "block-begun": value in starts,
            "since-the-start": value in (expected - timed[0][0], expected - starts[0]),
            "thinking-counted": criterion == "thinking" and value == _first(timed, ""),
            "call-counted": other is not None and value == _first(timed, ""),
            "blank-skipped": value == _first_said(timed),
            "later-text": other is not None and other > expected,
        },
        otherwise="other-time",
    )
    observed = f"{value}, {expected}" if wrong not in ("printed", "not-seconds") else value
    exam.expect(criterion, is_same(value, expected), wrong, observed)
    return isinstance(value, float)


def _has_none(exam: Exam, none: str) -> None:
    """Judge events in which no text comes."""
    replies: dict[str, Scripted] = {
        "a call": turn(*new_calls(exam, "one")),
        "no block": empty(),
        "no event": empty(),
        "broken off": interrupted(text(new_text(exam)), after=0, fault=overloaded()),
    }
    reply = replies[none] if none in replies else new_block(exam, none)
    timed = [] if none == "no event" else _timed(exam, reply, "one")
    called = exam.call(timed, judges=("none",), may_raise=("Exception",))
    # A key that is missing shows another mistake than an exception of the wrong class.
    key = exam.explanation(called.raised or "")
    slip = Slip("none-otherwise", _outcome(called))
    if called.raised is None:
        slip = Slip("none-silent", called.value)
    elif key == "key-missing":
        slip = Slip("key-missing", called.raised)
    exam.expect("none", "ValueError" in called.raised_kinds, slip)


def _outcome(called: Called) -> Json:
    return called.value if called.raised is None else called.raised


def _timed(exam: Exam, reply: Scripted, pings: str) -> Timed:
    """Return the events of a reply, each with the seconds since the request.

    pings: "one" of them, or "many", one of them in front of everything else.
    """
    events = cut_anew(streamed(exam, reply), "in halves").events
    if pings == "many":
        events = [PING, *(each for event in events for each in (event, PING))]
    else:
        events.insert(2, PING)
    # The first event comes later than all the rest takes, so no difference is a time.
    milliseconds, timed = exam.number(900, 1900), []
    for event in events:
        timed.append((milliseconds, event))
        milliseconds += exam.number(7, 30)
    # None ends in a 0: rounding shows, and none is another one, rounded.
    return [((at + (at % 10 == 0)) / 1000, event) for at, event in timed]


def _first_said(timed: Timed) -> float:
    """Return the seconds of the first piece of text that isn't only white space."""
    pairs = ((seconds, event.get("delta", {})) for seconds, event in timed)
    return next((seconds for seconds, delta in pairs if delta.get("text", "").strip()), -1.0)


def _first(timed: Timed, kind: str) -> float:
    """Return the seconds of the first delta of a type; "" stands for any type."""
    return next(
        seconds
        for seconds, event in timed
        if event["type"] == "content_block_delta" and event["delta"]["type"].startswith(kind)
    )
