"""Check the request's thinking: its kind, what a model takes of it, its budget."""

from __future__ import annotations

from grader.catalog import ModelCard
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

KINDS = ("adaptive", "between_tools", "disabled", "enabled")
LEAST_BUDGET = 1024
"""The smallest budget for thinking, in tokens."""

_DISPLAYS = ("summarized", "omitted")
_KEYS = {
    "adaptive": ("type", "display"),
    "between_tools": ("type",),
    "disabled": ("type",),
    "enabled": ("type", "display", "budget_tokens"),
}
_HELP = (
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
    "#max-tokens-and-context-window-size"
)
_ADAPTIVE = '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'


def check_thinking(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse thinking of an unknown kind, or that the model does not do, or without its budget."""
    thinking = shapes.mapping(request["thinking"], "thinking")
    kind = shapes.tag(thinking, "thinking", KINDS)
    path = f"thinking.{kind}"
    if kind in card.rules.thinking_rejects:
        raise invalid(_not_taken(kind, card))
    if kind in ("adaptive", "enabled") and thinking.get("display") is not None:
        shapes.one_of(thinking["display"], f"{path}.display", _DISPLAYS)
    if kind == "enabled":
        budget = shapes.field(thinking, "budget_tokens", path)
        shapes.integer(budget, f"{path}.budget_tokens", minimum=LEAST_BUDGET)
        maximum = request.get("max_tokens")
        if isinstance(maximum, int) and maximum <= budget:
            raise invalid(
                "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our "
                f"documentation at {_HELP}"
            )
    shapes.only(thinking, path, _KEYS[kind])


def _not_taken(kind: str, card: ModelCard) -> str:
    if kind == "adaptive":
        return "adaptive thinking is not supported on this model"
    head = f'"thinking.type.{kind}" is not supported for this model.'
    if kind == "between_tools":
        return head
    # claude-sonnet-5-5, as quoted by its users since its release.
    if kind == "disabled" and "between_tools" not in card.rules.thinking_rejects:
        return (
            f'{head} Use "thinking.type.between_tools" for the lowest thinking setting, or '
            f"{_ADAPTIVE}"
        )
    return f"{head} Use {_ADAPTIVE}"
