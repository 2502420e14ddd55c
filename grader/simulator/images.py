"""Read the size and the format of a picture from the first bytes of its file.

Only the header is read, in Python: a picture comes from a learner's code and is read by the
process that grades it, so it must neither reach a decoder nor make anything of the size it claims.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
# The markers of JPEG that start a frame, and so carry its size: SOF0 to SOF15 without the tables
# DHT (C4), JPG (C8) and DAC (CC) among them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_SCAN = 0xDA
# More than any camera or editor writes; a file of nothing but markers must not be walked through.
_MAX_SEGMENTS = 1_000


class ImageError(ValueError):
    """Say that data is not an image; is_base64 tells whether it is at least base64."""

    def __init__(self, message: str, *, is_base64: bool) -> None:
        super().__init__(message)
        self.is_base64 = is_base64


@dataclass(frozen=True)
class Picture:
    """Hold what the header of an image says; width and height are in pixels."""

    media_type: str
    width: int
    height: int


def read_image(data: str) -> Picture:
    """Return what the header of a base64 image says.

    Raises ImageError when the data is not base64, or no JPEG, PNG, GIF or WebP.
    """
    try:
        raw = base64.b64decode(data, validate=True)
    # binascii.Error, and ValueError where a character is not ASCII.
    except ValueError as error:
        raise ImageError(str(error), is_base64=False) from None
    for media_type, read in _READERS.items():
        try:
            size = read(raw)
        # The file ends inside its header.
        except (struct.error, IndexError):
            size = None
        if size is not None and min(size) > 0:
            return Picture(media_type, *size)
    raise ImageError("no JPEG, PNG, GIF or WebP header", is_base64=True)


def _png(raw: bytes) -> tuple[int, int] | None:
    if raw[:8] != _PNG or raw[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", raw, 16)
    return width, height


def _gif(raw: bytes) -> tuple[int, int] | None:
    if raw[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    width, height = struct.unpack_from("<HH", raw, 6)
    return width, height


def _webp(raw: bytes) -> tuple[int, int] | None:
    if raw[:4] != b"RIFF" or raw[8:12] != b"WEBP":
        return None
    kind = raw[12:16]
    if kind == b"VP8 " and raw[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", raw, 26)
        # The two bits above are a scale for the screen.
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and raw[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", raw, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        width, height = (int.from_bytes(raw[at : at + 3], "little") for at in (24, 27))
        return (width + 1, height + 1) if len(raw) >= 30 else None
    return None


def _jpeg(raw: bytes) -> tuple[int, int] | None:
    if raw[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if raw[at] != 0xFF:
            return None
        marker = raw[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", raw, at + 5)
            return width, height
        if marker == _SCAN:
            return None
        if marker == 0xFF:
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        else:
            (length,) = struct.unpack_from(">H", raw, at + 2)
            at += 2 + length
    return None


_READERS: dict[str, Callable[[bytes], tuple[int, int] | None]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
}
MEDIA_TYPES = tuple(_READERS)
"""The formats that the API takes, in the order in which it lists them."""
