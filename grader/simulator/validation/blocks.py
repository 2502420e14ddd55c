"""Check the content blocks of messages and tool results."""

from __future__ import annotations

import re

from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.cache_controls import check_cache_control
from grader.simulator.validation.pictures import check_image
from grader.simulator.wire import Json

SERVER_BLOCKS = frozenset(
    {
        "bash_code_execution_tool_result",
        "code_execution_tool_result",
        "container_upload",
        "document",
        "search_result",
        "server_tool_use",
        "text_editor_code_execution_tool_result",
        "tool_search_tool_result",
        "web_fetch_tool_result",
        "web_search_tool_result",
    }
)
"""Blocks outside the course's scope: of their inside, only the breakpoint is checked."""

_KEYS = {
    "text": {"type", "text", "cache_control", "citations"},
    "image": {"type", "source", "cache_control", "transformations"},
    "thinking": {"type", "thinking", "signature"},
    "redacted_thinking": {"type", "data"},
    "tool_use": {"type", "id", "name", "input", "cache_control", "caller", "toolset_name"},
    "tool_result": {
        "type",
        "tool_use_id",
        "content",
        "is_error",
        "cache_control",
        "toolset_name",
    },
}
_TAGS = SERVER_BLOCKS | set(_KEYS)
_RESULT_TAGS = frozenset({"text", "image", "document", "search_result", "tool_reference"})
_CALL_ID = re.compile(r"[a-zA-Z0-9_-]+")


def check_content(content: Json, path: str) -> None:
    """Refuse message content that is neither a string nor a list of known blocks."""
    if isinstance(content, str):
        return
    for index, block in enumerate(shapes.array(content, path)):
        check_block(block, f"{path}.{index}")


def check_block(block: Json, path: str) -> None:
    """Refuse a content block with a wrong type, a missing field or an unknown key."""
    kind = shapes.tag(shapes.mapping(block, path), path, _TAGS)
    inside = f"{path}.{kind}"
    is_empty = False
    if kind == "text":
        is_empty = not shapes.string_field(block, "text", inside)
    elif kind == "image":
        check_image(block, inside)
    elif kind == "thinking":
        shapes.string_field(block, "thinking", inside)
        shapes.string_field(block, "signature", inside)
    elif kind == "redacted_thinking":
        shapes.string_field(block, "data", inside)
    elif kind == "tool_use":
        shapes.string_field(block, "id", inside)
        shapes.string_field(block, "name", inside)
        if not _CALL_ID.fullmatch(block["id"]):
            raise invalid(f"{inside}.id: String should match pattern '^{_CALL_ID.pattern}$'")
        if not isinstance(shapes.field(block, "input", inside), dict):
            raise invalid(f"{inside}.input: Input should be a valid dictionary")
    elif kind == "tool_result":
        _check_result(block, inside)
    if kind in _KEYS:
        shapes.only(block, inside, _KEYS[kind])
    check_cache_control(block, inside, is_empty=is_empty)


def _check_result(block: dict[str, Json], path: str) -> None:
    shapes.string_field(block, "tool_use_id", path)
    if "is_error" in block:
        shapes.boolean(block["is_error"], f"{path}.is_error")
    content = block.get("content", "")
    if block.get("is_error") and content in ("", []):
        # github.com/jlevy/markform/issues/153
        raise invalid(f"{path}: content cannot be empty if `is_error` is true")
    if isinstance(content, str):
        return
    for index, part in enumerate(shapes.array(content, f"{path}.content")):
        inside = f"{path}.content.{index}"
        shapes.tag(shapes.mapping(part, inside), inside, _RESULT_TAGS)
        if part["type"] != "tool_reference":
            check_block(part, inside)
        else:
            check_cache_control(part, f"{inside}.tool_reference")
