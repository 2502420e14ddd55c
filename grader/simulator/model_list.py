"""Answer `GET /v1/models` and `GET /v1/models/{id}` from the catalog."""

from __future__ import annotations

from grader.catalog import Catalog, ModelCard
from grader.simulator.wire import Json

_EFFORTS = ("low", "medium", "high", "xhigh", "max")


def list_models(catalog: Catalog) -> Json:
    """Return the list of models in the API's shape, in the catalog's order."""
    rows = [describe_model(card) for card in catalog.models]
    first, last = (rows[0]["id"], rows[-1]["id"]) if rows else (None, None)
    return {"data": rows, "has_more": False, "first_id": first, "last_id": last}


def describe_model(card: ModelCard) -> Json:
    """Return one model in the API's shape.

    A release date that the catalog does not hold is given as the epoch, as the API does.
    """
    released = card.released.isoformat() if card.released else "1970-01-01"
    retires = f"{card.retires.isoformat()}T00:00:00Z" if card.retires else None
    return {
        "type": "model",
        "id": card.id,
        "display_name": card.display_name,
        "created_at": f"{released}T00:00:00Z",
        "max_input_tokens": card.context_window,
        "max_tokens": card.max_output,
        "capabilities": _capabilities(card),
        "lifecycle": card.lifecycle,
        "retires_at": retires,
    }


def _capabilities(card: ModelCard) -> Json:
    """Return what a model can do: from its rules, and else as GET /v1/models was recorded."""
    levels, rejected = card.rules.effort_levels, card.rules.thinking_rejects
    capabilities = _supported(
        batch=True,
        citations=True,
        code_execution=not card.id.startswith("claude-haiku-4-5"),
        context_management=True,
        effort=bool(levels),
        image_input=True,
        pdf_input=True,
        structured_outputs=True,
        thinking=True,
    )
    capabilities["context_management"] |= _supported(
        clear_tool_uses_20250919=True,
        clear_thinking_20251015=True,
        # It came with Opus 4.6, as adaptive thinking did.
        compact_20260112="adaptive" not in rejected,
    )
    capabilities["effort"] |= _supported(**{level: level in levels for level in _EFFORTS})
    capabilities["thinking"]["types"] = _supported(
        **{kind: kind not in rejected for kind in ("enabled", "adaptive")}
    )
    return capabilities


def _supported(**flags: bool) -> dict[str, Json]:
    return {name: {"supported": flag} for name, flag in flags.items()}
