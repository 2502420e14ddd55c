"""Check the content blocks of messages, the system prompt and tool results."""

from __future__ import annotations

import re

from grader.simulator.faults import invalid
from grader.simulator.images import MEDIA_TYPES, ImageError, read_image
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

MAX_SIDE = 8000
"""The longest side of an image, in pixels (github.com/anthropics/claude-code/issues/4778)."""

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
"""Blocks outside the course's scope: accepted as they are, their inside is not checked."""

_KEYS = {
    "text": {"type", "text", "cache_control", "citations"},
    "image": {"type", "source", "cache_control", "transformations"},
    "thinking": {"type", "thinking", "signature"},
    "redacted_thinking": {"type", "data"},
    "tool_use": {"type", "id", "name", "input", "cache_control", "caller", "toolset_name"},
    "tool_result": {"type", "tool_use_id", "content", "is_error", "cache_control"},
}
_TAGS = SERVER_BLOCKS | set(_KEYS)
_RESULT_TAGS = frozenset({"text", "image", "document", "search_result", "tool_reference"})
_CALL_ID = re.compile(r"[a-zA-Z0-9_-]+")
_SOURCE_KEYS = {
    "base64": {"type", "media_type", "data"},
    "url": {"type", "url"},
    "file": {"type", "file_id"},
}


def check_content(content: Json, path: str) -> None:
    """Refuse message content that is neither a string nor a list of known blocks."""
    if isinstance(content, str):
        return
    for index, block in enumerate(shapes.array(content, path)):
        check_block(block, f"{path}.{index}")


def check_block(block: Json, path: str) -> None:
    """Refuse a content block with a wrong type, a missing field or an unknown key."""
    kind = shapes.tag(shapes.mapping(block, path), path, _TAGS)
    if kind in SERVER_BLOCKS:
        return
    inside = f"{path}.{kind}"
    if kind == "text":
        shapes.string(shapes.field(block, "text", inside), f"{inside}.text")
    elif kind == "image":
        check_image(block, inside)
    elif kind == "thinking":
        for key in ("thinking", "signature"):
            shapes.string(shapes.field(block, key, inside), f"{inside}.{key}")
    elif kind == "redacted_thinking":
        shapes.string(shapes.field(block, "data", inside), f"{inside}.data")
    elif kind == "tool_use":
        for key in ("id", "name"):
            shapes.string(shapes.field(block, key, inside), f"{inside}.{key}")
        if not _CALL_ID.fullmatch(block["id"]):
            raise invalid(f"{inside}.id: String should match pattern '^{_CALL_ID.pattern}$'")
        if not isinstance(shapes.field(block, "input", inside), dict):
            raise invalid(f"{inside}.input: Input should be a valid dictionary")
    else:
        _check_result(block, inside)
    shapes.only(block, inside, _KEYS[kind])


def check_image(block: dict[str, Json], path: str) -> None:
    """Refuse an image whose source is not one of base64, url or file, or cannot be read."""
    source = shapes.mapping(shapes.field(block, "source", path), f"{path}.source")
    kind = shapes.tag(source, f"{path}.source", _SOURCE_KEYS)
    inside = f"{path}.source.{kind}"
    shapes.only(source, inside, _SOURCE_KEYS[kind])
    if kind == "base64":
        media_type = shapes.one_of(
            shapes.field(source, "media_type", inside), f"{inside}.media_type", MEDIA_TYPES
        )
        data = shapes.string(shapes.field(source, "data", inside), f"{inside}.data")
        _check_picture(data, media_type, inside)
    else:
        key = "url" if kind == "url" else "file_id"
        shapes.string(shapes.field(source, key, inside), f"{inside}.{key}")


def _check_picture(data: str, media_type: str, path: str) -> None:
    """Refuse a picture in the API's words, from recorded traffic and public issues.

    github.com/anthropics/anthropic-sdk-typescript/issues/603 has the base64 one,
    github.com/home-assistant/core/issues/167208 that of the media type.
    """
    if not data:
        raise invalid(f"{path}: image cannot be empty")
    try:
        picture = read_image(data)
    except ImageError as error:
        if error.is_base64:
            raise invalid(f"{path}.data: The file format is invalid or unsupported") from None
        raise invalid(f"{path}: invalid base64 data") from None
    if max(picture.width, picture.height) > MAX_SIDE:
        raise invalid(
            f"{path}.data: At least one of the image dimensions exceed max allowed size: "
            f"{MAX_SIDE} pixels"
        )
    if picture.media_type != media_type:
        raise invalid(
            f"{path}: The image was specified using the {media_type} media type, "
            f"but the image appears to be a {picture.media_type} image"
        )


def _check_result(block: dict[str, Json], path: str) -> None:
    shapes.string(shapes.field(block, "tool_use_id", path), f"{path}.tool_use_id")
    if "is_error" in block:
        shapes.boolean(block["is_error"], f"{path}.is_error")
    content = block.get("content", "")
    if isinstance(content, str):
        return
    for index, part in enumerate(shapes.array(content, f"{path}.content")):
        inside = f"{path}.content.{index}"
        shapes.tag(shapes.mapping(part, inside), inside, _RESULT_TAGS)
        if part["type"] != "tool_reference":
            check_block(part, inside)
