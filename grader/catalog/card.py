"""What we know about one model: its limits, its prices, and what it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from grader.catalog.bill import Tokens, bill, own_calls, read_usage, searches_cost
from grader.catalog.price import BATCH_SHARE, US_FACTOR, Price, PriceBand

Lifecycle = Literal["active", "deprecated"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]
Tokenizer = Literal["v3", "v4.7", "v4.8"]
ThinkingDefault = Literal["off", "on", "always"]
ThinkingDisplay = Literal["summarized", "omitted"]
Speed = Literal["none", "standard", "fast"]
Latency = Literal["slower", "moderate", "fast", "fastest"]
PrefixCheck = Literal["off", "new_accounts", "every_account"]


class ToolOverhead(NamedTuple):
    """Count the hidden prompt tokens that tools add, by the kind of `tool_choice`."""

    auto: int
    """With `tool_choice` auto or none."""
    forced: int
    """With `tool_choice` any or tool."""
    one_call: int | None = None
    """With auto and `disable_parallel_tool_use`; None if it is the same as auto."""

    @property
    def least(self) -> int:
        """Return the fewest tokens that tools add, over all choices."""
        return self.auto if self.one_call is None else self.one_call


_LIKELY_OVERHEAD = ToolOverhead(auto=350, forced=475)


@dataclass(frozen=True, kw_only=True)
class ModelRules:
    """Say which requests a model accepts, and what its replies have.

    A default holds for every newer model; the rows of older models override it.
    """

    thinking_default: ThinkingDefault
    """What happens when a request has no `thinking`."""
    thinking_rejects: tuple[str, ...]
    """The values of `thinking.type` that are a 400."""
    thinking_disabled_rejects_effort: tuple[str, ...] = ()
    """The effort levels at which `thinking.type` disabled or between_tools is a 400."""
    prefill: bool
    """A last message with the role assistant is accepted."""
    forced_tool_choice: bool
    """`tool_choice` any and tool are accepted."""
    mid_conversation_system: bool
    """A message with the role system is accepted after the first."""
    sampling: bool
    """`temperature`, `top_p` and `top_k` are accepted on API version 2023-06-01."""
    effort_levels: tuple[str, ...]
    """The values that `output_config.effort` may have; empty where effort is refused."""
    default_effort: Effort = "high"
    """The effort of a request that names none, where `effort_levels` has any."""
    message_effort: bool = True
    """A system message may set the effort from there on, under its beta."""
    thinking_display: ThinkingDisplay = "omitted"
    """What a thinking block shows when a request has no `thinking.display`."""
    prefix_check: PrefixCheck = "new_accounts"
    """For whom thinking sent back must stand in the conversation that it was made in, where a
    request doesn't say: for accounts created since 2026-08-31, for everybody, or for nobody."""
    thinking_readers: tuple[str, ...] | None = None
    """The other models that can read its thinking, by their ids; None for all of them."""
    keeps_thinking: bool = True
    """It reads the thinking of all turns that come back, not only of the turn that goes on."""
    reports_thinking: bool = True
    """A usage has `output_tokens_details` even if the reply has no thinking."""
    inference_geo: bool = True
    """A usage says where the model ran, and a request may."""
    task_budget: bool = True
    """The model can be told of a budget for its whole task."""
    speed: Speed = "none"
    """What `speed` "fast" comes to: it is a 400, the reply is as fast as ever, or it is fast."""
    fallbacks: tuple[str, ...] = ()
    """The models that may answer what it declines, by their ids, the recommended one first."""
    image_side: int = 2576
    """The longest side of a picture, in pixels, that it is shown; a larger one is scaled down."""
    image_tokens: int = 4784
    """The most tokens of a picture that it is shown; a larger one is scaled down."""
    compaction: bool = True
    """It can summarize a conversation, on demand and from a threshold on."""
    code_execution: bool = True
    """The list of models says that it runs code."""
    programmatic_tools: bool = True
    """Code that it runs can call tools."""
    refused_tools: tuple[str, ...] = ()
    """The types of Anthropic's own tools that it refuses."""
    own_advisor: bool = False
    """As an advisor it helps itself alone, and takes no other model's advice."""
    long_output: bool = True
    """It writes up to LONG_OUTPUT tokens in a batch, under its beta."""
    assumed: tuple[str, ...] = ()
    """The rules above that no source states; we copied them from the model's siblings."""


