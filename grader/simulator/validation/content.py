"""Check the messages and the system prompt: roles, keys, content blocks."""

from __future__ import annotations

import re
from collections.abc import Collection

from grader.catalog import ModelCard, asks_for, find_beta
from grader.simulator.blocks import BLOCKS, BlockKind, Place
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.cache_controls import check_cache_control
from grader.simulator.validation.compaction import check_summary
from grader.simulator.validation.documents import (
    check_citations,
    check_document,
    check_search_result,
)
from grader.simulator.validation.parameters import check_message_effort
from grader.simulator.validation.pictures import check_image
from grader.simulator.validation.server_blocks import (
    check_caller,
    check_server_call,
    check_server_result,
)
from grader.simulator.validation.system_messages import check_change, check_clear_at
from grader.simulator.wire import Json

MAX_MESSAGES = 100_000

_ROLES = ("user", "assistant", "system")
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
    has_effort = asks_for(betas, "message_effort", "per_turn_control")
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
        content = shapes.field(message, "content", path)
        places = _SYSTEM if role == "system" else _MESSAGE
        check_content(content, f"{path}.content", betas, places)
        keys = _MESSAGE_KEYS
        if has_effort and role == "system":
            keys = keys | {"output_config"}
        if "clear_at" in message and asks_for(betas, "clear_at"):
            keys = keys | {"clear_at"}
        shapes.only(message, path, keys)
        check_clear_at(message, path)
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


_MESSAGE: frozenset[Place] = frozenset({"message"})
# What else there is in other messages is told later, in other words.
_SYSTEM: frozenset[Place] = frozenset({"message", "system"})
_RESULT: frozenset[Place] = frozenset({"result"})
_CHANGE: frozenset[Place] = frozenset({"system"})


def check_content(
    content: Json, path: str, betas: Collection[str] = (), places: frozenset[Place] = _MESSAGE
) -> None:
    """Refuse message content that is neither a string nor a list of known blocks.

    betas: the values of the header `anthropic-beta`. places: where the content stands.
    """
    if isinstance(content, str):
        return
    for index, block in enumerate(shapes.array(content, path)):
        check_block(block, f"{path}.{index}", places, betas)


def check_block(
    block: Json,
    path: str,
    places: frozenset[Place] = _MESSAGE,
    betas: Collection[str] = (),
) -> None:
    """Refuse a content block with a wrong type, a missing field or an unknown key."""
    kind = _kind(shapes.mapping(block, path), path, places, betas)
    inside = f"{path}.{kind.name}"
    if kind.is_checked:
        for key, expected in kind.required.items():
            if expected is str:
                shapes.string_field(block, key, inside)
        _check_further(kind, block, inside, betas)
        shapes.only(block, inside, kind.keys)
    check_cache_control(block, inside, is_empty=kind.name == "text" and not block["text"])


def _kind(
    block: dict[str, Json], path: str, places: frozenset[Place], betas: Collection[str]
) -> BlockKind:
    name = block.get("type")
    kind = BLOCKS.get(name) if isinstance(name, str) else None
    if kind is not None and _may_stand(kind, places, betas):
        return kind
    # Refuses it, in the words for a tag that is missing or not expected here.
    known = [row.name for row in BLOCKS.values() if _may_stand(row, places, betas)]
    return BLOCKS[shapes.tag(block, path, known)]


def _any_change() -> list[str]:
    """Return the betas under which the changes in a summary are read: all that there are."""
    return [find_beta(name) for name in ("tool_changes", "inline_tools", "inline_mcp")]


def _may_stand(kind: BlockKind, places: frozenset[Place], betas: Collection[str]) -> bool:
    is_known = not kind.betas or asks_for(betas, *kind.betas)
    return is_known and not places.isdisjoint(kind.places)


def _check_further(
    kind: BlockKind, block: dict[str, Json], inside: str, betas: Collection[str]
) -> None:
    """Refuse what breaks a rule that only blocks of this kind have."""
    if kind.name == "text":
        check_citations(block, inside)
    elif kind.name == "image":
        check_image(block, inside)
    elif kind.name == "document":
        check_document(block, inside, _check_part)
    elif kind.name == "search_result":
        check_search_result(block, inside, _check_part)
    elif kind.part == "summary":
        check_summary(block, inside, betas)
        for index, change in enumerate(
            shapes.array(block.get("tool_changes") or [], f"{inside}.tool_changes")
        ):
            check_block(change, f"{inside}.tool_changes.{index}", _CHANGE, _any_change())
    elif kind.part == "change":
        check_change(kind, block, inside, betas)
    elif kind.name == "tool_use":
        if not _CALL_ID.fullmatch(block["id"]):
            raise invalid(f"{inside}.id: String should match pattern '^{_CALL_ID.pattern}$'")
        if not isinstance(shapes.field(block, "input", inside), dict):
            raise invalid(f"{inside}.input: Input should be a valid dictionary")
        check_caller(block, inside)
    elif kind.name == "tool_result":
        _check_result(block, inside)
    elif kind.part == "server_call":
        check_server_call(block, inside)
    elif kind.part == "server_result":
        check_server_result(block, inside)
    elif kind.name in _LISTS:
        shapes.array(
            shapes.field(block, _LISTS[kind.name], inside), f"{inside}.{_LISTS[kind.name]}"
        )
    elif kind.name == "fallback":
        for key in ("from", "to"):
            told = shapes.mapping(shapes.field(block, key, inside), f"{inside}.{key}")
            shapes.string_field(told, "model", f"{inside}.{key}")


_LISTS = {"browser_state": "tabs", "mcp_tool_listing": "tools"}


def _check_part(block: Json, path: str) -> None:
    check_block(block, path, _RESULT)


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
        check_block(part, f"{path}.content.{index}", _RESULT)
