"""Blocks in a conversation: content as a list of them, those inside others, those of some kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from grader.simulator.blocks import BLOCKS, kind_of
from grader.simulator.wire import Json


def result_kind(call: Json) -> str:
    """Return the kind of the block that answers one of the API's own calls."""
    if call.get("type") == "mcp_tool_use":
        return "mcp_tool_result"
    name = str(call.get("name"))
    return "tool_search_tool_result" if name.startswith("tool_search_") else f"{name}_tool_result"


def as_blocks(content: Json) -> list[Json]:
    """Return content as a list of blocks; a string is one text block."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def is_directive(message: Json) -> bool:
    """Return whether a message says nothing and only sets the effort from there on."""
    return not message["content"] and message.get("output_config") is not None


def is_summary(block: Json) -> bool:
    """Return whether a block stands for what was said before it; a summary that failed does not."""
    return (
        isinstance(block, dict) and block.get("type") == "compaction" and bool(block.get("content"))
    )


def nested_key(block: Json) -> str | None:
    """Return the key of a block that may hold more blocks, None for a tool's definition too."""
    kind = BLOCKS.get(block.get("type"))
    return kind.nested if kind else None


def has_only_text(messages: list[Json]) -> bool:
    """Return whether valid messages hold nothing but text, as most do."""
    return all(
        isinstance(message["content"], str)
        or all(block["type"] == "text" for block in message["content"])
        for message in messages
    )


def find_blocks(messages: list[Json], kinds: Collection[str]) -> Iterator[tuple[str, Json]]:
    """Yield the blocks of some kinds in valid messages, each with its path; those in results too.

    What stands inside a block of these kinds is not looked at.
    """
    for index, message in enumerate(messages):
        if isinstance(message["content"], list):
            yield from _find_in(message["content"], f"messages.{index}.content", kinds)


def _find_in(blocks: list[Json], path: str, kinds: Collection[str]) -> Iterator[tuple[str, Json]]:
    for index, block in enumerate(blocks):
        kind = kind_of(block)
        if kind.name in kinds:
            yield f"{path}.{index}", block
        elif kind.nested and isinstance(block.get(kind.nested), list):
            inside = f"{path}.{index}.{kind.name}.{kind.nested}"
            yield from _find_in(block[kind.nested], inside, kinds)


def nested_blocks(block: Json) -> list[Json]:
    """Return the blocks inside a block, such as those of a tool's result."""
    key = nested_key(block)
    nested = block.get(key) if key else None
    return nested if isinstance(nested, list) else []


def references(messages: list[Json]) -> Iterator[Json]:
    """Yield the references to tools in a conversation: what searches of either side have found."""
    for message in messages:
        for block in as_blocks(message["content"]):
            content = block.get("content")
            if block["type"] == "tool_result" and isinstance(content, list):
                yield from (part for part in content if part["type"] == "tool_reference")
            elif block["type"] == "tool_search_tool_result" and isinstance(content, dict):
                yield from content.get("tool_references") or ()


def is_markable(block: Json) -> bool:
    """Return whether automatic caching can mark a content block, or the definition of a tool."""
    kind = BLOCKS.get(block.get("type"))
    return (kind is None or kind.is_markable) and block.get("text") != ""
