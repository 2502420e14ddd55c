"""Read a request as the chain of blocks that a prefix is made of: tools, system, messages.

Each position's digest covers all before it, so that two requests share a position exactly when
their prompts are equal up to there. A breakpoint's own marker is not part of the prompt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grader.catalog import ModelCard
from grader.simulator.contents import as_blocks, is_markable, nested_blocks, nested_key
from grader.simulator.documents import is_cited, sources_in
from grader.simulator.tokens import PromptTokens
from grader.simulator.wire import Json, JsonValue

Lifetime = Literal["5m", "1h"]
Level = Literal["tools", "system", "messages"]


@dataclass(frozen=True)
class Position:
    """Hold one block's place in the prompt.

    digest: of the prompt up to and including the block. tokens: of the same prefix.
    lifetime: of the entry to write here; None where there is no breakpoint.
    """

    level: Level
    digest: bytes
    tokens: int
    lifetime: Lifetime | None


def read_positions(request: Json, tokens: PromptTokens, card: ModelCard) -> list[Position]:
    """Return the blocks of a valid request in the order of the prompt.

    What changes the prompt without being a block is mixed in where it takes effect, after
    Anthropic's table of what invalidates what: tool choice, thinking, effort and the presence of
    images change the messages; speed and an output format change the system prompt too. What says
    the same as leaving it out, such as the model's default effort, changes nothing (Anthropic's
    page on steering thinking, July 2026).
    """
    automatic = _automatic(request)
    positions = []
    digest, total = b"", 0
    level: Level | None = None
    for place, (name, block, salt, count) in enumerate(_blocks(request, tokens)):
        settings = _settings(request, name, card) if name != level else None
        level = name
        total += count
        digest = digest_of([settings, salt, _unmarked(block)], before=digest)
        lifetime = _lifetime(block) or (_asked(request) if place == automatic else None)
        positions.append(Position(level, digest, total, lifetime))
    return positions


def read_blocks(request: Json, level: Level) -> list[bytes]:
    """Return the digest of each block of one level by itself."""
    return [
        digest_of([salt, _unmarked(block)]) for name, block, salt in _walk(request) if name == level
    ]


def digest_of(value: JsonValue, *, before: bytes = b"") -> bytes:
    """Return the digest of a JSON value, keys in the order they have, after what came before."""
    written = json.dumps(value, separators=(",", ":"))
    return hashlib.blake2b(before + written.encode(), digest_size=16).digest()


def is_marked(request: Json) -> bool:
    """Return whether a request asks for caching at all."""
    if _asked(request) is not None:
        return True
    contents = (message["content"] for message in request["messages"])
    for blocks in (request.get("tools"), request.get("system"), *contents):
        if isinstance(blocks, list) and any(map(_lifetime, blocks)):
            return True
    return False


def _blocks(request: Json, tokens: PromptTokens) -> Iterator[tuple[Level, Json, Json, int]]:
    counts = iter([*tokens.tools, *tokens.system, *(n for turn in tokens.messages for n in turn)])
    for level, block, salt in _walk(request):
        yield level, block, salt, next(counts)


def _walk(request: Json) -> Iterator[tuple[Level, Json, Json]]:
    """Yield level, block and what tells a turn's first block from its next."""
    for tool in request.get("tools") or []:
        yield "tools", tool, None
    for block in as_blocks(request.get("system") or []):
        yield "system", block, None
    for message in request["messages"]:
        for index, block in enumerate(as_blocks(message["content"])):
            yield "messages", block, [message["role"], index == 0]


def effort_and_thinking(request: Json, card: ModelCard) -> Json:
    """Return what a request says of effort and thinking as the prompt has it.

    How thinking is shown, and what becomes of that which doesn't fit, is no part of a prompt.
    """
    effort = (request.get("output_config") or {}).get("effort")
    thinking = request.get("thinking") or {}
    kind = thinking.get("type")
    if kind == "adaptive" and card.rules.thinking_default != "off":
        kind = None
    return [
        kind,
        thinking.get("budget_tokens"),
        effort if effort != card.rules.default_effort else None,
    ]


def _settings(request: Json, level: Level, card: ModelCard) -> Json:
    config = request.get("output_config") or {}
    if level == "tools":
        return None
    if level == "system":
        cites = any(map(is_cited, sources_in(request)))
        return [request.get("speed"), config.get("format"), cites]
    choice = request.get("tool_choice")
    pictured = any(_has_image(block) for level, block, _ in _walk(request) if level == "messages")
    # A request without a system prompt still has the settings of one.
    return [
        _settings(request, "system", card),
        choice,
        effort_and_thinking(request, card),
        pictured,
    ]


def _has_image(block: Json) -> bool:
    return block["type"] == "image" or any(map(_has_image, nested_blocks(block)))


def _unmarked(block: Json) -> Json:
    """Return a block without its breakpoint; a result's text is the same as string or block."""
    bare = {key: value for key, value in block.items() if key != "cache_control"}
    key = nested_key(bare)
    if key in bare:
        bare[key] = [_unmarked(part) for part in as_blocks(bare[key] or [])]
    return bare


def _lifetime(block: Json) -> Lifetime | None:
    """Return the lifetime asked for on a block, or on a part of a tool's result."""
    marked = (block, *nested_blocks(block))
    return next((lifetime for part in marked if (lifetime := _asked(part))), None)


def _asked(marked: Json) -> Lifetime | None:
    control = marked.get("cache_control")
    # The inside of blocks and tools that run on Anthropic's side is not checked before.
    if not isinstance(control, dict):
        return None
    return "1h" if control.get("ttl") == "1h" else "5m"


def _automatic(request: Json) -> int | None:
    """Return the place of the last block that automatic caching can mark, or None."""
    if _asked(request) is None:
        return None
    places = [place for place, (_, block, _) in enumerate(_walk(request)) if is_markable(block)]
    # A message for one turn is never part of a cached prefix (documented).
    scoped = set(_scoped(request)) if places else set()
    return next((place for place in reversed(places) if place not in scoped), None)


def _scoped(request: Json) -> Iterator[int]:
    """Yield the places of blocks in system messages that are there for one turn."""
    place = sum(level != "messages" for level, _, _ in _walk(request))
    for message in request["messages"]:
        blocks = len(as_blocks(message["content"]))
        if message.get("clear_at") == "next_user_message":
            yield from range(place, place + blocks)
        place += blocks
