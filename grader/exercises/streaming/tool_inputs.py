"""The complete tool calls of a stream that may still go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.exams import Called, Case, Criterion, Exam, Shapes, exercise
from grader.exercises.readings import differing, is_same
from grader.exercises.streaming.streams import (
    BESIDE,
    CUTS,
    PING,
    Streamed,
    cut_anew,
    in_turn,
    new_block,
    new_calls,
    streamed,
)
from grader.plural import counted
from grader.simulator import Turn, turn

Json = Any

_PLACES = {
    "behind the last stop": ("content_block_stop", 1),
    "at the end": ("message_stop", 1),
    "in front of the last stop": ("content_block_stop", 0),
    "behind the last start": ("content_block_start", 1),
    "in the last input": ("content_block_delta", 0),
}
"""Where events may end that have not all come: at the last event of a type, or right behind it."""


@exercise(
    minutes=6,
    criteria=[
        Criterion("one", "the name of a call, and its input as a dict"),
        Criterion("several", "several calls in order, whatever blocks are around them"),
        Criterion("empty", "a call without arguments has the input `{}`"),
        Criterion("unfinished", "a call is listed as soon as it is whole, and not before"),
    ],
    shapes=Shapes(
        pairs=[("until", "last")],
        input=["falsy", "nothing"],
        pieces=CUTS,
        calls=["two", "none", "two of one tool", "two in turn", "two alike", "one of code", "four"],
        beside=[*BESIDE, "a server's program", "nothing"],
        ending=["tool_use", "pause_turn", "model_context_window_exceeded"],
        until=[*_PLACES, "in front of any block"],
        last=["nested", "nothing"],
    ),
)
def tool_inputs(exam: Exam) -> None:
    """Find one call, however it is cut; then others among other blocks; then unfinished ones."""
    first, *others = exam.cases("pieces")
    if not _finds_one(exam, "nested", first.pieces):
        return
    for case in others:
        with exam.part():
            _finds_one(exam, "nested", case.pieces)
    for case in exam.cases("input"):
        with exam.part():
            _finds_one(exam, case.input, "in halves")
    for case in exam.cases("calls", "beside", "ending"):
        with exam.part():
            _finds_several(exam, case)
    for case in exam.cases("until", "last"):
        with exam.part():
            _finds_whole(exam, case)


def _calls_in(stream: Streamed) -> list[tuple[str, Json]]:
    blocks = [block for block in stream.message["content"] if block["type"] == "tool_use"]
    return [(block["name"], block["input"]) for block in blocks]


def _found(
    exam: Exam, events: list[Json], criterion: str, *, crash: str | None = None
) -> Called | None:
    """Call with some events, judge the shape of what came back, and return it if that is right.

    Pairs that are lists cost the first criterion, and are read all the same.
    """
    called = exam.call(events, judges=(criterion,), may_raise=("JSONDecodeError",), crash=crash)
    value = called.value
    is_list = isinstance(value, list)
    are_pairs = is_list and all(isinstance(each, tuple) and len(each) == 2 for each in value)
    is_printed = value is None and '"' not in called.printed and called.printed.strip() != ""
    wrong = exam.which({"printed": is_printed, "not-tuples": is_list}, otherwise="not-a-list")
    is_right = are_pairs or called.raised is not None
    pairs = (
        [tuple(each) for each in value if isinstance(each, list) and len(each) == 2]
        if is_list
        else []
    )
    if not is_right and pairs and len(pairs) == len(value):
        exam.expect("one", False, "not-tuples", value)
        return replace(called, value=pairs)
    return called if exam.expect(criterion, is_right, wrong, value) else None


def _finds_one(exam: Exam, kind: str, pieces: str) -> bool:
    """Judge one call, and return whether it came back as it is."""
    criterion = "empty" if kind == "nothing" else "one"
    stream = cut_anew(streamed(exam, turn(*new_calls(exam, "one", kind))), pieces)
    called = _found(exam, stream.events, criterion)
    if called is None:
        return False
    value, calls = called.value, _calls_in(stream)
    given = value[0][1] if value else None
    wrong = exam.which(
        {
            "empty-input": criterion == "empty" and (called.raised is not None or bool(value)),
            "empty-left-out": criterion == "empty",
            "parsed-early": called.raised is not None,
            "nothing-found": value == [],
            "input-from-start": given == {},
            "input-not-parsed": isinstance(given, str | list),
        },
        otherwise="other-calls",
    )
    observed = called.raised or (given if wrong.startswith("input-") else value)
    if wrong == "other-calls":
        observed = _otherwise(value, calls)
    if wrong == "nothing-found":
        observed = [name for name, _ in calls]
    return exam.expect(criterion, is_same(value, calls), wrong, observed)


def _finds_several(exam: Exam, case: Case) -> None:
    """Judge calls with other blocks in front of them, between and behind, and with pings."""
    calls: list[Turn] = []
    if case.calls != "none":
        which = {"two in turn": "two", "one of code": "two"}.get(case.calls, case.calls)
        calls = new_calls(exam, which)
    around = [] if case.beside == "nothing" else [case.beside]
    parts = [new_block(exam, kind) for kind in around or ["text"]] if not calls else []
    for place, call in enumerate(calls):
        # Two blocks in turn stand side by side.
        between = [] if place and case.calls == "two in turn" else around
        parts += [*(new_block(exam, kind) for kind in between), call]
    parts += [new_block(exam, kind) for kind in around]
    reply = turn(*parts, stop_reason=case.ending if calls else "end_turn")
    stream = cut_anew(streamed(exam, reply), "in halves")
    sent = in_turn(stream.events, "tool_use") if case.calls == "two in turn" else stream.events
    if case.calls == "one of code":
        _call_from_code(exam, stream)
    events = [strewn for event in sent for strewn in (event, PING)]
    crash = "other-blocks-crash" if calls else "no-call-crash"
    called = _found(exam, events, "several", crash=crash)
    if called is None:
        return
    expected, value = _calls_in(stream), called.value or []
    names, sought = [name for name, _ in value], [name for name, _ in expected]
    are_one = len(value) == 1 and names == sought[:1] == sought[1:]
    is_in_turn = case.calls == "two in turn" and len(value) <= len(expected)
    # Of some call only the start had come.
    are_cut = is_in_turn and any(value)
    are_cut = are_cut and all(each in expected or each[1] == {} for each in value)
    are_whole = len(value) == len(expected) and all(each in expected for each in value)
    slip = exam.slip(
        {
            "calls-by-reason": (
                value == [] != expected and case.ending != "tool_use" and not called.raised,
                f"{counted(len(expected), 'call')}, and the stop reason {case.ending}",
            ),
            "other-order": (are_whole and names != sought, names),
            "code-calls-missing": (
                case.calls == "one of code" and names == sought[1:],
                f"{names}, {sought}",
            ),
            "wrong-block-closed": are_cut,
            "calls-mixed": (
                is_in_turn or "Extra data" in (called.raised or ""),
                called.raised or value,
            ),
            "parsed-early": (called.raised is not None, called.raised),
            "calls-by-name": (are_one, value),
            "listed-twice": (_has_twice(value, expected), f"{names}, {sought}"),
            "other-blocks-listed": (len(value) > len(expected), names),
            "calls-missing": (len(value) < len(expected), f"{names}, {sought}"),
            "inputs-exchanged": (names == sought, value),
        },
        otherwise="other-calls",
        observed=value or called.raised,
    )
    exam.expect("several", is_same(called.value, expected), slip)


def _otherwise(value: list[Json], expected: list[tuple[str, Json]]) -> str:
    """Return the first call that came back otherwise: what was expected, and what came."""
    for mine, (name, asked) in zip(value, expected, strict=False):
        if mine[0] != name:
            return f"{name!r} → {mine[0]!r}"
        if isinstance(mine[1], dict) and not is_same(mine[1], asked):
            keys = differing(mine[1], asked)
            return ", ".join(f"{key}: {asked.get(key)!r} → {mine[1].get(key)!r}" for key in keys)
    return f"{counted(len(expected), 'call')} → {counted(len(value), 'call')}"


def _call_from_code(exam: Exam, stream: Streamed) -> None:
    """Let the first call of a tool come from code that Claude runs, and not from Claude itself."""
    caller = {"type": "code_execution_20260120", "tool_id": exam.fresh("srvtoolu")}
    blocks = [event["content_block"] for event in stream.of_type("content_block_start")]
    next(block for block in blocks if block["type"] == "tool_use")["caller"] = caller


def _has_twice(value: list[Json], expected: list[Json]) -> bool:
    """Return whether a list has only calls of the stream, and some of them too often."""
    are_known = all(any(is_same(mine, call) for call in expected) for mine in value)
    return are_known and len(value) > len(expected)


def _finds_whole(exam: Exam, case: Case) -> None:
    """Judge two calls of which the second is whole, or cut off, and events with no block yet."""
    parts = [*new_calls(exam, "one"), *new_calls(exam, "one", case.last)]
    stream = cut_anew(streamed(exam, turn(*parts)), "in halves")
    events = stream.events[:1]
    if case.until in _PLACES:
        kind, more = _PLACES[case.until]
        places = [n for n, event in enumerate(stream.events) if event["type"] == kind]
        events = stream.events[: places[-1] + more]
    stops = sum(event["type"] == "content_block_stop" for event in events)
    called = _found(exam, events, "unfinished", crash="early-crash")
    if called is None:
        return
    if called.raised is not None and case.last == "nothing" and stops > 1:
        exam.expect("empty", False, "empty-input", called.raised)
        return
    # Only which calls there are: their order and their inputs have criteria of their own.
    names = [str(name) for name, _ in called.value or []]
    sought = [name for name, _ in _calls_in(stream)[:stops]]
    is_more = called.raised is not None or len(names) > stops
    slip = exam.slip(
        {
            "unfinished-call": (is_more, called.raised or (called.value or [None])[-1]),
            "whole-call-lost": (
                len(names) < stops,
                f"{events[-1]['type']}, {stops}, {len(names)}",
            ),
        },
        otherwise="other-calls",
        observed=called.value,
    )
    is_right = called.raised is None and sorted(names) == sorted(sought)
    exam.expect("unfinished", is_right, slip)
