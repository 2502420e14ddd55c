"""The newest exchanges of a history, cut where nothing gets torn apart."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Exam, Slip, exercise
from grader.exercises.loops import Messages, called_exchange, joined, objection, plain_exchange
from grader.exercises.readings import is_same

Json = Any
_TOOL = {"name": "look_up", "input_schema": {"type": "object"}}


@exercise(
    minutes=6,
    criteria=[
        Criterion("newest", "the newest exchanges are kept, and no more than were asked for"),
        Criterion("whole", "an exchange with tool calls is kept whole, or not at all", points=2),
        Criterion("short", "a history that is short enough stays as it is"),
        Criterion("none", "of 0 exchanges nothing is left"),
        Criterion("value", "the caller's list is left as it was"),
    ],
)
def trim_history(exam: Exam) -> None:
    """Trim histories, plain and with tool calls, to fewer exchanges, to all and to none."""
    plain = [plain_exchange(exam, in_blocks=number % 2 == 1) for number in range(6)]
    if not _trims(exam, plain, exam.number(3, 4), "newest"):
        return
    called = called_exchange(exam, "look_up", rounds=1)
    doubled = called_exchange(exam, "look_up")
    spoken = called_exchange(exam, "look_up", rounds=1, says_more=True)
    for last in (called, doubled, spoken):
        for exchanges in ([*plain[:2], last], [plain[2], last, plain[3]]):
            for count in (1, 2):
                _trims(exam, exchanges, count, "whole")
    for exchanges, count in (([plain[4], called], 2), (plain[:3], exam.number(4, 6)), ([], 1)):
        _trims(exam, exchanges, count, "short", crash="short-crash")
    _trims(exam, [plain[5], called], 0, "none")


def _trims(
    exam: Exam, exchanges: list[Messages], count: int, criterion: str, *, crash: str | None = None
) -> bool:
    """Judge one call, and return whether some part of the history came back."""
    given = joined(exchanges)
    kept = exchanges[-count:] if count else []
    expected = joined(kept)
    called = exam.call(copy.deepcopy(given), count, judges=(criterion,), crash=crash)
    value, after = called.value, called.arguments[0]
    is_cut = isinstance(after, list) and len(after) < len(given)
    left = f"{len(after)} instead of {len(given)}" if is_cut else after
    if not isinstance(value, list):
        wrong = exam.which({"mutated": is_cut}, otherwise="not-a-list")
        exam.expect(criterion, False, wrong, left if is_cut else value)
        return False
    is_right = is_same(value, expected)
    slip = _slip(exam, value, given, count)
    exam.expect(criterion, is_right, slip)
    # Leaving a list alone earns nothing if the code took nothing from it.
    is_part = is_right or 0 < len(value) < len(given)
    exam.expect("value", is_same(after, given), "mutated", left)
    exam.expect("value", is_part, slip)
    return is_part


def _slip(exam: Exam, value: list[Json], given: list[Json], count: int) -> Slip:
    """Return the slip that a wrong list shows."""
    first, places = (value[0] if value else None), _places(value, given)
    following = {"role": "user", "content": exam.words(2)}
    refused = objection(exam, [*value, following], tools=[_TOOL]) or ""
    is_answer = isinstance(first, dict) and first.get("role") == "assistant"
    return exam.slip(
        {
            "none-is-all": (count == 0 and is_same(value, given), len(value)),
            "oldest-kept": 0 < len(value) < len(given) and is_same(value, given[: len(value)]),
            # With two exchanges, the newest one is two messages too.
            "messages-counted": (count > 2 and is_same(value, given[-count:]), count),
            "starts-with-assistant": (is_answer, "assistant"),
            "torn": ("unexpected `tool_use_id`" in refused, f"{refused} (of messages {places})"),
        },
        otherwise="other-turns",
        observed=places,
    )


def _places(value: list[Json], given: list[Json]) -> list[int | str]:
    """Return where in the history each message comes from."""
    return [
        next((place for place, message in enumerate(given) if is_same(message, each)), "new")
        for each in value
    ]
