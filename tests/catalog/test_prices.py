"""Price and PriceBand: what tokens cost."""

from decimal import Decimal
from typing import Any

import pytest

from grader.catalog import Price, PriceBand
from tests.catalog.small import SMALL

SONNET = Price(
    input=Decimal(3),
    output=Decimal(15),
    write_5m=Decimal("3.75"),
    write_1h=Decimal(6),
    read=Decimal("0.3"),
)


@pytest.mark.parametrize(
    ("tokens", "usd"),
    [
        ({}, "0"),
        ({"input_tokens": 1_000_000}, "3"),
        ({"output_tokens": 1_000_000}, "15"),
        ({"cache_write_5m_tokens": 1_000_000}, "3.75"),
        ({"cache_write_1h_tokens": 1_000_000}, "6"),
        ({"cache_read_tokens": 1_000_000}, "0.3"),
        ({"input_tokens": 1}, "0.000003"),
    ],
)
def test_each_class_of_token_has_its_own_price(tokens: dict[str, Any], usd: str) -> None:
    """A million tokens of one class cost that class's price, and one token a millionth of it."""
    assert SONNET.cost(**tokens) == Decimal(usd)


def test_a_cost_is_the_sum_of_its_classes() -> None:
    """All five classes together cost what they cost one by one."""
    assert SONNET.cost(
        input_tokens=1,
        output_tokens=10,
        cache_write_5m_tokens=100,
        cache_write_1h_tokens=1_000,
        cache_read_tokens=10_000,
    ) == Decimal("0.009528")


def test_a_batch_halves_every_class() -> None:
    """A batch costs half, cached tokens included."""
    assert SONNET.cost(
        input_tokens=1_000_000,
        output_tokens=1_000_000,
        cache_write_5m_tokens=1_000_000,
        cache_write_1h_tokens=1_000_000,
        cache_read_tokens=1_000_000,
        batch=True,
    ) == Decimal("14.025")


def test_a_prompt_cached_for_a_hundred_calls_costs_seven_cents() -> None:
    """2,000 tokens written once and read 99 times cost $0.0669 on claude-sonnet-4-6."""
    price = SMALL.find("claude-sonnet-4-6").price_for(2_000)
    assert price.cost(cache_write_5m_tokens=2_000, cache_read_tokens=99 * 2_000) == Decimal(
        "0.0669"
    )


def test_the_same_prompt_uncached_costs_sixty_cents() -> None:
    """2,000 tokens sent 100 times cost $0.60 on claude-sonnet-4-6."""
    price = SMALL.find("claude-sonnet-4-6").price_for(2_000)
    assert price.cost(input_tokens=100 * 2_000) == Decimal("0.60")


@pytest.mark.parametrize(
    ("name", "multipliers"),
    [
        ("claude-sonnet-4-6", ("1.25", "2", "0.1")),
        ("claude-haiku-5-5", ("1.25", "2", "0.1")),
        ("claude-sonnet-5-5", ("1.25", "2", "0.05")),
        ("claude-opus-5-5", ("1.25", "2", "0.05")),
        ("claude-fable-5-2", ("1.25", "2", "0.025")),
    ],
)
def test_a_price_knows_its_multipliers(name: str, multipliers: tuple[str, ...]) -> None:
    """Cache prices relate to the input price as the model's row says: reads differ by model."""
    price = SMALL.find(name).price_for(1)
    assert (
        price.write_5m_multiplier,
        price.write_1h_multiplier,
        price.read_multiplier,
    ) == tuple(map(Decimal, multipliers))


def test_a_band_covers_prompts_up_to_its_limit() -> None:
    """The limit itself belongs to the band."""
    band = PriceBand(price=SONNET, up_to_prompt_tokens=100)
    assert [band.covers(length) for length in (0, 100, 101)] == [True, True, False]


def test_a_band_without_a_limit_covers_every_prompt() -> None:
    """None means that no prompt is too long."""
    assert PriceBand(price=SONNET).covers(1_000_000)
