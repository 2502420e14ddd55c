"""Build a whole message from a scripted turn: ids, usage, and the newest shape's key order."""

from __future__ import annotations

from collections.abc import Sequence

from grader.catalog import ModelCard
from grader.simulator.identifiers import Identifiers
from grader.simulator.replies import Turn
from grader.simulator.tokens import input_tokens, output_tokens, thinking_tokens
from grader.simulator.wire import Json

_NO_GEOGRAPHY = ("claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-5")


def make_message(turn: Turn, request: Json, card: ModelCard, ids: Identifiers) -> Json:
    """Return the message that answers a valid request with this turn."""
    content = [_block(block, ids) for block in turn.content]
    return {
        "model": card.id,
        "id": ids.draw("msg"),
        "type": "message",
        "role": "assistant",
        "content": content,
        "stop_reason": turn.stop_reason,
        "stop_sequence": turn.stop_sequence,
        "stop_details": turn.stop_details,
        "usage": make_usage(request, content, card, stop_reason=turn.stop_reason),
    }


def make_usage(
    request: Json, content: Sequence[Json], card: ModelCard, *, stop_reason: str
) -> Json:
    """Return the usage of a request and its reply, in tokens."""
    asked = (request.get("thinking") or {}).get("type", "disabled") != "disabled"
    thinks = asked or any(block["type"] == "thinking" for block in content)
    counted = output_tokens(content, card) if content else 1
    limit = request["max_tokens"]
    usage: dict[str, Json] = {
        "input_tokens": input_tokens(request, card),
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        # Recorded: a reply that reached its limit has exactly so many, and no other has more.
        "output_tokens": limit if stop_reason == "max_tokens" else min(counted, limit),
    }
    if thinks or card.tokenizer != "v3":
        thought = min(thinking_tokens(content, card), usage["output_tokens"])
        usage["output_tokens_details"] = {"thinking_tokens": thought}
    usage["service_tier"] = "standard"
    usage["inference_geo"] = "not_available" if card.id.startswith(_NO_GEOGRAPHY) else "global"
    return usage


def _block(block: Json, ids: Identifiers) -> Json:
    if block["type"] == "tool_use":
        return {
            "type": "tool_use",
            "id": block.get("id") or ids.draw("toolu"),
            "name": block["name"],
            "input": block["input"],
            "caller": {"type": "direct"},
        }
    if block["type"] == "thinking":
        signature = block["signature"] or ids.characters(344)
        return {"type": "thinking", "thinking": block["thinking"], "signature": signature}
    return dict(block)
