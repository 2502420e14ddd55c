"""What calls cost by class of usage, and the call from which a cache is cheaper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from grader.catalog.price import Price
from grader.catalog.tools import search_price


@dataclass(frozen=True)
class Tokens:
    """Hold the tokens of one call by class."""

    fresh: int
    output: int
    write_5m: int = 0
    write_1h: int = 0
    read: int = 0

    @property
    def written(self) -> int:
        """Return what was written to the cache, for either lifetime."""
        return self.write_5m + self.write_1h

    @property
    def uncached(self) -> Tokens:
        """Return the tokens of the same call without any caching."""
        return Tokens(fresh=self.prompt, output=self.output)

    @property
    def prompt(self) -> int:
        """Return all tokens of the input."""
        return self.fresh + self.written + self.read


def read_usage(usage: Mapping[str, Any]) -> Tokens:
    """Return the tokens of a reply's usage, as plain data, by class.

    Takes the usage of a message, a chat completion or a response; an absent or None field counts
    as 0. Cache writes count as 5-minute writes unless `cache_creation` splits them. Of a usage
    with iterations it is the sum of the model's own calls: the rest of it leaves out what a summary
    took.
    """
    calls = own_calls(usage)
    if calls != [usage]:
        return _sum([read_usage(call) for call in calls])
    if "prompt_tokens" in usage:
        return _with_cached(
            usage["prompt_tokens"],
            usage.get("completion_tokens"),
            usage.get("prompt_tokens_details"),
        )
    if "input_tokens_details" in usage:
        return _with_cached(
            usage.get("input_tokens"), usage.get("output_tokens"), usage["input_tokens_details"]
        )
    split = usage.get("cache_creation") or {}
    long = split.get("ephemeral_1h_input_tokens") or 0
    short = split.get("ephemeral_5m_input_tokens") or 0
    written = usage.get("cache_creation_input_tokens") or long + short
    return Tokens(
        fresh=usage.get("input_tokens") or 0,
        output=usage.get("output_tokens") or 0,
        write_5m=written - long,
        write_1h=long,
        read=usage.get("cache_read_input_tokens") or 0,
    )


# The calls of an advisor or of a fallback are another model's, and have its price.
_OWN_ITERATIONS = ("message", "compaction")


def own_calls(usage: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the usages of a model's own calls: its iterations, or itself where it has none."""
    answered = [c for c in usage.get("iterations") or () if c.get("type") == "fallback_message"]
    if answered:
        # The others are those of models that declined, which cost nothing before any output.
        return answered
    own = [call for call in usage.get("iterations") or () if call.get("type") in _OWN_ITERATIONS]
    return own or [usage]


def _sum(calls: Sequence[Tokens]) -> Tokens:
    return Tokens(
        fresh=sum(call.fresh for call in calls),
        output=sum(call.output for call in calls),
        write_5m=sum(call.write_5m for call in calls),
        write_1h=sum(call.write_1h for call in calls),
        read=sum(call.read for call in calls),
    )


def _with_cached(
    prompt: int | None, output: int | None, details: Mapping[str, Any] | None
) -> Tokens:
    # In OpenAI's shapes the prompt's tokens include those read from a cache.
    read = (details or {}).get("cached_tokens") or 0
    return Tokens(fresh=(prompt or 0) - read, output=output or 0, read=read)


def bill(tokens: Tokens, price: Price, *, batch: bool = False) -> Decimal:
    """Return what a call costs, in US dollars."""
    return price.cost(
        input_tokens=tokens.fresh,
        output_tokens=tokens.output,
        cache_write_5m_tokens=tokens.write_5m,
        cache_write_1h_tokens=tokens.write_1h,
        cache_read_tokens=tokens.read,
        batch=batch,
    )


def searches_cost(usage: Mapping[str, Any]) -> Decimal:
    """Return what the web searches in a reply's usage cost, in USD, whatever its tokens cost."""
    count = (usage.get("server_tool_use") or {}).get("web_search_requests") or 0
    return count * search_price() if count else Decimal(0)


def break_even(price: Price, ttl: str) -> int | None:
    """Return from which call on caching a prefix costs less; None if it never does.

    ttl: the lifetime of the cache, "5m" or "1h".
    """
    return first_below(price.write_5m if ttl == "5m" else price.write_1h, price.read, price.input)


def first_below(write: Decimal, read: Decimal, plain: Decimal) -> int | None:
    """Return the least number of calls with write + (calls - 1) * read < calls * plain."""
    if write < plain:
        return 1
    if read >= plain:
        return None
    # Each call saves the same amount, and the savings have to close the gap at the start.
    return int(((write - read) / (plain - read)).to_integral_value(ROUND_FLOOR)) + 1
