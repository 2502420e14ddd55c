"""Read the turns of a conversation, as they reached the API or came back from a function."""

from __future__ import annotations

from typing import Any

from grader.exams import Scene, SdkObject
from grader.exercises.readings import content_text, is_same

Json = Any
Turn = tuple[Json, list[Json]]
"""The role of a message, and its blocks as plain data."""


def turns_of(messages: Json) -> list[Turn]:
    """Return the turns of a message list; what is no message has the role None."""
    listed = messages if isinstance(messages, list | tuple) else []
    return [
        (message.get("role"), blocks_of(message.get("content")))
        if isinstance(message, dict)
        else (None, [])
        for message in listed
    ]


def blocks_of(content: Json) -> list[Json]:
    """Return content as a list of blocks: a string is one text block, an absent field is none."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    listed = content if isinstance(content, list | tuple) else []
    return [_bare(block.data if isinstance(block, SdkObject) else block) for block in listed]


def contents_of(scene: Scene) -> list[list[Json]]:
    """Return the content of each reply that a scene gave, streamed or whole."""
    return [exchange.message["content"] for exchange in scene.exchanges if exchange.message]


def types_of(content: Json) -> list[Json] | Json:
    """Return the types of a content's blocks, or the content itself when it is no list."""
    if not isinstance(content, list | tuple):
        return content
    return [block.get("type") if isinstance(block, dict) else block for block in blocks_of(content)]


def spoken(turns: list[Turn]) -> list[tuple[Json, str]]:
    """Return who said what, without the blocks that are no text."""
    return [(role, content_text(blocks)) for role, blocks in turns]


def other_options(request: Json, options: Json) -> str:
    """Return the options that a request has otherwise, such as "max_tokens=5"; "" for none.

    options: a system prompt is a str, or None for a request without one.
    """
    mine = {**request, "system": content_text(request.get("system")) or None}
    others = [key for key, value in options.items() if not is_same(mine.get(key), value)]
    return ", ".join(f"{key}={mine.get(key)!r}" for key in others)


def user(words: str) -> Turn:
    """Return a turn in which the user says something."""
    return "user", blocks_of(words)


def _bare(block: Json) -> Json:
    # A block of the SDK, dumped, says null for what the API left out.
    if not isinstance(block, dict):
        return block
    return {key: value for key, value in block.items() if value is not None}
