"""Answer `GET /v1/models` and `GET /v1/models/{id}` from the catalog.

On the older version of the API a model has the keys that were recorded there, last on 2026-08-02;
on the newest one also those that anthropic 2.12 requires. No list was recorded since.
"""

from __future__ import annotations

from grader.catalog import Catalog, ModelCard
from grader.simulator.validation import NEWEST_VERSION, VERSIONS
from grader.simulator.wire import Json

_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_RECORDED_THINKING = ("enabled", "adaptive")
_THINKING = (*_RECORDED_THINKING, "disabled", "between_tools")


def list_models(catalog: Catalog, *, version: str = NEWEST_VERSION) -> Json:
    """Return the list of models in the API's shape, in the catalog's order.

    version: that of the API.
    """
    rows = [describe_model(card, version=version) for card in catalog.models]
    first, last = (rows[0]["id"], rows[-1]["id"]) if rows else (None, None)
    return {"data": rows, "has_more": False, "first_id": first, "last_id": last}


def describe_model(card: ModelCard, *, version: str = NEWEST_VERSION) -> Json:
    """Return one model in the API's shape.

    version: that of the API. A release date that the catalog does not hold is given as the epoch,
    as the API does.
    """
    released = card.released.isoformat() if card.released else "1970-01-01"
    retires = f"{card.retires.isoformat()}T00:00:00Z" if card.retires else None
    is_newest = version != VERSIONS[0]
    return {
        "type": "model",
        "id": card.id,
        "display_name": card.display_name,
        "created_at": f"{released}T00:00:00Z",
        "max_input_tokens": card.context_window,
        "max_tokens": card.max_output,
        "capabilities": _capabilities(card, is_newest=is_newest),
        **({"lifecycle": card.lifecycle, "retires_at": retires} if is_newest else {}),
    }


def _capabilities(card: ModelCard, *, is_newest: bool) -> Json:
    """Return what a model can do: from its rules, and else as GET /v1/models was recorded."""
    levels, rejected = card.rules.effort_levels, card.rules.thinking_rejects
    kinds = _THINKING if is_newest else _RECORDED_THINKING
    capabilities = _supported(
        batch=True,
        citations=True,
        code_execution=card.rules.code_execution,
        context_management=True,
        effort=bool(levels),
        image_input=True,
        pdf_input=True,
        # That every model here runs both tools is a guess.
        **({"server_tools": True} if is_newest else {}),
        structured_outputs=True,
        thinking=True,
    )
    capabilities["context_management"] |= _supported(
        clear_tool_uses_20250919=True,
        clear_thinking_20251015=True,
        # It came with Opus 4.6, as adaptive thinking did.
        compact_20260112="adaptive" not in rejected,
    )
    if is_newest:
        capabilities["server_tools"] |= _supported(web_search=True, code_execution=True)
    capabilities["effort"] |= _supported(**{level: level in levels for level in _EFFORTS})
    capabilities["thinking"]["types"] = _supported(**{kind: kind not in rejected for kind in kinds})
    return capabilities


def _supported(**flags: bool) -> dict[str, Json]:
    return {name: {"supported": flag} for name, flag in flags.items()}
