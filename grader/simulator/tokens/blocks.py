"""Count the tokens of a message's content blocks."""

from __future__ import annotations

import json

from grader.simulator.tokens.frame import (
    ARGUMENT,
    JOIN,
    PARALLEL_CALLS,
    THOUGHT,
    THOUGHT_SENT_BACK,
    Frame,
)
from grader.simulator.tokens.pictures import image_block_tokens
from grader.simulator.tokens.text import Meter
from grader.simulator.wire import Json

# A block whose text is left out, as newer models send it, still stands for some thinking.
_LEAST_THOUGHT = 24
# A document that is not plain text counts as one page: 1,607 to 1,638 in five recordings.
_PAGE = 1_620
# What a search found is encrypted: characters a token, in one recording.
_ENCRYPTED = 2.5


def as_blocks(content: Json) -> list[Json]:
    """Return a message's content as a list of blocks; a string is one text block."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def message_tokens(content: Json, measure: Meter, frame: Frame, *, is_current: bool) -> list[int]:
    """Return the tokens of a message, one number a block, without the frame of its turn.

    is_current: the message belongs to the turn that goes on, whose thinking the model still sees.
    """
    counts = []
    before = None
    blocks = as_blocks(content)
    calls = [block for block in blocks if block.get("type") == "tool_use"]
    for block in blocks:
        kind = block.get("type")
        count = _block(block, measure, frame, is_current=is_current)
        if before in ("text", "image") and kind in ("text", "tool_use"):
            count += JOIN
        if kind == "tool_use" and len(calls) > 1:
            count += measure(block["name"]) + (PARALLEL_CALLS if block is calls[0] else 0)
        counts.append(count)
        before = kind
    return counts


def call_tokens(block: Json, measure: Meter) -> int:
    """Return the tokens of a call's name and arguments."""
    return measure(block["name"]) + arguments_tokens(block, measure)


def arguments_tokens(block: Json, measure: Meter) -> int:
    """Return the tokens of a call's arguments."""
    total = 0
    for key, value in block["input"].items():
        words = value if isinstance(value, str) else as_json(value)
        total += measure(key) + measure(words) + ARGUMENT
    return total


def thought_tokens(block: Json, measure: Meter) -> int:
    """Return the tokens of a thinking block as usage tells them."""
    return max(_LEAST_THOUGHT, measure(block["thinking"]) + THOUGHT)


def as_json(value: Json) -> str:
    """Return a value as the API writes it into a prompt."""
    return json.dumps(value, ensure_ascii=False)


def _block(block: Json, measure: Meter, frame: Frame, *, is_current: bool) -> int:
    kind = block.get("type")
    if kind == "text":
        return measure(block["text"])
    if kind == "image":
        return image_block_tokens(block)
    if kind == "tool_use":
        return call_tokens(block, measure) + frame.call_and_result
    if kind == "tool_result":
        content = as_blocks(block.get("content") or "")
        return sum(_block(part, measure, frame, is_current=False) for part in content)
    if kind == "thinking":
        return thought_tokens(block, measure) + THOUGHT_SENT_BACK if is_current else 0
    if kind == "redacted_thinking":
        return 0
    return _other(block, measure)


def _other(block: Json, measure: Meter) -> int:
    """Count what is not simulated, but is not free either."""
    source = block.get("source")
    if isinstance(source, dict) and source.get("type") in ("base64", "file", "url"):
        return _PAGE
    written = as_json(block)
    if str(block.get("type")).endswith("_tool_result"):
        return round(len(written) / _ENCRYPTED)
    return measure(written)
