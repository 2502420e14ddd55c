"""Say when a model thinks before it answers."""

from __future__ import annotations

from grader.catalog import ModelCard
from grader.simulator.blocks import as_blocks, part_of
from grader.simulator.wire import Json


def is_forced(request: Json) -> bool:
    """Say whether a request makes the model call a tool."""
    return (request.get("tool_choice") or {}).get("type") in ("any", "tool")


def thinks(request: Json, card: ModelCard) -> bool:
    """Say whether a model thinks before it answers a request."""
    kind = (request.get("thinking") or {}).get("type")
    # Recorded of claude-sonnet-5: a forced call comes without a thought.
    if kind == "disabled" or is_forced(request):
        return False
    if kind == "enabled" and _left_out_thinking(request["messages"]):
        return False
    return kind is not None or card.rules.thinking_default != "off"


def _left_out_thinking(messages: list[Json]) -> bool:
    """Return whether a tool loop goes on whose first answer doesn't begin with its thinking.

    Documented: it is no error, and the model goes on without thinking.
    """
    first = None
    for message in reversed(messages):
        parts = [part_of(block) for block in as_blocks(message["content"])]
        if message["role"] == "assistant":
            first = parts
        elif message["role"] == "user" and "result" not in parts:
            break
    return first is not None and messages[-1]["role"] == "user" and first[:1] != ["thought"]
