"""Build a whole message from a scripted turn: ids, usage, and the newest shape's key order."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from grader.catalog import ModelCard
from grader.simulator.binding import Signer
from grader.simulator.blocks import kind_of, part_of
from grader.simulator.caching import CacheUse
from grader.simulator.identifiers import Identifiers
from grader.simulator.replies import Turn
from grader.simulator.tokens import (
    Counter,
    input_tokens,
    output_tokens,
    text_tokens,
    thinking_tokens,
)
from grader.simulator.validation import NEWEST_VERSION, VERSIONS
from grader.simulator.wire import Json


def make_message(
    turn: Turn,
    request: Json,
    card: ModelCard,
    ids: Identifiers,
    *,
    use: CacheUse | None = None,
    diagnostics: Json = None,
    transformations: Sequence[Json] | None = None,
    version: str = VERSIONS[0],
    counter: Counter = text_tokens,
) -> Json:
    """Return the message that answers a valid request with this turn.

    use: the input tokens by what they cost; all at the full price when None.
    diagnostics: why a cached prefix was not reused. version: that of the API.
    transformations: what was done to the thinking that was sent; None where nobody asked.
    counter: counts the texts.
    """
    signer = Signer(request, card, ids)
    content = []
    tokens = turn.thinking_tokens
    for block in turn.content:
        content.append(_block(block, ids, signer, tokens))
        # All of it was spent on the first thought.
        tokens = 0 if part_of(block) == "thought" else tokens
    # Replies recorded up to August 2026 have neither container nor diagnostics; one of 2026-10-09
    # has both as null. All of them are on version 2023-06-01, so on that version the simulator
    # leaves the two out. On the newest version it sends them; that is a guess.
    is_newest = version == NEWEST_VERSION
    message = {
        "model": card.id,
        "id": ids.draw("msg"),
        "type": "message",
        "role": "assistant",
        "content": content,
        **({"container": None} if is_newest else {}),
        "stop_reason": turn.stop_reason,
        "stop_sequence": turn.stop_sequence,
        "stop_details": turn.stop_details,
        "usage": make_usage(
            request,
            content,
            card,
            use or _uncached(request, card, counter),
            stop_reason=turn.stop_reason,
            counter=counter,
        ),
    }
    if is_newest or request.get("diagnostics") is not None:
        message["diagnostics"] = diagnostics
    if transformations is not None:
        message["input_transformations"] = list(transformations)
    return message


def _uncached(request: Json, card: ModelCard, counter: Counter) -> CacheUse:
    fresh = input_tokens(request, card, counter=counter)
    return CacheUse(read=0, written_5m=0, written_1h=0, fresh=fresh)


def make_usage(
    request: Json,
    content: Sequence[Json],
    card: ModelCard,
    use: CacheUse,
    *,
    stop_reason: str,
    counter: Counter = text_tokens,
) -> Json:
    """Return the usage of a request and its reply, in tokens; counter: counts the reply's texts."""
    asked = (request.get("thinking") or {}).get("type", "disabled") != "disabled"
    thinks = asked or any(part_of(block) == "thought" for block in content)
    chosen = request.get("tool_choice")
    counted = output_tokens(content, card, tool_choice=chosen, counter=counter) if content else 1
    limit = request["max_tokens"]
    # Recorded: a reply that reached its limit has exactly so many, and no other has more.
    written = limit if stop_reason == "max_tokens" else min(counted, limit)
    usage: dict[str, Json] = {
        "input_tokens": use.fresh,
        "cache_creation_input_tokens": use.written,
        "cache_read_input_tokens": use.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": use.written_5m,
            "ephemeral_1h_input_tokens": use.written_1h,
        },
    }
    if (request.get("output_config") or {}).get("task_budget"):
        # Recorded with a budget for the task, though there was one attempt at the reply.
        usage["iterations"] = [make_iteration("message", {**usage, "output_tokens": written})]
    usage["output_tokens"] = written
    if thinks or card.rules.reports_thinking:
        thought = min(thinking_tokens(content, card, counter=counter), usage["output_tokens"])
        usage["output_tokens_details"] = {"thinking_tokens": thought}
    usage["service_tier"] = "standard"
    asked_place = request.get("inference_geo") or "global"
    usage["inference_geo"] = asked_place if card.rules.inference_geo else "not_available"
    if request.get("speed"):
        is_fast = request["speed"] == card.rules.speed == "fast"
        usage["speed"] = "fast" if is_fast else "standard"
    return usage


def make_iteration(kind: str, usage: Json, *, model: str | None = None) -> Json:
    """Return what one attempt at a reply used, as `usage.iterations` tells it.

    kind: the entry's `type`. model: who made the attempt, where the entry says it.
    """
    keys = (
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "cache_creation",
    )
    # Recorded in this order; where the model stands is a guess.
    named = {} if model is None else {"model": model}
    return {**{key: usage[key] for key in keys}, **named, "type": kind}


def _block(block: Json, ids: Identifiers, signer: Signer, tokens: int) -> Json:
    """Return a scripted block with all that a script may leave out."""
    kind = kind_of(block)
    whole = dict(block)
    if kind.id_prefix:
        # Recorded: the id comes second.
        id = {"id": block.get("id") or ids.draw(kind.id_prefix)}
        whole = {"type": kind.name, **id, **block, **id}
    if kind.signed:
        said = block[kind.words] if kind.words else ""
        whole[kind.signed] = block[kind.signed] or signer.sign(said, tokens=tokens)
    for key, value in kind.added.items():
        whole.setdefault(key, deepcopy(value))
    signer.add(whole)
    return whole
