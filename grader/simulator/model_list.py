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
    plain = ("batch", "citations", "code_execution")
    kinds = ("enabled", "adaptive")
    return {
        **{name: {"supported": True} for name in plain},
        "context_management": {"supported": True},
        "effort": {
            "supported": bool(card.rules.effort_levels),
            **{level: {"supported": level in card.rules.effort_levels} for level in _EFFORTS},
        },
        "image_input": {"supported": True},
        "pdf_input": {"supported": True},
        "structured_outputs": {"supported": True},
        "thinking": {
            "supported": True,
            "types": {
                kind: {"supported": kind not in card.rules.thinking_rejects} for kind in kinds
            },
        },
    }
