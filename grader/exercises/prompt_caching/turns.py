"""Read the turns of a cached conversation, whatever breakpoints stand in them."""

from __future__ import annotations

from typing import Any

from grader.exercises.prompt_caching.breakpoints import bare
from grader.exercises.readings import content_text

Json = Any
Turn = tuple[Json, list[Json]]
"""The role of a message, and its blocks as plain data."""


def turns_of(messages: Json) -> list[Turn]:
    """Return the turns of a message list; what is no message has the role None."""
    listed = messages if isinstance(messages, list | tuple) else []
    return [_turn(bare(message)) for message in listed]


def spoken(turns: list[Turn]) -> list[tuple[Json, str]]:
    """Return who said what, without the blocks that are no text."""
    return [(role, content_text(blocks)) for role, blocks in turns]


def types_of(turn: Turn) -> list[Json]:
    """Return the types of a turn's blocks."""
    return [block.get("type") if isinstance(block, dict) else block for block in turn[1]]


def _turn(message: Json) -> Turn:
    if not isinstance(message, dict):
        return None, []
    content = message.get("content")
    return message.get("role"), content if isinstance(content, list) else []
