"""The newest exchanges of a history, cut where nothing is torn apart."""

from __future__ import annotations

import copy
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Criterion, Exam, SdkObject, exercise
from grader.exercises.readings import is_same

Json = Any
Exchange = list[Json]
"""The messages from a question up to the next one."""

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
    """Trim plain histories and such with tool calls, to fewer exchanges, to all and to none."""
    plain = [_plain(exam, is_text=number % 2 == 0) for number in range(6)]
    if not _trims(exam, plain, exam.number(3, 4), "newest"):
        return
    called, doubled, spoken = _called(exam), _called(exam, rounds=2), _called(exam, says_more=True)
    for last in (called, doubled, spoken):
        for exchanges in ([*plain[:2], last], [plain[2], last, plain[3]]):
            for count in (1, 2):
                _trims(exam, exchanges, count, "whole")
    for exchanges, count in (([plain[4], called], 2), (plain[:3], exam.number(4, 6)), ([], 1)):
        _trims(exam, exchanges, count, "short", crash="short-crash")
    _trims(exam, [plain[5], called], 0, "none")


def _trims(
    exam: Exam, exchanges: list[Exchange], count: int, criterion: str, *, crash: str | None = None
) -> bool:
    """Judge one call, and tell whether some part of the history came back."""
    given = [message for exchange in exchanges for message in exchange]
    kept = exchanges[-count:] if count else []
    expected = [message for exchange in kept for message in exchange]
    called = exam.call(copy.deepcopy(given), count, judges=(criterion,), crash=crash)
    value, after = called.value, called.arguments[0]
    is_cut = isinstance(after, list) and len(after) < len(given)
    left = f"{len(after)} instead of {len(given)}" if is_cut else after
    if not isinstance(value, list):
        wrong = exam.which({"mutated": is_cut}, otherwise="not-a-list")
        exam.expect(criterion, False, wrong, left if is_cut else value)
        return False
    is_right = is_same(value, expected)
    wrong, observed = _mistake(exam, value, given, count)
    exam.expect(criterion, is_right, wrong, observed)
    # Leaving a list alone is no merit where nothing was taken from it.
    is_part = is_right or 0 < len(value) < len(given)
    exam.expect("value", is_same(after, given), "mutated", left)
    exam.expect("value", is_part, wrong, observed)
    return is_part


def _mistake(exam: Exam, value: list[Json], given: list[Json], count: int) -> tuple[str, Json]:
    """Return the mistake that another list than the right one shows, and what shows it."""
    first = value[0] if value else None
    objection = _objection(exam, value) or ""
    wrong = exam.which(
        {
            "none-is-all": count == 0 and is_same(value, given),
            "oldest-kept": 0 < len(value) < len(given) and is_same(value, given[: len(value)]),
            # Of two exchanges the newest is two messages as well.
            "messages-counted": count > 2 and is_same(value, given[-count:]),
            "starts-with-assistant": isinstance(first, dict) and first.get("role") == "assistant",
            "torn": "unexpected `tool_use_id`" in objection,
        },
        otherwise="other-turns",
    )
    observed: Json = {
        "messages-counted": count,
        "none-is-all": len(value),
        "torn": f"{objection} (of messages {_places(value, given)})",
    }.get(wrong, _places(value, given))
    return wrong, "assistant" if wrong == "starts-with-assistant" else observed


def _places(value: list[Json], given: list[Json]) -> list[int | str]:
    """Return where in the history each message comes from."""
    return [
        next((place for place, message in enumerate(given) if is_same(message, each)), "new")
        for each in value
    ]


def _objection(exam: Exam, messages: list[Json]) -> str | None:
    following = {"role": "user", "content": exam.words(2)}
    request = {"model": DEFAULT_MODEL, "max_tokens": 100, "tools": [_TOOL]}
    return exam.send({**request, "messages": [*messages, following]})


def _plain(exam: Exam, *, is_text: bool) -> Exchange:
    """Return a question and its answer, as texts or as blocks."""
    question, answer = exam.words(4), exam.words(3)
    blocks = [{"type": "text", "text": question}]
    return [
        {"role": "user", "content": question if is_text else blocks},
        {"role": "assistant", "content": answer if is_text else [_thought(exam), _text(answer)]},
    ]


def _called(exam: Exam, *, rounds: int = 1, says_more: bool = False) -> Exchange:
    """Return a question that takes calls of a tool; says_more: the user adds to a result."""
    messages: Exchange = [{"role": "user", "content": exam.words(4)}]
    for _ in range(rounds):
        calls = [exam.fresh("toolu") for _ in range(exam.number(1, 2))]
        uses = [
            SdkObject(
                "ToolUseBlock", {"type": "tool_use", "id": call, "name": "look_up", "input": {}}
            )
            for call in calls
        ]
        results: list[Json] = [
            {"type": "tool_result", "tool_use_id": call, "content": exam.words(2)} for call in calls
        ]
        more = [{"type": "text", "text": exam.words(3)}] if says_more else []
        messages += [
            {"role": "assistant", "content": [_thought(exam), _text(exam.words(2)), *uses]},
            {"role": "user", "content": [*results, *more]},
        ]
    return [*messages, {"role": "assistant", "content": [_text(exam.words(3))]}]


def _thought(exam: Exam) -> SdkObject:
    signature = exam.fresh("Er").replace("_", "")
    return SdkObject("ThinkingBlock", {"type": "thinking", "thinking": "", "signature": signature})


def _text(words: str) -> SdkObject:
    return SdkObject("TextBlock", {"type": "text", "text": words, "citations": None})
