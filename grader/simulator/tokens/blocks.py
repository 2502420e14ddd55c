"""Count the tokens of a message's content blocks."""

from __future__ import annotations

import json
from typing import assert_never

from grader.simulator.blocks import Sent, kind_of
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
# Redacted thinking: characters around the encrypted thought, and characters a token. Three recorded
# replies of Claude Sonnet 4.5 come out within 8 %.
_SEALED_FRAME = 207
_SEALED = 6.5


def as_blocks(content: Json) -> list[Json]:
    """Return a message's content as a list of blocks; a string is one text block."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def message_tokens(content: Json, measure: Meter, frame: Frame, *, is_current: bool) -> list[int]:
    """Return the tokens of a message, one number a block, without the frame of its turn.

    is_current: the message belongs to the turn that goes on, whose thinking the model still sees.
    """
    counts = []
    before = None
    blocks = [(block, kind_of(block).tokens_in) for block in as_blocks(content)]
    calls = [block for block, counted in blocks if counted == "call"]
    for block, counted in blocks:
        count = _count(block, counted, measure, frame, is_current=is_current)
        if before in ("text", "image") and counted in ("text", "call"):
            count += JOIN
        if counted == "call" and len(calls) > 1:
            count += measure(block["name"]) + (PARALLEL_CALLS if block is calls[0] else 0)
        counts.append(count)
        before = counted
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
    """Return the tokens of a thought as usage tells them, encrypted or not."""
    words = kind_of(block).words
    if words is None:
        written = max(0, len(block["data"]) - _SEALED_FRAME) / _SEALED
        return max(_LEAST_THOUGHT, round(written) + THOUGHT)
    return max(_LEAST_THOUGHT, measure(block[words]) + THOUGHT)


def as_json(value: Json) -> str:
    """Return a value as the API writes it into a prompt."""
    return json.dumps(value, ensure_ascii=False)


def _count(block: Json, counted: Sent, measure: Meter, frame: Frame, *, is_current: bool) -> int:
    match counted:
        case "text":
            return measure(block["text"])
        case "image":
            return image_block_tokens(block)
        case "call":
            return call_tokens(block, measure) + frame.call_and_result
        case "result":
            parts = as_blocks(block.get("content") or "")
            counts = [(part, kind_of(part).tokens_in) for part in parts]
            return sum(_count(*each, measure, frame, is_current=False) for each in counts)
        case "thought":
            return thought_tokens(block, measure) + THOUGHT_SENT_BACK if is_current else 0
        case "encrypted":
            return round(len(as_json(block)) / _ENCRYPTED)
        case "source":
            return _PAGE if _is_file(block) else measure(as_json(block))
        case "json":
            return measure(as_json(block))
        case _:
            assert_never(counted)


def _is_file(block: Json) -> bool:
    source = block.get("source")
    return isinstance(source, dict) and source.get("type") in ("base64", "file", "url")
