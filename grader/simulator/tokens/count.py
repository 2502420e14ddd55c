"""Count the tokens of a request and of a reply, frame included.

The frame's constants were fitted on 3,504 recorded requests: three tokens a run of equal role and
one more on the older tokenizer, two and two on the newer; 39 for a call with its result; 14 an
argument of a call; 6 a tool definition. Images are ceil(w/28) * ceil(h/28) + 3 after downscaling.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass

from grader.catalog import ModelCard
from grader.simulator.images import read_image
from grader.simulator.tokens.estimate import text_tokens
from grader.simulator.wire import Json

_CALL_AND_RESULT = 39
_ARGUMENT = 14
_TOOL = 6
_MAX_SIDE = 1568
_MAX_PATCHES = 1568
_UNKNOWN_OVERHEAD = (350, 475)


@dataclass(frozen=True)
class PromptTokens:
    """Hold the tokens of a request block by block, in the order in which the prompt is built.

    tools: one count a tool; the hidden instructions that tools bring are in the first.
    system: one count a block. messages: for each message, one count a content block; a turn's
    frame is in its first block.
    ending: what follows the last block, where the answer begins.
    """

    tools: tuple[int, ...]
    system: tuple[int, ...]
    messages: tuple[tuple[int, ...], ...]
    ending: int

    @property
    def total(self) -> int:
        """Return the input tokens of the whole request."""
        return sum(self.tools) + sum(self.system) + sum(map(sum, self.messages)) + self.ending


def input_tokens(request: Json, card: ModelCard) -> int:
    """Return the input tokens of a valid request body for one model."""
    return count_prompt(request, card).total


def count_prompt(request: Json, card: ModelCard) -> PromptTokens:
    """Return the input tokens of a valid request body for one model, block by block."""
    each, once = (3, 1) if card.tokenizer == "v3" else (2, 2)
    tools = [_text(_definition(tool), card) + _TOOL for tool in request.get("tools") or []]
    if tools:
        tools[0] += _tool_overhead(request, card)
    messages = []
    frame, before = once, None
    for message in request["messages"]:
        # A turn of the role before it is merged into it, which costs one token.
        frame += 1 if message["role"] == before else each
        before = message["role"]
        counts = [_block(block, card) for block in _blocks(message["content"])]
        if counts:
            counts[0] += frame
            frame = 0
        messages.append(tuple(counts))
    return PromptTokens(
        tools=tuple(tools),
        system=tuple(_text(words, card) for words in _system_texts(request.get("system"))),
        messages=tuple(messages),
        ending=frame + (each if before == "user" else 0),
    )


def output_tokens(content: Iterable[Json], card: ModelCard) -> int:
    """Return the output tokens of a reply's content blocks, the end of the turn included."""
    total = 3 if card.tokenizer == "v3" else 2
    for block in content:
        if block["type"] == "text":
            total += _text(block["text"], card)
        elif block["type"] == "tool_use":
            total += 34 + _call(block, card)
        elif block["type"] == "thinking":
            total += thinking_tokens([block], card)
    return total


def thinking_tokens(content: Iterable[Json], card: ModelCard) -> int:
    """Return the output tokens spent on thinking; an empty (omitted) block still cost some."""
    return sum(
        max(24, _text(block["thinking"], card)) for block in content if block["type"] == "thinking"
    )


def image_tokens(width: int, height: int) -> int:
    """Return the tokens of an image of so many pixels."""
    scale = min(1.0, _MAX_SIDE / max(width, height))
    columns, rows = _patches(width * scale, height * scale)
    while columns * rows > _MAX_PATCHES:
        scale *= math.sqrt(_MAX_PATCHES / (columns * rows)) * 0.999
        columns, rows = _patches(width * scale, height * scale)
    return columns * rows + 3


def _patches(width: float, height: float) -> tuple[int, int]:
    return max(1, math.ceil(width / 28)), max(1, math.ceil(height / 28))


def _text(words: str, card: ModelCard) -> int:
    return text_tokens(words, card.tokenizer)


def _system_texts(system: Json) -> list[str]:
    if system is None:
        return []
    if isinstance(system, str):
        return [system]
    return [block["text"] for block in system]


def _blocks(content: Json) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _content(content: Json, card: ModelCard) -> int:
    return sum(_block(block, card) for block in _blocks(content))


def _block(block: Json, card: ModelCard) -> int:
    kind = block.get("type")
    if kind == "text":
        return _text(block["text"], card)
    if kind == "image":
        return _image(block)
    if kind == "tool_use":
        return _call(block, card) + _CALL_AND_RESULT
    if kind == "tool_result":
        return _content(block.get("content") or "", card)
    if kind in ("thinking", "redacted_thinking"):
        return 0
    return _text(json.dumps(block, ensure_ascii=False), card)


def _image(block: Json) -> int:
    source = block["source"]
    if source["type"] != "base64":
        return image_tokens(1092, 1092)
    picture = read_image(source["data"])
    return image_tokens(picture.width, picture.height)


def _call(block: Json, card: ModelCard) -> int:
    total = _text(block["name"], card)
    for key, value in block["input"].items():
        words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        total += _text(key, card) + _text(words, card) + _ARGUMENT
    return total


def _definition(tool: Json) -> str:
    shape = {"description": tool["description"]} if "description" in tool else {}
    shape |= {"name": tool["name"], "parameters": tool.get("input_schema", {})}
    return json.dumps(shape, ensure_ascii=False)


def _tool_overhead(request: Json, card: ModelCard) -> int:
    auto, forced = card.tool_overhead or _UNKNOWN_OVERHEAD
    choice = (request.get("tool_choice") or {}).get("type", "auto")
    return forced if choice in ("any", "tool") else auto
