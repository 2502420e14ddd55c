"""ModelCard: the rows of a catalog, and what a reply costs."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grader.catalog import (
    ModelCard,
    ModelRules,
    Price,
    PriceBand,
    ToolOverhead,
)
from tests.catalog.small import SMALL

DOCUMENTATION = "Anthropic documentation, models and pricing pages (B)"
EVERY_EFFORT = ("low", "medium", "high", "xhigh", "max")


def price(*usd: str) -> Price:
    """Make a price of its five amounts: input, output, both writes, read."""
    return Price(*map(Decimal, usd))


def test_the_card_of_sonnet_4_6() -> None:
    """The lessons' default model has one price for prompts of any length."""
    assert SMALL.find("claude-sonnet-4-6") == ModelCard(
        id="claude-sonnet-4-6",
        aliases=(),
        display_name="Claude Sonnet 4.6",
        released=date(2026, 2, 17),
        lifecycle="active",
        retires=None,
        retires_not_before=date(2027, 2, 17),
        tokenizer="v3",
        context_window=1_000_000,
        max_output=128_000,
        min_cache=1_024,
        min_cache_assumed=None,
        tool_overhead=ToolOverhead(auto=497, forced=589, one_call=289),
        system_overhead=1,
        rules=ModelRules(
            thinking_default="off",
            thinking_rejects=("between_tools",),
            thinking_disabled_rejects_effort=(),
            prefill=False,
            forced_tool_choice=True,
            mid_conversation_system=False,
            sampling=True,
            effort_levels=("low", "medium", "high", "max"),
            thinking_display="summarized",
            image_side=1_568,
            image_tokens=1_568,
            reports_thinking=False,
            assumed=(),
        ),
        prices=(PriceBand(price("3", "15", "3.75", "6", "0.3")),),
        as_of=date(2026, 11, 22),
        source=DOCUMENTATION,
    )


def test_the_card_of_haiku_5_5() -> None:
    """Haiku 5.5 charges long prompts more, and two of its rules are assumed."""
    assert SMALL.find("claude-haiku-5-5") == ModelCard(
        id="claude-haiku-5-5",
        aliases=(),
        display_name="Claude Haiku 5.5",
        released=date(2026, 10, 7),
        lifecycle="active",
        tokenizer="v4.8",
        context_window=1_000_000,
        max_output=128_000,
        min_cache=512,
        system_overhead=1,
        rules=ModelRules(
            thinking_default="on",
            thinking_rejects=("enabled", "between_tools"),
            prefill=False,
            forced_tool_choice=True,
            mid_conversation_system=True,
            sampling=False,
            effort_levels=EVERY_EFFORT,
            assumed=("forced_tool_choice", "mid_conversation_system"),
        ),
        prices=(
            PriceBand(price("0.1", "0.5", "0.125", "0.2", "0.01"), up_to_prompt_tokens=100_000),
            PriceBand(price("0.5", "2.5", "0.625", "1", "0.05")),
        ),
        as_of=date(2026, 11, 22),
        source=f"{DOCUMENTATION}; min_cache third-party (E)",
    )


def test_the_card_of_sonnet_4_5() -> None:
    """Sonnet 4.5 is deprecated, and its row says when it retires."""
    assert SMALL.find("claude-sonnet-4-5-20250929") == ModelCard(
        id="claude-sonnet-4-5-20250929",
        aliases=("claude-sonnet-4-5",),
        display_name="Claude Sonnet 4.5",
        released=date(2025, 9, 29),
        lifecycle="deprecated",
        retires=date(2026, 11, 30),
        tokenizer="v3",
        context_window=200_000,
        max_output=64_000,
        min_cache=1_024,
        tool_overhead=ToolOverhead(auto=496, forced=588, one_call=289),
        rules=ModelRules(
            thinking_default="off",
            thinking_rejects=("adaptive", "between_tools"),
            prefill=True,
            forced_tool_choice=True,
            mid_conversation_system=False,
            sampling=True,
            effort_levels=(),
            thinking_display="summarized",
            image_side=1_568,
            image_tokens=1_568,
            reports_thinking=False,
            inference_geo=False,
            assumed=("mid_conversation_system",),
        ),
        prices=(PriceBand(price("3", "15", "3.75", "6", "0.3")),),
        as_of=date(2026, 11, 22),
        source=f"{DOCUMENTATION}; retirement from the SDK's list (A)",
    )


