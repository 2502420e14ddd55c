"""Count the tokens of a request's tools and of the hidden instructions that they bring."""

from __future__ import annotations

from grader.catalog import ModelCard
from grader.simulator.tokens.blocks import as_json
from grader.simulator.tokens.text import Meter
from grader.simulator.wire import Json

_TOOL = 6
# A forced tool's name stands in the instructions.
_FORCED_NAME = 2


def tools_tokens(request: Json, card: ModelCard, measure: Meter) -> list[int]:
    """Return one number a tool; the hidden instructions that all tools bring are in the first."""
    counts = [measure(_definition(tool)) + _TOOL for tool in request.get("tools") or []]
    if counts:
        counts[0] += card.hidden_tools.least
    return counts


def choice_tokens(request: Json, card: ModelCard, measure: Meter) -> int:
    """Return the tokens of the instructions that depend on the choice of a tool.

    They stand behind the tools and the system prompt, whose cached prefix a choice leaves valid.
    """
    if not request.get("tools"):
        return 0
    overhead = card.hidden_tools
    auto, forced = overhead.auto, overhead.forced
    choice = request.get("tool_choice") or {}
    kind = choice.get("type", "auto")
    if kind == "tool":
        forced += measure(choice["name"]) + _FORCED_NAME
    elif kind == "auto" and choice.get("disable_parallel_tool_use"):
        auto = overhead.least
    return (forced if kind in ("any", "tool") else auto) - overhead.least


def _definition(tool: Json) -> str:
    # An empty description is left out. What runs on Anthropic's side may have no name.
    shape = {"description": tool["description"]} if tool.get("description") else {}
    shape |= {"name": tool.get("name", ""), "parameters": tool.get("input_schema", {})}
    return as_json(shape)
