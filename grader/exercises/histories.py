"""Read the messages of requests as plain data: what lessons 03 and 04 judge alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.exams import SdkObject
from grader.simulator import BLOCKS

Json = Any

READ_AGAIN: Mapping[str, tuple[str, ...]] = {
    name: tuple(kind.required)
    for name, kind in BLOCKS.items()
    # The result of a server's tool is compared whole.
    if "reply" in kind.places and kind.part != "server_result"
}
"""What the API reads of a block that comes back; the SDK may add other fields to it."""


@dataclass(frozen=True)
class Fault:
    """Name the first mistake that was found, and what shows it."""

    diagnosis: str
    observed: object = ""


def messages_of(value: Json) -> list[dict[str, Json]]:
    """Return the messages of a list as dicts; what is no message is left out."""
    listed = value if isinstance(value, list | tuple) else ()
    plain = [item.data if isinstance(item, SdkObject) else item for item in listed]
    return [item for item in plain if isinstance(item, dict)]


def blocks_of(message: Mapping[str, Json]) -> list[dict[str, Json]]:
    """Return the content blocks of a message; a text is one block, what is no block left out."""
    content = message.get("content")
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return messages_of(content)


def types_of(blocks: Sequence[Mapping[str, Json]]) -> str:
    """Return the types of some blocks, as they are written in a sentence."""
    return ", ".join(str(block.get("type")) for block in blocks) or "nothing"
