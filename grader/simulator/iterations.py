"""Tell the calls of a model that one request took: `usage.iterations`.

Recorded from April to October 2026: a usage has them under the betas of compaction, of the advisor
and of task budgets, and under no other. A call that summarizes is in none of the other numbers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from grader.catalog import asks_for
from grader.simulator.caching import CacheUse
from grader.simulator.wire import Json

_BETAS = ("compaction", "threshold_compaction", "advisor", "task_budgets")


@dataclass(frozen=True)
class SummaryCall:
    """Hold the call that summarized a conversation: its input by what it costs, and its output."""

    use: CacheUse
    output: int


def tells_iterations(betas: Collection[str]) -> bool:
    """Return whether a usage has its iterations; betas: the values of the request's header."""
    return asks_for(betas, *_BETAS)


def iterate(usage: Json, use: CacheUse, *, summary: SummaryCall | None = None) -> Json:
    """Return the usage of a reply with its iterations, in the recorded order of keys.

    use: the input of the call that wrote the reply, for a usage that has no iterations yet.
    summary: the call before it, if there was one.
    """
    calls = [entry(summary.use, summary.output, "compaction")] if summary else []
    own = usage.get("iterations") or [entry(use, usage["output_tokens"], "message")]
    return _with(usage, [*calls, *own])


def only_summarized(usage: Json, summary: SummaryCall, *, at_threshold: bool) -> Json:
    """Return the usage of a request that only summarized: all but the iterations is 0.

    at_threshold: recorded, such a pause tells nothing else.
    """
    calls = [entry(summary.use, summary.output, "compaction")]
    if at_threshold:
        return {"input_tokens": 0, "output_tokens": 0, "iterations": calls}
    zero = {key: value for key, value in usage.items() if key != "output_tokens_details"}
    numbers = {key: 0 for key, value in zero.items() if isinstance(value, int)}
    split = {key: dict.fromkeys(value, 0) for key, value in zero.items() if isinstance(value, dict)}
    return _with({**zero, **numbers, **split}, calls)


def _with(usage: Json, calls: list[Json]) -> Json:
    whole: dict[str, Json] = {}
    for key, value in usage.items():
        if key == "output_tokens":
            whole["iterations"] = calls
        if key != "iterations":
            whole[key] = value
    return whole


def entry(use: CacheUse, output: int, kind: str, **others: Json) -> Json:
    """Return one call of a model; use: its input by what it costs. others: what only it has."""
    return {
        "input_tokens": use.fresh,
        "output_tokens": output,
        "cache_read_input_tokens": use.read,
        "cache_creation_input_tokens": use.written,
        "cache_creation": {
            "ephemeral_5m_input_tokens": use.written_5m,
            "ephemeral_1h_input_tokens": use.written_1h,
        },
        "type": kind,
        **others,
    }
