"""Check that calls and results belong together: each call is answered in the turn after it."""

from __future__ import annotations

from collections.abc import Collection

from grader.simulator.blocks import part_of
from grader.simulator.faults import invalid
from grader.simulator.validation.turns import Turn

Call = tuple[int, str]
"""A call or a result: its place in the turn, and the id of the call."""


def check_calls(turns: list[Turn]) -> None:
    """Refuse calls without results, results without calls, and either on the wrong side."""
    asked: dict[str, None] = {}
    seen: set[str] = set()
    for index, turn in enumerate(turns):
        calls, results = _calls(turn), _results(turn)
        _check_side(turn.role, index, calls, results)
        if results:
            _check_results(results, index, asked)
        for position, call in calls:
            if call in seen:
                raise invalid(f"messages.{index}.content.{position}: `tool_use` ids must be unique")
            seen.add(call)
        asked = dict.fromkeys(call for _, call in calls)
        if asked:
            answered = _answered(turns[index + 1]) if index + 1 < len(turns) else ()
            _check_answered(asked, answered, index)


def _calls(turn: Turn) -> list[Call]:
    return [(i, block["id"]) for i, block in enumerate(turn.blocks) if part_of(block) == "call"]


def _results(turn: Turn) -> list[Call]:
    return [
        (i, block["tool_use_id"])
        for i, block in enumerate(turn.blocks)
        if part_of(block) == "result"
    ]


def _check_side(role: str, index: int, calls: list[Call], results: list[Call]) -> None:
    if role == "assistant" and results:
        raise invalid(f"messages.{index}: `tool_result` blocks can only be in `user` messages")
    if role != "assistant" and calls:
        raise invalid(f"messages.{index}: `tool_use` blocks can only be in `assistant` messages")


def _check_results(results: list[Call], index: int, asked: Collection[str]) -> None:
    found: set[str] = set()
    for position, call in results:
        where = f"messages.{index}.content.{position}"
        if call not in asked:
            raise invalid(
                f"{where}: unexpected `tool_use_id` found in `tool_result` blocks: {call}. "
                "Each `tool_result` block must have a corresponding `tool_use` block in the "
                "previous message."
            )
        if call in found:
            raise invalid(
                f"{where}: each tool_use must have a single result. "
                f"Found multiple `tool_result` blocks with id: {call}"
            )
        found.add(call)


def _answered(turn: Turn) -> set[str]:
    """Return the ids that a turn answers before any of its text."""
    answered: set[str] = set()
    for block in turn.blocks:
        if part_of(block) != "result":
            break
        answered.add(block["tool_use_id"])
    return answered


def _check_answered(asked: Collection[str], answered: Collection[str], index: int) -> None:
    missing = [call for call in asked if call not in answered]
    if missing:
        raise invalid(
            f"messages.{index}: `tool_use` ids were found without `tool_result` blocks "
            f"immediately after: {', '.join(missing)}. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next message."
        )
