"""What calls cost, and when a cache is cheaper, held against adding it up call by call."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.catalog import Price, Tokens, break_even, find_model, read_usage

_MOST = 2_000
prices = st.decimals(min_value=0, max_value=40, places=3)


@given(write=prices, read=prices, plain=prices)
def test_the_break_even_is_the_first_call_that_is_cheaper(
    write: Decimal, read: Decimal, plain: Decimal
) -> None:
    """At any price, also where a read costs more than it saves, or the saving is tiny."""
    price = Price(input=plain, output=Decimal(1), write_5m=write, write_1h=write * 2, read=read)
    by_counting = next(
        (calls for calls in range(1, _MOST) if write + (calls - 1) * read < calls * plain), None
    )
    found = break_even(price, "5m")
    assert found == by_counting or (by_counting is None and found is not None and found >= _MOST)
    assert break_even(price, "1h") == break_even(replace(price, write_5m=write * 2), "5m")


def test_a_usage_is_read_whatever_it_leaves_out() -> None:
    """Other servers that speak the protocol leave the cache out, or do not split it."""
    assert read_usage({"input_tokens": 3, "output_tokens": 2}) == Tokens(fresh=3, output=2)
    assert read_usage(
        {
            "input_tokens": 3,
            "output_tokens": 2,
            "cache_creation_input_tokens": 9,
            "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 5},
            "cache_read_input_tokens": None,
        }
    ) == Tokens(fresh=3, output=2, write_5m=4, write_1h=5)
    assert read_usage({"input_tokens": 0, "cache_creation_input_tokens": 7}).write_5m == 7
    only_split = {"input_tokens": None, "cache_creation": {"ephemeral_1h_input_tokens": 5}}
    assert read_usage(only_split) == Tokens(fresh=0, output=0, write_1h=5)


def test_the_usages_of_other_apis_are_read() -> None:
    """In OpenAI's shapes the prompt has the tokens in it that came from a cache."""
    details = {"cached_tokens": 30}
    completion = {"prompt_tokens": 40, "completion_tokens": 2, "prompt_tokens_details": details}
    response = {"input_tokens": 40, "output_tokens": 2, "input_tokens_details": details}
    assert read_usage(completion) == read_usage(response) == Tokens(fresh=10, output=2, read=30)
    plain = {"prompt_tokens": 40, "completion_tokens": 2, "prompt_tokens_details": None}
    assert read_usage(plain) == Tokens(fresh=40, output=2)


def test_a_cache_that_saves_next_to_nothing_pays_at_last() -> None:
    """There is no call beyond which nobody looks."""
    price = Price(Decimal(1), Decimal(5), Decimal(2), Decimal(4), Decimal("0.996"))
    assert (break_even(price, "5m"), break_even(price, "1h")) == (252, 752)


@given(
    calls=st.lists(
        st.tuples(st.integers(0, 200_000), st.integers(0, 9_000), st.integers(0, 200_000)),
        min_size=1,
        max_size=4,
    ),
    advised=st.booleans(),
)
def test_a_usage_with_iterations_bills_each_of_them(
    calls: list[tuple[int, int, int]], advised: bool
) -> None:
    """Each at the price of its own prompt; an advisor's are another model's."""
    entries: list[dict[str, Any]] = [
        {
            "type": "compaction" if place + 1 < len(calls) else "message",
            "input_tokens": fresh,
            "output_tokens": output,
            "cache_read_input_tokens": read,
        }
        for place, (fresh, output, read) in enumerate(calls)
    ]
    usage = {"input_tokens": 0, "output_tokens": 0, "iterations": entries}
    if advised:
        usage["iterations"] = [{**entries[0], "type": "advisor_message"}, *entries]
    card = find_model("claude-haiku-5-5")
    assert card.cost_of(usage) == sum(card.cost_of(entry) for entry in entries)
    tokens = read_usage(usage)
    assert (tokens.fresh, tokens.output, tokens.read) == tuple(map(sum, zip(*calls, strict=True)))
