"""The newest exchanges of a history, cut where nothing gets torn apart."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Case, Criterion, Exam, SdkObject, Shapes, Slip, exercise
from grader.exercises.loops import (
    Messages,
    called_exchange,
    joined,
    objection,
    plain_exchange,
    question,
    text_block,
)
from grader.exercises.readings import is_same
from grader.exercises.replies import beside

Json = Any

_TOOL = {"name": "look_up", "input_schema": {"type": "object"}}
_PLAIN = ("plain", "blocks", "an open question", "its word", "a picture", "a search")
"""Exchanges without a tool of the caller's."""


@exercise(
    minutes=6,
    criteria=[
        Criterion("newest", "the newest exchanges are kept, and no more than were asked for"),
        Criterion("whole", "an exchange with tool calls is kept whole, or not at all", points=2),
        Criterion("short", "a history that is short enough stays as it is"),
        Criterion("none", "of 0 exchanges nothing is left"),
        Criterion("value", "the caller's list is left as it was"),
    ],
    shapes=Shapes(
        pairs=[("newest", "count"), ("older", "count")],
        newest=[*_PLAIN, "a tool", "two rounds", "a tool and words", "an open call"],
        older=["plain", "a tool", "an open question", "blocks", "none"],
        count=["one", "two", "none", "more"],
        length=["three", "two"],
    ),
)
def trim_history(exam: Exam) -> None:
    """Trim histories, plain and with tool calls, to fewer exchanges, to all and to none."""
    plain = [plain_exchange(exam, in_blocks=number % 2 == 1) for number in range(6)]
    if not _trims(exam, plain, 3, "newest", is_first=True):
        return
    for case in sorted(exam.cases(), key=lambda case: case.newest not in _PLAIN):
        with exam.part():
            _trims_case(exam, case)
    with exam.part():
        _trims(exam, [], 1, "short", crash="short-crash")
        _trims(exam, [], 0, "none")


def _trims_case(exam: Exam, case: Case) -> None:
    kinds = [case.older, case.newest] if case.older != "none" else [case.newest]
    if case.length == "three":
        kinds = ["plain", *kinds]
    exchanges = [_exchange(exam, kind) for kind in kinds]
    counts = {"one": 1, "two": 2, "none": 0, "more": len(kinds) + 2}
    count = counts[case.count]
    if count == 0:
        criterion = "none"
    elif count >= len(kinds):
        criterion = "short"
    else:
        criterion = "newest" if set(kinds) <= set(_PLAIN) else "whole"
    crash = "short-crash" if criterion == "short" else None
    _trims(exam, exchanges, count, criterion, crash=crash)


def _exchange(exam: Exam, kind: str) -> Messages:
    picture = {"type": "image", "source": {"type": "url", "url": "https://example.com/cat.png"}}
    asked = f"What is a `tool_result`, {exam.words(2)}?"
    match kind:
        case "plain":
            return plain_exchange(exam)
        case "blocks":
            return plain_exchange(exam, in_blocks=True)
        case "an open question":
            return question(exam)
        case "its word":
            return [
                {"role": "user", "content": asked},
                {"role": "assistant", "content": [text_block(asked)]},
            ]
        case "a picture":
            content = [picture, {"type": "text", "text": asked}]
            return [{"role": "user", "content": content}, *plain_exchange(exam)[1:]]
        case "a search":
            called, found = beside(exam, "a search")
            blocks = [SdkObject("ServerToolUseBlock", called), found, text_block(exam.words(3))]
            return [*question(exam), {"role": "assistant", "content": blocks}]
        case "a tool":
            return called_exchange(exam, "look_up", rounds=1)
        case "two rounds":
            return called_exchange(exam, "look_up")
        case "a tool and words":
            return called_exchange(exam, "look_up", rounds=1, says_more=True)
        case _:
            return called_exchange(exam, "look_up", rounds=1, is_open=True)


def _trims(
    exam: Exam,
    exchanges: list[Messages],
    count: int,
    criterion: str,
    *,
    crash: str | None = None,
    is_first: bool = False,
) -> bool:
    """Judge one call, and return whether some part of the history came back."""
    given = joined(exchanges)
    expected = joined(exchanges[-count:] if count else [])
    called = exam.call(copy.deepcopy(given), count, judges=(criterion,), crash=crash)
    value, after = called.value, called.arguments[0]
    is_cut = isinstance(after, list) and len(after) < len(given)
    left = f"{len(after)} instead of {len(given)}" if is_cut else after
    if not isinstance(value, list):
        wrong = exam.which({"mutated": is_cut}, otherwise="not-a-list")
        exam.expect(criterion, False, wrong, left if is_cut else value)
        return False
    is_right = is_same(value, expected)
    is_part = is_right or 0 < len(value) < len(given)
    slip = None if is_right else _slip(exam, value, exchanges, count)
    # Leaving a list alone earns nothing if the code took nothing from it.
    exam.judge(slip, criterion, *(["value"] if is_first and not is_part else []))
    exam.expect("value", is_same(after, given), "mutated", left)
    return is_part


def _slip(exam: Exam, value: list[Json], exchanges: list[Messages], count: int) -> Slip:
    """Return the slip that a wrong list shows."""
    given = joined(exchanges)
    first, places = (value[0] if value else None), _places(value, given)
    following = {"role": "user", "content": exam.words(2)}
    refused = objection(exam, [*value, following], tools=[_TOOL]) or ""
    is_answer = isinstance(first, dict) and first.get("role") == "assistant"
    all_of = len(exchanges)
    kept = next(
        (n for n in range(all_of + 1) if is_same(value, joined(exchanges[all_of - n :]))), None
    )
    told = f"{kept} of {all_of} exchanges for max_exchanges={count}"
    is_end_lost = bool(value) and "new" not in places and not is_same(value[-1], given[-1])
    asked = f"{places} (of {len(given)}, for max_exchanges={count})"
    return exam.slip(
        {
            "none-is-all": (count == 0 and kept == all_of > 0, len(value)),
            "oldest-kept": 0 < len(value) < len(given) and is_same(value, given[: len(value)]),
            # With two exchanges, the newest one is two messages too.
            "messages-counted": (count > 2 and is_same(value, given[-count:]), count),
            "count-off": (kept is not None, told),
            "starts-with-assistant": (is_answer, "assistant"),
            "torn": ("unexpected `tool_use_id`" in refused, f"{refused} (of messages {places})"),
            "end-lost": (is_end_lost, asked),
        },
        otherwise="other-turns",
        observed=asked,
    )


def _places(value: list[Json], given: list[Json]) -> list[int | str]:
    """Return where in the history each message comes from."""
    return [
        next((place for place, message in enumerate(given) if is_same(message, each)), "new")
        for each in value
    ]
