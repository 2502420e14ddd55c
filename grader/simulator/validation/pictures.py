"""Check pictures: where they come from, their format, their size and their number.

The wordings come from recorded traffic and public issues: anthropic-sdk-typescript 603 (base64),
home-assistant/core 167208 (media type), claude-code 4778 and 24630 (sides), 10612 (bytes) and 23392
(number). That an address must be https is quoted in public notes of 2026.
"""

from __future__ import annotations

from grader.catalog import ModelCard
from grader.simulator.contents import find_blocks
from grader.simulator.faults import Fault, Refused, invalid
from grader.simulator.images import MEDIA_TYPES, ImageError, Picture, read_image
from grader.simulator.tokens.pictures import largest_for, shown_size
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
_OVERSIZED = "oversized_image"
# What scaling may be off by, in pixels.
_ROUNDING = 1e-6
_SOURCE_KEYS = {
    "base64": frozenset({"type", "media_type", "data"}),
    "url": frozenset({"type", "url"}),
    "file": frozenset({"type", "file_id"}),
}


def check_image(block: dict[str, Json], path: str) -> None:
    """Refuse an image whose source is not one of base64, url or file, or cannot be read."""
    if block.get("transformations") is not None:
        _check_transformations(block["transformations"], f"{path}.transformations")
    source = shapes.mapping(shapes.field(block, "source", path), f"{path}.source")
    kind = shapes.tag(source, f"{path}.source", _SOURCE_KEYS)
    inside = f"{path}.source.{kind}"
    shapes.only(source, inside, _SOURCE_KEYS[kind])
    if kind == "base64":
        media_type = shapes.one_of(
            shapes.field(source, "media_type", inside), f"{inside}.media_type", MEDIA_TYPES
        )
        check_picture(shapes.string_field(source, "data", inside), media_type, inside)
    elif kind == "url":
        address = shapes.string_field(source, "url", inside)
        if not address.lower().startswith("https://"):
            raise invalid("Only HTTPS URLs are supported.")
    else:
        shapes.string_field(source, "file_id", inside)


def check_picture(data: str, media_type: str, path: str) -> None:
    """Refuse a picture, in base64, that is none, is too large, or of another format than told."""
    picture = _read(data, path)
    _check_side(picture, path, "", MAX_SIDE)
    if picture.media_type != media_type:
        raise invalid(
            f"{path}: The image was specified using the {media_type} media type, "
            f"but the image appears to be a {picture.media_type} image"
        )


def check_pictures(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse more pictures and documents than the model takes, and large ones among many."""
    found = list(find_blocks(request["messages"], ("image", "document")))
    images = [(path, block) for path, block in found if block["type"] == "image"]
    for path, block in images:
        if (block.get("transformations") or {}).get(_OVERSIZED) == "error":
            _check_shown(block["source"], f"{path}.image", card)
    if len(found) <= MANY:
        return
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


def _check_transformations(value: Json, path: str) -> None:
    wanted = shapes.mapping(value, path)
    if _OVERSIZED in wanted:
        shapes.one_of(wanted[_OVERSIZED], f"{path}.{_OVERSIZED}", ("downsize", "error"))
    shapes.only(wanted, path, (_OVERSIZED,))


def _check_shown(source: Json, path: str, card: ModelCard) -> None:
    """Refuse a picture that is larger than the model is shown; the words are a guess.

    That they name both sizes, and the code, is in anthropic 2.12
    (`types/image_transformations_param.py`, `types/image_dimensions_too_large_error_details.py`).
    """
    if source["type"] != "base64":
        return
    picture = _read(source["data"], f"{path}.source.base64")
    width, height = shown_size(picture.width, picture.height, largest_for(card.rules))
    if (width, height) == (picture.width, picture.height):
        return
    size = f"{picture.width}x{picture.height}"
    fitting = f"{max(1, int(width + _ROUNDING))}x{max(1, int(height + _ROUNDING))}"
    message = (
        f"{path}: the image is {size} pixels, and the largest size that fits is {fitting} pixels"
    )
    raise Refused(Fault(400, message, error_code="image_dimensions_too_large"))


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
