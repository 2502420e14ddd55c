"""What a reply costs that holds calls of the API's own tools.

Recorded: the API calls the model again after each round of results, and `input_tokens` is the sum
of all these prompts, while a stream opens with what the first of them cost; `server_tool_use` is
there where a tool of the API's own was called, whichever it was. Failed searches are free
(Anthropic's page on prices). What the advisor used is told in `iterations` and in no sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.catalog import ModelCard
from grader.simulator.blocks import part_of
from grader.simulator.caching import CacheUse
from grader.simulator.iterations import entry
from grader.simulator.tokens import Counter, output_tokens, sent_tokens
from grader.simulator.wire import Json

_SERVER = ("server_call", "server_result")


@dataclass(frozen=True)
class ModelCall:
    """Hold one call of the model within a reply.

    before: the blocks of the reply that its prompt had already. made: those that came of it, with
    the results of its calls.
    """

    before: tuple[Json, ...]
    made: tuple[Json, ...]


def uses_server_tools(content: Sequence[Json]) -> bool:
    """Return whether a reply holds a call of the API's own, or the result of one."""
    return any(part_of(block) in _SERVER for block in content)


def count_requests(content: Sequence[Json]) -> Json:
    """Return how often a reply searched and fetched, for `usage.server_tool_use`."""
    return {
        f"{name}_requests": sum(
            block["type"] == f"{name}_tool_result" and not _has_failed(block) for block in content
        )
        for name in ("web_search", "web_fetch")
    }


def read_rounds(content: Sequence[Json]) -> list[ModelCall]:
    """Return the calls of the model that made up a reply; results alone are a call's, too."""
    starts: list[int] = []
    has_result = True
    for place, block in enumerate(content):
        caller = block.get("caller") or {}
        is_made = part_of(block) != "server_result" and caller.get("type", "direct") == "direct"
        if is_made and has_result:
            starts.append(place)
        has_result = (has_result and not is_made) or part_of(block) == "server_result"
    starts = starts or [len(content)]
    ends = [*starts[1:], len(content)]
    return [
        ModelCall(tuple(content[:start]), tuple(content[start:end]))
        for start, end in zip(starts, ends, strict=True)
    ]


def costs_of(
    rounds: Sequence[ModelCall], use: CacheUse, card: ModelCard, *, counter: Counter
) -> list[CacheUse]:
    """Return what the prompt of each round cost; use: what the request itself did.

    What the first round read or wrote is read again by the later ones.
    """
    fresh = [use.fresh + sent_tokens(each.before, card, counter=counter) for each in rounds]
    later = CacheUse(read=use.read + use.written, written_5m=0, written_1h=0, fresh=0)
    return [replace(use, fresh=fresh[0]), *(replace(later, fresh=each) for each in fresh[1:])]


def add_up(costs: Sequence[CacheUse]) -> CacheUse:
    """Return the cost of all rounds together."""
    return CacheUse(
        read=sum(cost.read for cost in costs),
        written_5m=sum(cost.written_5m for cost in costs),
        written_1h=sum(cost.written_1h for cost in costs),
        fresh=sum(cost.fresh for cost in costs),
    )


def tell_iterations(
    rounds: Sequence[ModelCall],
    costs: Sequence[CacheUse],
    request: Json,
    card: ModelCard,
    *,
    total: int,
    counter: Counter,
) -> list[Json]:
    """Return `usage.iterations` of a reply in which the advisor was asked.

    total: the output tokens of the whole reply, which those of its rounds make up.
    """
    models = [tool["model"] for tool in request.get("tools") or () if tool.get("name") == "advisor"]
    told: list[Json] = []
    left = total
    for place, (each, cost) in enumerate(zip(rounds, costs, strict=True)):
        is_last = place == len(rounds) - 1
        written = left if is_last else min(left, output_tokens(each.made, card, counter=counter))
        left -= written
        told.append(entry(cost, written, "message"))
        for block in _advice(each.made):
            words = block["content"].get("text") or block["content"].get("encrypted_content") or ""
            asked = sum((cost.fresh, cost.read, cost.written))
            advised = CacheUse(read=0, written_5m=0, written_1h=0, fresh=asked + written)
            model = models[0] if models else card.id
            output = output_tokens([{"type": "text", "text": words}], card, counter=counter)
            told.append(entry(advised, output, "advisor_message", model=model))
    return told


def has_advice(content: Sequence[Json]) -> bool:
    """Return whether the advisor answered in a reply."""
    return any(True for _ in _advice(content))


def _advice(content: Sequence[Json]) -> Iterator[Json]:
    for block in content:
        if block["type"] == "advisor_tool_result" and not _has_failed(block):
            yield block


def _has_failed(block: Json) -> bool:
    content = block["content"]
    return isinstance(content, dict) and "error_code" in content
