"""Read a conversation as turns: messages of one role in a row count as one.

Faults name the indexes of the merged turns (recorded).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from grader.simulator.wire import Json


@dataclass(frozen=True)
class Turn:
    """Hold the blocks of consecutive messages of one role; a string is one text block."""

    role: str
    blocks: list[Json]


def merge(messages: list[Json]) -> list[Turn]:
    """Return the turns of a conversation whose messages are well formed."""
    return [
        Turn(role, [block for message in run for block in blocks_of(message)])
        for role, run in groupby(messages, key=lambda message: str(message["role"]))
    ]


def blocks_of(message: Json) -> list[Json]:
    """Return the content blocks of one message; an empty string has none."""
    content = message["content"]
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(content)


def texts_of(blocks: list[Json]) -> list[str]:
    """Return the texts among some blocks."""
    return [block["text"] for block in blocks if block["type"] == "text"]
