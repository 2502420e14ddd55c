"""Check `fallbacks`: the models that answer in one request what the requested one declines.

Which betas take which form, how many models, that they differ, and that each must be allowed is
documented (the page on refusals and fallback, September 2026); that "default" is taken by every
model, and a list only by some, is in anthropic 2.12 (`types/beta/message_create_params.py`). The
words for a model that takes none are quoted (400s of Sonnet 5 and Haiku 4.5); the others are
guesses.
"""

from __future__ import annotations

from collections.abc import Collection

from grader.catalog import Catalog, ModelCard, asks_for
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

MOST = 3
_OVERRIDES = ("max_tokens", "thinking", "output_config", "speed")


def check_credit_token(
    request: dict[str, Json], _card: ModelCard, betas: Collection[str] = ()
) -> None:
    """Refuse a token of a kind that the betas don't have, or beside fallbacks.

    betas: the values of the header `anthropic-beta`.
    """
    key = "fallback_credit_token"
    value = request[key]
    if value is None:
        return
    if isinstance(value, dict) and asks_for(betas, "fallback_credit"):
        shapes.string_field(value, "token", key)
        if "mode" in value:
            shapes.one_of(value["mode"], f"{key}.mode", ("strict", "best_effort"))
        shapes.only(value, key, ("token", "mode"))
    else:
        shapes.string(value, key, minimum=1)
    if request.get("fallbacks"):
        raise invalid(f"{key}: cannot be combined with `fallbacks`")


def check_fallbacks(request: dict[str, Json], card: ModelCard, betas: Collection[str] = ()) -> None:
    """Refuse fallbacks that are none, or not the model's.

    betas: the values of the header `anthropic-beta`.
    """
    asked = request["fallbacks"]
    if asked is None:
        return
    if isinstance(asked, str):
        if asked != "default" or not asks_for(betas, "fallbacks"):
            raise invalid("fallbacks: Input should be a valid array")
        return
    entries = shapes.array(asked, "fallbacks")
    if not card.rules.fallbacks:
        raise invalid(f"'{card.id}' does not support the `fallbacks` parameter")
    if len(entries) > MOST:
        raise invalid(
            f"fallbacks: List should have at most {MOST} items after validation, not {len(entries)}"
        )
    seen = {card.id}
    for index, value in enumerate(entries):
        path = f"fallbacks.{index}"
        entry = shapes.mapping(value, path)
        name = shapes.string(shapes.field(entry, "model", path), f"{path}.model", minimum=1)
        if name in seen:
            raise invalid(f"{path}.model: models must be distinct from each other and from `model`")
        if name not in card.rules.fallbacks:
            allowed = ", ".join(card.rules.fallbacks)
            raise invalid(
                f"{path}.model: '{name}' is not an allowed fallback of '{card.id}'. Allowed: "
                f"{allowed}"
            )
        seen.add(name)
        shapes.only(entry, path, ("model", *_OVERRIDES))


def attempts_of(request: Json, card: ModelCard, catalog: Catalog) -> list[Json]:
    """Return the requests that a valid request falls back to, in order, each for its own model.

    An override that is left out keeps the request's value where the model takes it; None takes it
    away. A model that is gone is passed over.
    """
    asked = request.get("fallbacks")
    if not asked:
        return []
    entries = (
        [{"model": name} for name in card.rules.fallbacks[:1]] if asked == "default" else asked
    )
    kept = {key: value for key, value in request.items() if key != "fallbacks"}
    cards = {each.id: each for each in catalog.models}
    return [
        _merged(kept, entry, cards[entry["model"]]) for entry in entries if entry["model"] in cards
    ]


def _merged(request: Json, entry: Json, card: ModelCard) -> Json:
    """Return the request of one attempt, by the rules of anthropic 2.12's `BetaFallbackParam`."""
    merged = {**request, "model": card.id}
    thinking = merged.get("thinking")
    if thinking and thinking["type"] in card.rules.thinking_rejects:
        del merged["thinking"]
        if thinking["type"] == "between_tools" and "disabled" not in card.rules.thinking_rejects:
            merged["thinking"] = {"type": "disabled"}
    config = dict(merged.get("output_config") or {})
    if config.get("effort") not in (None, *card.rules.effort_levels):
        del config["effort"]
    if not card.rules.task_budget:
        config.pop("task_budget", None)
    if "output_config" in merged:
        merged["output_config"] = config
    if merged.get("speed") == "fast" and card.rules.speed == "none":
        del merged["speed"]
    for key in _OVERRIDES:
        if key not in entry:
            continue
        value = entry[key]
        if isinstance(value, dict) and key == "output_config":
            whole = {**(request.get(key) or {}), **value}
            value = {name: inner for name, inner in whole.items() if inner is not None}
        if value is not None:
            merged[key] = value
        elif key != "max_tokens":
            merged.pop(key, None)
    return merged
