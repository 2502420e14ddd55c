"""Read the turns of a conversation, as they reached the API or came back from a function."""

from __future__ import annotations

from typing import Any

from grader.exams import SdkObject
from grader.exercises.readings import content_text

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


def types_of(content: Json) -> list[Json] | Json:
    """Return the types of a content's blocks, or the content itself when it is no list."""
    if not isinstance(content, list | tuple):
        return content
    return [block.get("type") if isinstance(block, dict) else block for block in blocks_of(content)]


def spoken(turns: list[Turn]) -> list[tuple[Json, str]]:
    """Return who said what, without the blocks that are no text."""
    return [(role, content_text(blocks)) for role, blocks in turns]


def user(words: str) -> Turn:
    """Return a turn in which the user says something."""
    return "user", blocks_of(words)


def _bare(block: Json) -> Json:
    # A block of the SDK, dumped, says null for what the API left out.
    if not isinstance(block, dict):
        return block
    return {key: value for key, value in block.items() if value is not None}
