"""How the rows of the catalog file become cards."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from grader.catalog.card import (
    Effort,
    Latency,
    Lifecycle,
    ModelCard,
    ModelRules,
    PrefixCheck,
    Speed,
    ThinkingDefault,
    ThinkingDisplay,
    Tokenizer,
    ToolOverhead,
)
from grader.catalog.keys import (
    Key,
    choice,
    choices,
    day,
    flag,
    money,
    optional,
    read_table,
    table,
    tables,
    text,
    texts,
    whole,
)
from grader.catalog.price import Price, PriceBand
from grader.catalog.retired import RetiredModel
from grader.errors import CatalogError

_BAND_EXAMPLE = "{ input = 3, output = 15, write_5m = 3.75, write_1h = 6, read = 0.3 }"

# Each table's keys are the fields of the class it becomes, in the order of the file.
FILE_KEYS: Mapping[str, Key] = {
    "models": tables('[{ id = "claude-sonnet-4-6", … }]'),
    "retired": optional(tables('[{ name = "claude-3-opus", … }]')),
}

RETIRED_KEYS: Mapping[str, Key] = {
    "name": text("claude-3-opus"),
    "on": day("2026-01-05"),
    "as_of": day("2026-11-29"),
    "source": text("Anthropic documentation, model deprecations page (B)"),
}

CARD_KEYS: Mapping[str, Key] = {
    "id": text("claude-haiku-4-5-20251001"),
    "aliases": texts("claude-haiku-4-5"),
    "display_name": text("Claude Haiku 4.5"),
    "good_for": optional(text("high-volume work such as classification")),
    "latency": optional(choice(*get_args(Latency))),
    "released": optional(day("2025-10-15")),
    "legacy": optional(flag()),
    "lifecycle": choice(*get_args(Lifecycle)),
    "deprecated": optional(day("2026-09-30")),
    "retires": optional(day("2026-11-30")),
    "retires_assumed": optional(day("2027-01-22")),
    "retires_not_before": optional(day("2027-02-17")),
    "tokenizer": choice(*get_args(Tokenizer)),
    "context_window": whole(200_000),
    "max_output": whole(64_000),
    "min_cache": optional(whole(4_096)),
    "min_cache_assumed": optional(whole(512)),
    "tool_overhead": optional(table("{ auto = 496, forced = 588 }")),
    "system_overhead": optional(whole(1)),
    "adaptive_overhead": optional(whole(17)),
    "as_of": day("2026-11-22"),
    "source": text("Anthropic documentation, models and pricing pages (B)"),
    "rules": table('{ thinking_default = "off", … }'),
    "prices": tables(f"[{_BAND_EXAMPLE}]"),
    "fast_factor": optional(money("2")),
}

RULES_KEYS: Mapping[str, Key] = {
    "thinking_default": choice(*get_args(ThinkingDefault)),
    "thinking_rejects": choices("enabled", "adaptive", "disabled", "between_tools"),
    "thinking_disabled_rejects_effort": optional(choices(*get_args(Effort))),
    "prefill": flag(),
    "forced_tool_choice": flag(),
    "mid_conversation_system": flag(),
    "sampling": flag(),
    "effort_levels": choices(*get_args(Effort)),
    "default_effort": optional(choice(*get_args(Effort))),
    "message_effort": optional(flag()),
    "thinking_display": optional(choice(*get_args(ThinkingDisplay))),
    "prefix_check": optional(choice(*get_args(PrefixCheck))),
    "thinking_readers": optional(texts("claude-opus-5-5")),
    "keeps_thinking": optional(flag()),
    "reports_thinking": optional(flag()),
    "inference_geo": optional(flag()),
    "image_side": optional(whole(1_568)),
    "image_tokens": optional(whole(1_568)),
    "task_budget": optional(flag()),
    "speed": optional(choice(*get_args(Speed))),
    "fallbacks": optional(texts("claude-opus-4-8")),
    "compaction": optional(flag()),
    "code_execution": optional(flag()),
    "programmatic_tools": optional(flag()),
    "refused_tools": optional(texts("computer_20251124")),
    "own_advisor": optional(flag()),
    "long_output": optional(flag()),
    "assumed": optional(choices(*(f.name for f in fields(ModelRules) if f.name != "assumed"))),
}

PRICE_KEYS: Mapping[str, Key] = {
    "input": money("3"),
    "output": money("15"),
    "write_5m": money("3.75"),
    "write_1h": money("6"),
    "read": money("0.3"),
}

_BAND_KEYS: Mapping[str, Key] = {"up_to_prompt_tokens": optional(whole(100_000)), **PRICE_KEYS}
_OVERHEAD_KEYS: Mapping[str, Key] = {
    "auto": whole(496),
    "forced": whole(588),
    "one_call": optional(whole(289)),
}


def read_cards(document: Mapping[str, Any], *, source: str) -> tuple[ModelCard, ...]:
    """Return the cards of a parsed catalog file, in its order.

    Raises CatalogError, with `source`, the row, the key and the fix, if a row is malformed.
    """
    rows = read_table(document, FILE_KEYS, place=source)["models"]
    places = [_place(source, number, row) for number, row in enumerate(rows, start=1)]
    cards = tuple(_read_card(row, place=place) for row, place in zip(rows, places, strict=True))
    _refuse_twins(cards, places)
    return cards


def read_retired(document: Mapping[str, Any], *, source: str) -> tuple[RetiredModel, ...]:
    """Return the retired models of a parsed file, in its order; raises like `read_cards`."""
    rows = read_table(document, FILE_KEYS, place=source).get("retired", ())
    return tuple(
        RetiredModel(**read_table(row, RETIRED_KEYS, place=f"{source}, retired {number}"))
        for number, row in enumerate(rows, start=1)
    )


def _place(source: str, number: int, row: Mapping[str, Any]) -> str:
    name = f" ({row['id']})" if isinstance(row.get("id"), str) else ""
    return f"{source}, row {number}{name}"


def _read_card(row: Mapping[str, Any], *, place: str) -> ModelCard:
    values = read_table(row, CARD_KEYS, place=place)
    if ("min_cache" in values) == ("min_cache_assumed" in values):
        raise CatalogError(
            f"{place}: expected exactly one of min_cache and min_cache_assumed. "
            "Keep min_cache where a source states it, else min_cache_assumed."
        )
    if "retires" in values and values["lifecycle"] != "deprecated":
        raise CatalogError(
            f"{place}: retires is {values['retires']} but lifecycle is {values['lifecycle']!r}; "
            'only a deprecated model retires. Write lifecycle = "deprecated", or rename the '
            "key to retires_not_before."
        )
    values["rules"] = ModelRules(**read_table(values["rules"], RULES_KEYS, place=f"{place}, rules"))
    values["prices"] = _read_bands(values["prices"], place=f"{place}, prices")
    if "tool_overhead" in values:
        values["tool_overhead"] = ToolOverhead(
            **read_table(values["tool_overhead"], _OVERHEAD_KEYS, place=f"{place}, tool_overhead")
        )
    return ModelCard(**values)


def _read_bands(rows: tuple[Mapping[str, Any], ...], *, place: str) -> tuple[PriceBand, ...]:
    bands = []
    for number, row in enumerate(rows, start=1):
        values = read_table(row, _BAND_KEYS, place=f"{place}, band {number}")
        limit = values.pop("up_to_prompt_tokens", None)
        bands.append(PriceBand(price=Price(**values), up_to_prompt_tokens=limit))
    *limits, last = [band.up_to_prompt_tokens for band in bands]
    known = [limit for limit in limits if limit is not None]
    if last is not None or len(known) < len(limits) or known != sorted(set(known)):
        raise CatalogError(
            f"{place}: up_to_prompt_tokens is {[*limits, last]} band by band (None: absent); "
            "expected it to rise, and to be absent from the last band only, which holds for "
            "every longer prompt. Sort the bands and remove the last one's up_to_prompt_tokens."
        )
    return tuple(bands)


def _refuse_twins(cards: tuple[ModelCard, ...], places: list[str]) -> None:
    seen: dict[str, str] = {}
    for card, place in zip(cards, places, strict=True):
        for name in card.names:
            if name in seen:
                raise CatalogError(
                    f"{place}: the name {name!r} is taken already, as an id or alias, in "
                    f"{seen[name]}. Expected every id and alias once: remove one of the two."
                )
            seen[name] = place
