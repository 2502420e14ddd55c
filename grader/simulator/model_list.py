"""Answer `GET /v1/models` and `GET /v1/models/{id}` from the catalog.

On the older version of the API a model has the keys that were recorded there, last on 2026-08-02;
on the newest one also those of anthropic 2.12 (`types/model_info.py`). No list was recorded since.
A model that has retired stays in the list for who asks for its stage, as the SDK's types say.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from grader.catalog import Catalog, ModelCard, asks_for
from grader.simulator.faults import invalid
from grader.simulator.paging import Page, Query
from grader.simulator.validation import NEWEST_VERSION, VERSIONS
from grader.simulator.wire import Json

_STAGES = ("active", "deprecated", "retired")
_SERVED = _STAGES[:2]
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_RECORDED_THINKING = ("enabled", "adaptive")
_THINKING = (*_RECORDED_THINKING, "disabled", "between_tools")


def list_models(
    catalog: Catalog,
    *,
    today: date,
    version: str = NEWEST_VERSION,
    query: Query | None = None,
    betas: Collection[str] = (),
) -> Json:
    """Return the list of models in the API's shape, in the catalog's order.

    today: the day, by which models deprecate and retire. version: that of the API. betas: the
    values of the header `anthropic-beta`. query: the request's; it may ask for a page, and for
    models in some stages of their life, else for those that are still served. A query that the API
    refuses is refused.
    """
    asked = query or {}
    stages = _read_stages(asked)
    rows = [
        describe_model(card, today=today, version=version, betas=betas)
        for card in catalog.models
        if card.stage(today) in stages
    ]
    return Page.of(asked).show(rows)


def _read_stages(query: Query) -> tuple[str, ...]:
    # The SDK for Python sends `lifecycle[]`; others repeat the name, or join values by a comma.
    values = [*query.get("lifecycle[]", ()), *query.get("lifecycle", ())]
    stages = tuple(stage for value in values for stage in value.split(","))
    for place, stage in enumerate(stages):
        if stage not in _STAGES:
            known = ", ".join(f"'{each}'" for each in _STAGES[:-1])
            raise invalid(f"lifecycle.{place}: Input should be {known} or '{_STAGES[-1]}'")
    if len(stages) > len(_STAGES):
        raise invalid(
            f"lifecycle: List should have at most {len(_STAGES)} items after validation, "
            f"not {len(stages)}"
        )
    return stages or _SERVED


def describe_model(
    card: ModelCard,
    *,
    today: date,
    version: str = NEWEST_VERSION,
    betas: Collection[str] = (),
) -> Json:
    """Return one model in the API's shape.

    today, version, betas: as for `list_models`. A release date that the catalog does not hold is
    given as the epoch, as the API does.
    """
    released = card.released.isoformat() if card.released else "1970-01-01"
    is_newest = version != VERSIONS[0]
    return {
        "type": "model",
        "id": card.id,
        "display_name": card.display_name,
        "created_at": f"{released}T00:00:00Z",
        "max_input_tokens": card.context_window,
        "max_tokens": card.max_output,
        "capabilities": _capabilities(
            card, is_newest=is_newest, tells_compaction=asks_for(betas, "compaction")
        ),
        **(_life(card, today) if is_newest else {}),
        # Documented: the list is told where the header is set.
        **(
            {"allowed_fallback_models": list(card.rules.fallbacks)}
            if asks_for(betas, "fallbacks", "fallback_lists")
            else {}
        ),
    }


def _life(card: ModelCard, today: date) -> Json:
    stage = card.stage(today)
    is_over = stage != "active"
    return {
        "lifecycle": stage,
        "line": card.line,
        "deprecated_at": _midnight(card.deprecated) if is_over else None,
        "retires_at": _midnight(card.retires) if is_over else None,
    }


def _midnight(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"


def _capabilities(card: ModelCard, *, is_newest: bool, tells_compaction: bool) -> Json:
    """Return what a model can do: from its rules, and else as GET /v1/models was recorded."""
    levels, rejected = card.rules.effort_levels, card.rules.thinking_rejects
    kinds = _THINKING if is_newest else _RECORDED_THINKING
    capabilities = _supported(
        batch=True,
        citations=True,
        code_execution=card.rules.code_execution,
        **({"compaction": card.rules.compaction} if tells_compaction else {}),
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
        compact_20260112=card.rules.compaction,
    )
    if tells_compaction:
        capabilities["compaction"] |= _supported(summarize=card.rules.compaction)
    if is_newest:
        capabilities["server_tools"] |= _supported(web_search=True, code_execution=True)
    capabilities["effort"] |= _supported(**{level: level in levels for level in _EFFORTS})
    capabilities["thinking"]["types"] = _supported(**{kind: kind not in rejected for kind in kinds})
    return capabilities


def _supported(**flags: bool) -> dict[str, Json]:
    return {name: {"supported": flag} for name, flag in flags.items()}
