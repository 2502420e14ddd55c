"""Check the messages and the system prompt: roles, keys, content blocks."""

from __future__ import annotations

import re
from collections.abc import Collection

from grader.catalog import ModelCard
from grader.simulator.blocks import BLOCKS, BlockKind, Place
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.cache_controls import check_cache_control
from grader.simulator.validation.documents import (
    check_citations,
    check_document,
    check_search_result,
)
from grader.simulator.validation.parameters import check_message_effort
from grader.simulator.validation.pictures import check_image
from grader.simulator.wire import Json

MAX_MESSAGES = 100_000

_ROLES = ("user", "assistant", "system")
_EFFORT_BETA = "mid-conversation-output-config-2026-07-01"
_MESSAGE_KEYS = frozenset({"role", "content"})
_TOOLS_HELP = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview"


def check_messages(request: dict[str, Json], card: ModelCard, betas: Collection[str] = ()) -> None:
    """Refuse messages that are none, or whose role, content or effort the API does not know.

    betas: the values of the header `anthropic-beta`.
    """
    messages = shapes.array(shapes.field(request, "messages", ""), "messages")
    if not messages:
        raise invalid("messages: at least one message is required")
    if len(messages) > MAX_MESSAGES:
        raise invalid(f"messages: List should have at most {MAX_MESSAGES} items")
    has_effort = _EFFORT_BETA in betas
    config = request.get("output_config")
    asked = config.get("effort") if isinstance(config, dict) else None
    effort = asked if isinstance(asked, str) else card.rules.default_effort
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
        keys = (
            _MESSAGE_KEYS | {"output_config"} if has_effort and role == "system" else _MESSAGE_KEYS
        )
        shapes.only(message, path, keys)
        if message.get("output_config") is not None:
            effort = check_message_effort(message, path, request, card, effort)


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
        shapes.only(block, path, BLOCKS["text"].keys)
        texts.append(words)
    if "" in texts:
        raise invalid("system: text content blocks must be non-empty")
    if any(not words.strip() for words in texts):
        raise invalid("system: text content blocks must contain non-whitespace text")


_CALL_ID = re.compile(r"[a-zA-Z0-9_-]+")


def check_content(content: Json, path: str) -> None:
    """Refuse message content that is neither a string nor a list of known blocks."""
    if isinstance(content, str):
        return
    for index, block in enumerate(shapes.array(content, path)):
        check_block(block, f"{path}.{index}")


def check_block(block: Json, path: str, place: Place = "message") -> None:
    """Refuse a content block with a wrong type, a missing field or an unknown key."""
    kind = _kind(shapes.mapping(block, path), path, place)
    inside = f"{path}.{kind.name}"
    if kind.is_checked:
        for key, expected in kind.required.items():
            if expected is str:
                shapes.string_field(block, key, inside)
        _check_further(kind, block, inside)
        shapes.only(block, inside, kind.keys)
    check_cache_control(block, inside, is_empty=kind.name == "text" and not block["text"])


def _kind(block: dict[str, Json], path: str, place: Place) -> BlockKind:
    name = block.get("type")
    kind = BLOCKS.get(name) if isinstance(name, str) else None
    if kind is not None and place in kind.places:
        return kind
    # Refuses it, in the words for a tag that is missing or not expected here.
    return BLOCKS[shapes.tag(block, path, [r.name for r in BLOCKS.values() if place in r.places])]


def _check_further(kind: BlockKind, block: dict[str, Json], inside: str) -> None:
    """Refuse what breaks a rule that only blocks of this kind have."""
    if kind.name == "text":
        check_citations(block, inside)
    elif kind.name == "image":
        check_image(block, inside)
    elif kind.name == "document":
        check_document(block, inside, _check_part)
    elif kind.name == "search_result":
        check_search_result(block, inside, _check_part)
    elif kind.name == "tool_use":
        if not _CALL_ID.fullmatch(block["id"]):
            raise invalid(f"{inside}.id: String should match pattern '^{_CALL_ID.pattern}$'")
        if not isinstance(shapes.field(block, "input", inside), dict):
            raise invalid(f"{inside}.input: Input should be a valid dictionary")
    elif kind.name == "tool_result":
        _check_result(block, inside)


def _check_part(block: Json, path: str) -> None:
    check_block(block, path, "result")


def _check_result(block: dict[str, Json], path: str) -> None:
    if "is_error" in block:
        shapes.boolean(block["is_error"], f"{path}.is_error")
    content = block.get("content", "")
    if block.get("is_error") and content in ("", []):
        # github.com/jlevy/markform/issues/153
        raise invalid(f"{path}: content cannot be empty if `is_error` is true")
    if isinstance(content, str):
        return
    for index, part in enumerate(shapes.array(content, f"{path}.content")):
        check_block(part, f"{path}.content.{index}", "result")
