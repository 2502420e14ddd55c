"""Check the content blocks of messages and tool results."""

from __future__ import annotations

import re

from grader.simulator.blocks import BLOCKS, BlockKind, Place
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.cache_controls import check_cache_control
from grader.simulator.validation.pictures import check_image
from grader.simulator.wire import Json

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
    if kind.name == "image":
        check_image(block, inside)
    elif kind.name == "tool_use":
        if not _CALL_ID.fullmatch(block["id"]):
            raise invalid(f"{inside}.id: String should match pattern '^{_CALL_ID.pattern}$'")
        if not isinstance(shapes.field(block, "input", inside), dict):
            raise invalid(f"{inside}.input: Input should be a valid dictionary")
    elif kind.name == "tool_result":
        _check_result(block, inside)


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
