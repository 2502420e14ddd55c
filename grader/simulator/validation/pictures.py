"""Check the pictures of a request: source, size, number.

The wordings come from recorded traffic and public issues: anthropic-sdk-typescript 603 (base64),
home-assistant/core 167208 (media type), claude-code 4778 and 24630 (sides), 10612 (bytes) and
23392 (number). That an address must be https is quoted in public notes of 2026.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.catalog import ModelCard
from grader.simulator.faults import invalid
from grader.simulator.images import MEDIA_TYPES, ImageError, Picture, read_image
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

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
        elif block["type"] == "tool_result":
            yield from _found_in(block.get("content"), f"{path}.{index}.tool_result.content")
