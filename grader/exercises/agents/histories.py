"""Read what a loop sends back, and find the first thing wrong with Claude's turns in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.exercises.histories import READ_AGAIN, Fault, blocks_of, types_of
from grader.exercises.readings import is_same

Json = Any
Spoken = list[tuple[Json, Json]]
"""Who said it, and the block: a conversation, whichever messages it is cut into."""


def spoken(messages: Sequence[Mapping[str, Json]]) -> Spoken:
    """Return a conversation as the API reads it."""
    return [
        (message.get("role"), _essence(block))
        for message in messages
        for block in blocks_of(message)
    ]


def begins_with(later: Spoken, earlier: Spoken) -> bool:
    """Tell whether a conversation goes on from another."""
    return is_same(later[: len(earlier)], earlier)


def find_lost_turn(
    before: Sequence[Json], after: Sequence[Json], reply: Sequence[Json]
) -> Fault | None:
    """Return what is wrong with Claude's turn in the request after it, or None.

    before, after: the messages of the request that was answered, and of the next.
    reply: the content of the answer.
    """
    strays = [message for message in after if message.get("role") == "tool"]
    if strays:
        return Fault("role-tool", strays[0])
    known, now = spoken(before), spoken(after)
    if not begins_with(now, known):
        return Fault("earlier-lost", len(after))
    said = said_by_assistant(now[len(known) :])
    if not said:
        roles = ", ".join(str(message.get("role")) for message in after)
        return Fault("assistant-dropped", roles)
    expected = [_essence(block) for block in reply]
    if is_same(said, expected):
        return None
    mine, theirs = types_of(said), types_of(expected)
    kinds = [block.get("type") for block in said]
    if "tool_result" in kinds:
        return Fault("results-from-assistant", mine)
    for kind, diagnosis in (("tool_use", "only-text-kept"), ("thinking", "thinking-dropped")):
        if kind not in kinds and kind in theirs.split(", "):
            return Fault(diagnosis, f"{mine} (of {theirs})")
    wrong = next((block for block in said if block not in expected), None)
    if wrong is None:
        return Fault("blocks-dropped", f"{mine} (of {theirs})")
    is_thought = wrong.get("type") == "thinking"
    return Fault("thinking-changed" if is_thought else "blocks-changed", wrong)


def said_by_assistant(entries: Spoken) -> list[dict[str, Json]]:
    """Return the blocks that the assistant says before anybody else speaks."""
    blocks = []
    for role, block in entries:
        if role != "assistant":
            break
        blocks.append(block)
    return blocks


def _essence(block: Mapping[str, Json]) -> dict[str, Json]:
    """Return what the API reads of a block when it comes back."""
    keys = READ_AGAIN.get(str(block.get("type")))
    if keys is None:
        return {key: _filled(value) for key, value in block.items() if key != "caller"}
    return {key: block.get(key) for key in ("type", *keys)}


def _filled(value: Json) -> Json:
    """Return a value without the keys that say null, as the SDK adds them."""
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items() if item is not None}
    return [_filled(item) for item in value] if isinstance(value, list) else value


def find_lost_pause(
    before: Sequence[Json], after: Sequence[Json], reply: Sequence[Json]
) -> Fault | None:
    """Return what is wrong with the request after a paused turn, or None; see find_lost_turn."""
    known, now = spoken(before), spoken(after)
    if not begins_with(now, known):
        return Fault("earlier-lost", len(after))
    new = now[len(known) :]
    said = said_by_assistant(new)
    if not said:
        return Fault("pause-dropped", after[-1].get("role") if after else "nobody")
    expected = [_essence(block) for block in reply]
    if not is_same(said, expected):
        return Fault("pause-changed", f"{types_of(said)} (of {types_of(expected)})")
    if len(new) > len(said):
        return Fault("pause-pushed", new[len(said)][1])
    return None
