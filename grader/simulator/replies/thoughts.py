"""Say when a model thinks before it answers."""

from __future__ import annotations

from grader.catalog import ModelCard
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
    return kind is not None or card.rules.thinking_default != "off"
