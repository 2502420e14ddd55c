"""Count the tokens of content blocks: of those in a prompt, and of those that a reply tells."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import assert_never

from grader.catalog import ModelCard, ModelRules
from grader.errors import UnknownBlock
from grader.simulator.blocks import Sent, Told, kind_of, part_of
from grader.simulator.contents import as_blocks, nested_key
from grader.simulator.signatures import read_signature
from grader.simulator.tokens.documents import source_tokens
from grader.simulator.tokens.frame import (
    ARGUMENT,
    JOIN,
    PARALLEL_CALLS,
    SUMMARY,
    THOUGHT,
    THOUGHT_SENT_BACK,
    Frame,
    frame_of,
)
from grader.simulator.tokens.pictures import image_block_tokens
from grader.simulator.tokens.text import Counter, Meter, text_tokens
from grader.simulator.wire import Json, JsonValue

# A block whose text is left out, as newer models send it, still stands for some thinking.
_LEAST_THOUGHT = 24
# What a search found is encrypted: characters a token, in one recording.
_ENCRYPTED = 2.5
# Redacted thinking: characters around the encrypted thought, and characters a token. Three recorded
# replies of Claude Sonnet 4.5 come out within 8 %.
_SEALED_FRAME = 207
_SEALED = 6.5


def message_tokens(
    content: Json, measure: Meter, frame: Frame, rules: ModelRules, *, is_current: bool
) -> list[int]:
    """Return the tokens of a message, one number a block, without the frame of its turn.

    rules: the model's. is_current: the model still sees the thinking of the message.
    """
    counts = []
    before = None
    blocks = [(block, kind_of(block).tokens_in) for block in as_blocks(content)]
    calls = [block for block, counted in blocks if counted == "call"]
    for block, counted in blocks:
        count = _count(block, counted, measure, frame, rules, is_current=is_current)
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
    least = _spent(block) or _LEAST_THOUGHT
    if words is None:
        written = max(0, len(block["data"]) - _SEALED_FRAME) / _SEALED
        return max(least, round(written) + THOUGHT)
    return max(least, measure(block[words]) + THOUGHT)


def _spent(block: Json) -> int:
    """Return what a thought cost by its signature, which has the reasoning that isn't shown."""
    key = kind_of(block).signed
    try:
        signed = read_signature(block[key]) if key else None
    except ValueError:
        return 0
    return signed.tokens if signed else 0


def as_json(value: JsonValue) -> str:
    """Return a value as the API writes it into a prompt."""
    return json.dumps(value, ensure_ascii=False)


def _count(
    block: Json,
    counted: Sent,
    measure: Meter,
    frame: Frame,
    rules: ModelRules,
    *,
    is_current: bool,
) -> int:
    match counted:
        case "text":
            return measure(block["text"])
        case "image":
            return image_block_tokens(block, rules)
        case "call":
            return call_tokens(block, measure) + frame.call_and_result
        case "result":
            parts = as_blocks(block.get(nested_key(block)) or "")
            counts = [(part, kind_of(part).tokens_in) for part in parts]
            return sum(_count(*each, measure, frame, rules, is_current=False) for each in counts)
        case "thought":
            return thought_tokens(block, measure) + THOUGHT_SENT_BACK if is_current else 0
        case "encrypted":
            return round(len(as_json(block)) / _ENCRYPTED)
        case "source":
            return source_tokens(block, measure, rules)
        case "json":
            return measure(as_json(block))
        case "nothing":
            return 0
        case "summary":
            words = block.get("content")
            return measure(words) + SUMMARY if words else 0
        case "change":
            return measure(as_json(block["tool"]))
        case _:
            assert_never(counted)


def sent_tokens(content: Iterable[Json], card: ModelCard, *, counter: Counter = text_tokens) -> int:
    """Return the tokens that blocks of a reply have as part of a later prompt."""
    blocks = list(content)
    measure = Meter(card.tokenizer, counter)
    return sum(message_tokens(blocks, measure, frame_of(card), card.rules, is_current=True))


def output_tokens(
    content: Iterable[Json],
    card: ModelCard,
    *,
    tool_choice: Json = None,
    counter: Counter = text_tokens,
) -> int:
    """Return the output tokens of a reply's content blocks, the end of the turn included.

    tool_choice: that of the request: a call that was forced costs less. counter: counts the texts.
    """
    measure = Meter(card.tokenizer, counter)
    frame = frame_of(card)
    choice = (tool_choice or {}).get("type", "auto")
    # Forced calls go on from what the prompt ends with: the opening, and with one tool its name.
    opening = 0 if choice in ("any", "tool") else frame.calls
    each = arguments_tokens if choice == "tool" else call_tokens
    has_text = has_call = False
    total = 0
    for block in content:
        counted = _counted(block)
        match counted:
            case "text":
                total += measure(block["text"])
                has_text = True
            case "thought":
                total += thought_tokens(block, measure) + frame.thought
            case "call":
                total += each(block, measure) + frame.call
                has_call = True
            case "server_call":
                # Each opens anew, within 2 on ten recorded replies of the older tokenizer.
                join = JOIN if has_text else 0
                total += call_tokens(block, measure) + frame.calls + frame.call + join
            case "none":
                pass
            case _:
                assert_never(counted)
    if not has_call:
        return total + frame.end
    return total + opening + (JOIN if has_text and opening else 0)


def _counted(block: Json) -> Told:
    kind = kind_of(block)
    if kind.tokens_out is None:
        raise UnknownBlock(f"No reply has a block of the kind {kind.name!r}: {block!r}.")
    return kind.tokens_out


def thinking_tokens(
    content: Iterable[Json], card: ModelCard, *, counter: Counter = text_tokens
) -> int:
    """Return the output tokens spent on thinking; an empty (omitted) block still cost some."""
    measure = Meter(card.tokenizer, counter)
    return sum(thought_tokens(block, measure) for block in content if part_of(block) == "thought")