def test_the_card_of_opus_5() -> None:
    """Opus 5 lets thinking be switched off, but not at its two highest efforts."""
    assert SMALL.find("claude-opus-5") == ModelCard(
        id="claude-opus-5",
        aliases=(),
        display_name="Claude Opus 5",
        released=date(2026, 7, 24),
        lifecycle="active",
        tokenizer="v4.8",
        context_window=1_000_000,
        max_output=128_000,
        min_cache=512,
        tool_overhead=ToolOverhead(auto=286, forced=406),
        system_overhead=1,
        rules=ModelRules(
            thinking_default="on",
            thinking_rejects=("enabled", "between_tools"),
            thinking_disabled_rejects_effort=("xhigh", "max"),
            prefill=False,
            forced_tool_choice=True,
            mid_conversation_system=True,
            sampling=False,
            effort_levels=EVERY_EFFORT,
        ),
        prices=(PriceBand(price("5", "25", "6.25", "10", "0.5")),),
        as_of=date(2026, 11, 22),
        source=DOCUMENTATION,
    )


def test_an_unknown_cache_minimum_is_assumed() -> None:
    """The simulator gets a number, and the card still says that no source states it."""
    card = SMALL.find("claude-opus-5-5")
    assert (card.min_cache, card.min_cache_assumed, card.cache_minimum) == (None, 512, 512)


def test_a_known_cache_minimum_is_used() -> None:
    """Where a source states the minimum, nothing is assumed."""
    card = SMALL.find("claude-haiku-4-5")
    assert (card.min_cache, card.min_cache_assumed, card.cache_minimum) == (4_096, None, 4_096)


@pytest.mark.parametrize(
    ("prompt_tokens", "usd"), [(0, "0.1"), (100_000, "0.1"), (100_001, "0.5"), (999_999, "0.5")]
)
def test_the_whole_prompt_picks_the_price(prompt_tokens: int, usd: str) -> None:
    """A prompt one token past the band is charged at the next band's price."""
    assert SMALL.find("claude-haiku-5-5").price_for(prompt_tokens).input == Decimal(usd)


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        ({}, "0"),
        ({"input_tokens": 10, "output_tokens": 20}, "0.00033"),
        ({"input_tokens": 10, "cache_creation_input_tokens": 2_000}, "0.00753"),
        (
            {
                "input_tokens": 10,
                "cache_creation_input_tokens": 3_000,
                "cache_creation": {
                    "ephemeral_5m_input_tokens": 1_000,
                    "ephemeral_1h_input_tokens": 2_000,
                },
                "cache_read_input_tokens": 4_000,
                "output_tokens": 100,
            },
            "0.01848",
        ),
        (
            {
                "input_tokens": 10,
                "cache_creation_input_tokens": 2_000,
                "cache_creation": None,
                "cache_read_input_tokens": None,
                "output_tokens": None,
                "service_tier": "standard",
            },
            "0.00753",
        ),
        (
            {
                "input_tokens": None,
                "cache_creation_input_tokens": 2_000,
                "cache_creation": {
                    "ephemeral_5m_input_tokens": None,
                    "ephemeral_1h_input_tokens": 2_000,
                },
            },
            "0.012",
        ),
    ],
)
def test_a_reply_costs_what_its_usage_says(usage: dict[str, Any], usd: str) -> None:
    """Writes are split by lifetime where usage splits them, else 5 minutes; None is 0."""
    assert SMALL.find("claude-sonnet-4-6").cost_of(usage) == Decimal(usd)


def test_a_reply_in_a_batch_costs_half() -> None:
    """The caller says that a reply came from a batch."""
    usage = {"input_tokens": 10, "cache_creation_input_tokens": 2_000}
    assert SMALL.find("claude-sonnet-4-6").cost_of(usage, batch=True) == Decimal("0.003765")
    told = {**usage, "service_tier": "batch"}
    assert SMALL.find("claude-sonnet-4-6").cost_of(told) == Decimal("0.003765")
    assert SMALL.find("claude-sonnet-4-6").cost_of(told, batch=True) == Decimal("0.003765")


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        ({"input_tokens": 50_000, "cache_read_input_tokens": 50_000}, "0.0055"),
        ({"input_tokens": 50_001, "cache_read_input_tokens": 50_000}, "0.0275005"),
        ({"input_tokens": 50_001, "cache_creation_input_tokens": 50_000}, "0.0562505"),
        (
            {"input_tokens": 50_001, "cache_creation": {"ephemeral_1h_input_tokens": 50_000}},
            "0.0750005",
        ),
        ({"input_tokens": 50_000, "output_tokens": 100_000}, "0.055"),
    ],
)
def test_cached_tokens_count_towards_the_band(usage: dict[str, Any], usd: str) -> None:
    """Input, writes and reads together pick the price; output does not."""
    assert SMALL.find("claude-haiku-5-5").cost_of(usage) == Decimal(usd)
