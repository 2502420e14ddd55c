"""Check the messages and the system prompt: roles, keys, content blocks, pictures.

The wordings about pictures come from recorded traffic and public issues: anthropic-sdk-typescript
603 (base64), home-assistant/core 167208 (media type), claude-code 4778 and 24630 (sides), 10612
(bytes) and 23392 (number). That an address must be https is quoted in public notes of 2026.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from grader.catalog import ModelCard, asks_for, find_beta
from grader.simulator.blocks import BLOCKS, BlockKind, Place, nested_blocks, nested_key
from grader.simulator.faults import invalid
from grader.simulator.images import MEDIA_TYPES, ImageError, Picture, read_image
from grader.simulator.validation import shapes
from grader.simulator.validation.cache_controls import check_cache_control
from grader.simulator.validation.compaction import check_summary
from grader.simulator.validation.parameters import check_message_effort
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
    has_effort = asks_for(betas, "message_effort")
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
    if kind.name == "image":
        check_image(block, inside)
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
    elif kind.name == "tool_result":
        _check_result(block, inside)
    elif kind.name == "fallback":
        for key in ("from", "to"):
            told = shapes.mapping(shapes.field(block, key, inside), f"{inside}.{key}")
            shapes.string_field(told, "model", f"{inside}.{key}")


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


MAX_BYTES = 5 * 1024 * 1024
"""The largest picture, in characters of its base64.

Clients' notes of September 2026 speak of 10 MB (E); every quoted refusal says 5 MB (D).
"""

MAX_SIDE = 8000
"""The longest side of a picture, in pixels."""

MANY = 20
MAX_SIDE_OF_MANY = 2000
"""The longest side of a picture, in pixels, in a request with more than MANY of them."""

_LONG_CONTEXT = 1_000_000
_SOURCE_KEYS = {
    "base64": frozenset({"type", "media_type", "data"}),
    "url": frozenset({"type", "url"}),
    "file": frozenset({"type", "file_id"}),
}


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
        picture = _read(shapes.string_field(source, "data", inside), inside)
        _check_side(picture, inside, "", MAX_SIDE)
        if picture.media_type != media_type:
            raise invalid(
                f"{inside}: The image was specified using the {media_type} media type, "
                f"but the image appears to be a {picture.media_type} image"
            )
    elif kind == "url":
        address = shapes.string_field(source, "url", inside)
        if not address.lower().startswith("https://"):
            raise invalid("Only HTTPS URLs are supported.")
    else:
        shapes.string_field(source, "file_id", inside)


def check_pictures(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse more pictures and documents than the model takes, and large ones among many."""
    found = list(_found(request["messages"]))
    if len(found) <= MANY:
        return
    images = [(path, block) for path, block in found if block["type"] == "image"]
    # A documented limit of the context window's length.
    limit = 600 if card.context_window >= _LONG_CONTEXT else 100
    if len(found) > limit:
        others = len(found) - len(images)
        raise invalid(f"too many images and documents: {len(images)} + {others} > {limit}")
    if len(images) <= MANY:
        return
    for path, block in images:
        if block["source"]["type"] == "base64":
            inside = f"{path}.image.source.base64"
            picture = _read(block["source"]["data"], inside)
            _check_side(picture, inside, " for many-image requests", MAX_SIDE_OF_MANY)


def _read(data: str, path: str) -> Picture:
    if not data:
        raise invalid(f"{path}: image cannot be empty")
    if len(data) > MAX_BYTES:
        raise invalid(
            f"{path}: image exceeds {MAX_BYTES // 1024**2} MB maximum: "
            f"{len(data)} bytes > {MAX_BYTES} bytes"
        )
    try:
        return read_image(data)
    except ImageError as error:
        if error.is_base64:
            raise invalid(f"{path}.data: The file format is invalid or unsupported") from None
        raise invalid(f"{path}: invalid base64 data") from None


def _check_side(picture: Picture, path: str, among: str, longest: int) -> None:
    if max(picture.width, picture.height) > longest:
        raise invalid(
            f"{path}.data: At least one of the image dimensions exceed max allowed size{among}: "
            f"{longest} pixels"
        )


def _found(messages: list[Json]) -> Iterator[tuple[str, Json]]:
    """Yield the images and documents of a conversation with their paths."""
    for index, message in enumerate(messages):
        yield from _found_in(message["content"], f"messages.{index}.content")


def _found_in(blocks: Json, path: str) -> Iterator[tuple[str, Json]]:
    if not isinstance(blocks, list):
        return
    for index, block in enumerate(blocks):
        if block["type"] in ("image", "document"):
            yield f"{path}.{index}", block
        elif nested := nested_blocks(block):
            inside = f"{path}.{index}.{block['type']}.{nested_key(block)}"
            yield from _found_in(nested, inside)