LONG_OUTPUT = 300_000
"""The most tokens of one reply in a batch, under the beta (Anthropic's pages, October 2026)."""


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """Hold one row of the catalog; lengths are in tokens, dates are days."""

    id: str
    aliases: tuple[str, ...]
    display_name: str
    good_for: str | None = None
    """What Anthropic says that it is for, in a few words; None if no source says it."""
    latency: Latency | None = None
    """How fast it is beside its siblings of the same list; None if no source says it."""
    released: date | None = None
    legacy: bool = False
    """A newer model of its line is out."""
    lifecycle: Lifecycle
    deprecated: date | None = None
    """The day on which a deprecated model became one."""
    retires: date | None = None
    """The day the model stops answering; known for deprecated models only."""
    retires_assumed: date | None = None
    """That day where only a third party tells it: nothing is refused by it."""
    retires_not_before: date | None = None
    """The earliest day on which an active model may stop answering."""
    tokenizer: Tokenizer
    """The tokenizer's generation: each counts the same text differently."""
    context_window: int
    max_output: int
    min_cache: int | None = None
    """The shortest prefix that is cached; None if no source says."""
    min_cache_assumed: int | None = None
    """What the simulator assumes when `min_cache` is None."""
    tool_overhead: ToolOverhead | None = None
    system_overhead: int = 0
    """The tokens that join a system prompt to the rest, if the request has no tools."""
    adaptive_overhead: int = 0
    """The hidden prompt tokens that adaptive thinking adds."""
    rules: ModelRules
    prices: tuple[PriceBand, ...]
    fast_factor: Decimal | None = None
    """By what every price is multiplied for a reply at the speed "fast"; None without that."""
    as_of: date
    source: str

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name that a request may use for this model, its id first."""
        return (self.id, *self.aliases)

    def is_retired(self, today: date) -> bool:
        """Return whether the model has stopped answering by a day."""
        return self.retires is not None and self.retires <= today

    @property
    def line(self) -> str:
        """Return the model's line: fable, opus, sonnet or haiku."""
        return next(part for part in self.id.split("-")[1:] if part.isalpha())

    def stage(self, today: date) -> str:
        """Return the stage of its life on a day: active, deprecated or retired."""
        if self.is_retired(today):
            return "retired"
        is_ahead = self.deprecated is not None and today < self.deprecated
        return "active" if is_ahead else self.lifecycle

    @property
    def cache_minimum(self) -> int:
        """Return the shortest prefix that is cached: known, or else assumed in the row."""
        return self.min_cache or self.min_cache_assumed or 0

    @property
    def hidden_tools(self) -> ToolOverhead:
        """Return the hidden tokens that tools add; if unknown, about what its siblings add."""
        return self.tool_overhead or _LIKELY_OVERHEAD

    def price_for(self, prompt_tokens: int) -> Price:
        """Return the price for a prompt of this total length, cached tokens included."""
        return next(band.price for band in self.prices if band.covers(prompt_tokens))

    def cost_of(self, usage: Mapping[str, Any], *, batch: bool = False) -> Decimal:
        """Return what one reply cost, in USD, from its `usage` in any of the APIs' shapes.

        A usage of the Messages API says itself that it is a batch's, which costs half, and how
        fast it came and where it ran, which cost more. Where it has iterations, each is a call of
        its own; of another model's the price is not known here. Web searches are paid one by one.
        """
        is_whole = batch and usage.get("service_tier") != "batch"
        calls = own_calls(usage)
        whole = sum((self.charge(read_usage(each), batch=is_whole) for each in calls), Decimal(0))
        return whole * self.factor_of(usage) + searches_cost(usage)

    def factor_of(self, usage: Mapping[str, Any]) -> Decimal:
        """Return what the prices of a reply are multiplied by, as its usage says."""
        factor = BATCH_SHARE if usage.get("service_tier") == "batch" else Decimal(1)
        if usage.get("speed") == "fast" and self.fast_factor is not None:
            factor *= self.fast_factor
        return factor * US_FACTOR if usage.get("inference_geo") == "us" else factor

    def cost_told(self, tokens: Tokens, usage: Mapping[str, Any]) -> Decimal:
        """Return what a reply cost whose tokens are known, in USD.

        usage: its usage, which says how fast it came, where it ran, and how often it searched.
        """
        return self.charge(tokens) * self.factor_of(usage) + searches_cost(usage)

    def charge(self, tokens: Tokens, *, batch: bool = False) -> Decimal:
        """Return what one call cost, in USD; the length of its prompt picks the price."""
        return bill(tokens, self.price_for(tokens.prompt), batch=batch)
