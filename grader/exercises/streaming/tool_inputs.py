"""The complete tool calls of a stream that may still go on."""

from __future__ import annotations

from typing import Any

from grader.exams import Called, Criterion, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.streaming.streams import PING, Streamed, new_input, new_text, streamed
from grader.simulator import Turn, text, thinking, tool_use, turn

Json = Any


@exercise(
    minutes=6,
    criteria=[
        Criterion("one", "the name of a call, and its input as a dict"),
        Criterion("several", "several calls in order, whatever blocks are around them"),
        Criterion("empty", "a call without arguments has the input `{}`"),
        Criterion("unfinished", "a call that is still being written is left out"),
    ],
)
def tool_inputs(exam: Exam) -> None:
    """Find one call, three among other blocks, one without arguments, and one of two."""
    call = _call(exam)
    called, calls = _found(exam, streamed(exam, call), "one")
    if not _are_pairs(exam, called, "one"):
        return
    given = called.value[0][1] if called.value else None
    wrong = exam.which(
        {
            "parsed-early": called.raised is not None,
            "input-from-start": given == {},
            "input-not-parsed": isinstance(given, str | list),
        },
        otherwise="other-calls",
    )
    observed = called.raised or (called.value if wrong == "other-calls" else given)
    exam.expect("one", is_same(called.value, calls), wrong, observed)
    _several(exam)
    _without_arguments(exam)
    _unfinished(exam)


def _call(exam: Exam) -> Turn:
    return tool_use(exam.fresh("get"), new_input(exam))


def _found(
    exam: Exam, stream: Streamed, criterion: str, *, events: list[Json] | None = None
) -> tuple[Called, list[tuple[str, Json]]]:
    """Call with the events of a stream, and return the result and the calls in it."""
    called = exam.call(
        stream.events if events is None else events,
        judges=(criterion,),
        may_raise=("JSONDecodeError",),
        crash="other-blocks-crash" if criterion == "several" else None,
    )
    blocks = [block for block in stream.message["content"] if block["type"] == "tool_use"]
    return called, [(block["name"], block["input"]) for block in blocks]


def _are_pairs(exam: Exam, called: Called, criterion: str) -> bool:
    """Judge the shape of what came back, if anything did."""
    value = called.value
    are_pairs = isinstance(value, list) and all(
        isinstance(pair, tuple) and len(pair) == 2 for pair in value
    )
    is_printed = value is None and '"' not in called.printed and called.printed.strip() != ""
    wrong = exam.which({"printed": is_printed}, otherwise="not-a-list")
    return exam.expect(criterion, are_pairs or called.raised is not None, wrong, value)


def _several(exam: Exam) -> None:
    """Judge two calls and a third, with thinking, text and pings around them."""
    parts = (thinking(new_text(exam)), text(exam.words(9)), _call(exam), _call(exam))
    stream = streamed(exam, turn(*parts, text(exam.words(5)), _call(exam), stop_reason="tool_use"))
    events = [strewn for event in stream.events for strewn in (event, PING)]
    called, calls = _found(exam, stream, "several", events=events)
    if not _are_pairs(exam, called, "several"):
        return
    value = called.value or []
    wrong = exam.which(
        {
            "other-blocks-listed": len(value) > len(calls),
            "calls-mixed": called.raised is not None
            or [name for name, _ in value] == [name for name, _ in calls],
        },
        otherwise="other-calls",
    )
    names = [name for name, _ in value]
    observed = called.raised or (value if wrong == "calls-mixed" else names)
    exam.expect("several", is_same(called.value, calls), wrong, observed)


def _without_arguments(exam: Exam) -> None:
    stream = streamed(exam, turn(_call(exam), tool_use(exam.fresh("get"), {})))
    called, calls = _found(exam, stream, "empty")
    if _are_pairs(exam, called, "empty"):
        observed = called.raised or (called.value or [called.value])[-1]
        exam.expect("empty", is_same(called.value, calls), "empty-input", observed)


def _unfinished(exam: Exam) -> None:
    """Judge two calls, the second cut off after its first pieces, or before any."""
    stream = streamed(exam, turn(_call(exam), _call(exam)))
    place = [event["type"] for event in stream.events].index("content_block_stop")
    for more in (1, exam.number(3, 5)):
        # What has come by then: the second block's start, alone or with some deltas.
        so_far = stream.events[: place + 1 + more]
        called, calls = _found(exam, stream, "unfinished", events=so_far)
        if not _are_pairs(exam, called, "unfinished"):
            return
        value = called.value or []
        is_more = called.raised is not None or len(value) > 1
        wrong = exam.which({"unfinished-call": is_more}, otherwise="whole-call-lost")
        is_right = is_same(called.value, calls[:1])
        observed = called.raised or (value[-1] if is_more else value)
        exam.expect("unfinished", is_right, wrong, observed)
