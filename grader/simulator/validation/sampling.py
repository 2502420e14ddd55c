"""Check the sampling parameters, which only the older version of the API still takes."""

from __future__ import annotations

from grader.catalog import ModelCard
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

SAMPLING = ("temperature", "top_k", "top_p")

LEAST_TOP_P = 0.95
"""The smallest `top_p` that goes with thinking."""

_THINKING_HELP = "https://platform.claude.com/docs/en/build-with-claude/extended-thinking"
# What a request that thinks is told, by kind of thinking. Both of adaptive are quoted from replies
# of August 2026: the first in a published measurement of claude-opus-4-8, the second in gateways.
_MODES = {"enabled": "when thinking is enabled", "adaptive": "or in adaptive mode"}


def check_share(request: dict[str, Json], key: str) -> None:
    """Refuse what is no number from 0 to 1."""
    if not 0 <= shapes.number(request[key], key) <= 1:
        raise invalid(f"{key}: range: 0..1")


def check_top_k(value: Json) -> None:
    """Refuse what is no whole number."""
    shapes.integer(value, "top_k")


def check_sampling(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse sampling that the thinking, the model or another parameter rules out."""
    given = [key for key in SAMPLING if key in request]
    if not given:
        return
    _check_thinking(request)
    # The documentation says that the default values are still taken.
    changed = [key for key in given if key == "top_k" or request[key] != 1]
    if changed and not card.rules.sampling:
        raise invalid(f"`{changed[0]}` is deprecated for this model.")
    if "temperature" in given and "top_p" in given:
        raise invalid(
            "`temperature` and `top_p` cannot both be specified for this model. "
            "Please use only one."
        )


def _check_thinking(request: dict[str, Json]) -> None:
    kind = request.get("thinking", {}).get("type")
    if kind not in _MODES:
        return
    mode = _MODES["enabled"]
    if kind == "adaptive":
        mode += f" {_MODES['adaptive']}. Please consult our documentation at {_THINKING_HELP}"
    if request.get("temperature", 1) != 1:
        raise invalid(f"`temperature` may only be set to 1 {mode}")
    if "top_k" in request:
        raise invalid(f"`top_k` must be unset {mode}")
    if request.get("top_p", 1) < LEAST_TOP_P:
        raise invalid(f"`top_p` must be greater than or equal to {LEAST_TOP_P} or unset {mode}")
