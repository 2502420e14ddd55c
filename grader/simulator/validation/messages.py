"""Check the messages and the system prompt one by one: roles, keys, content blocks."""

from __future__ import annotations

from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.blocks import check_content
from grader.simulator.validation.cache_controls import check_cache_control
from grader.simulator.wire import Json

MAX_MESSAGES = 100_000

_ROLES = ("user", "assistant", "system")
_KEYS = frozenset({"role", "content"})
_SYSTEM_KEYS = frozenset({"type", "text", "cache_control", "citations"})
_TOOLS_HELP = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview"


def check_messages(request: dict[str, Json]) -> None:
    """Refuse messages that are none, or whose role or content the API does not know."""
    messages = shapes.array(shapes.field(request, "messages", ""), "messages")
    if not messages:
        raise invalid("messages: at least one message is required")
    if len(messages) > MAX_MESSAGES:
        raise invalid(f"messages: List should have at most {MAX_MESSAGES} items")
    for index, entry in enumerate(messages):
        path = f"messages.{index}"
        message = shapes.mapping(entry, path)
        role = shapes.string_field(message, "role", path)
        if role not in _ROLES:
            advice = f". For instructions on how to use tools, see {_TOOLS_HELP}."
            raise invalid(
                f'messages: Unexpected role "{role}". Allowed roles are "user" or "assistant"'
                f"{advice if role == 'tool' else ''}"
            )
        check_content(shapes.field(message, "content", path), f"{path}.content")
        shapes.only(message, path, _KEYS)


def check_moved(request: dict[str, Json]) -> None:
    """Refuse what version 2026-10-21 no longer takes; the wording is a guess."""
    for index, message in enumerate(request["messages"]):
        if isinstance(message["content"], str):
            continue
        for position, block in enumerate(message["content"]):
            path = f"messages.{index}.content.{position}"
            if block["type"] == "document" and message["role"] == "assistant":
                raise invalid(f"{path}: `document` blocks can only be in `user` messages")
            if block["type"] == "text" and block.get("citations") and message["role"] == "user":
                raise invalid(f"{path}.text.citations: Extra inputs are not permitted")


def check_system(system: Json) -> None:
    """Refuse a system prompt that is neither a text nor a list of text blocks."""
    if isinstance(system, str):
        return
    texts = []
    for index, entry in enumerate(shapes.array(system, "system")):
        path = f"system.{index}"
        block = shapes.shaped(entry, path)
        shapes.tag(block, path, ("text",))
        words = shapes.string_field(block, "text", path)
        check_cache_control(block, path, is_empty=not words)
        shapes.only(block, path, _SYSTEM_KEYS)
        texts.append(words)
    if "" in texts:
        raise invalid("system: text content blocks must be non-empty")
    if any(not words.strip() for words in texts):
        raise invalid("system: text content blocks must contain non-whitespace text")
