"""Pictures made from nothing, for exercises and demos."""

from __future__ import annotations

import base64
import struct
import zlib

Colour = tuple[int, int, int]


def png(width: int, height: int, colour: Colour) -> str:
    """Return a PNG of one colour as base64; sizes in pixels, colour as red, green, blue."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + bytes(colour) * width) * height
    picture = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
    picture += _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return base64.b64encode(picture).decode("ascii")


def gif(colour: Colour) -> str:
    """Return a GIF of one pixel as base64; colour as red, green, blue."""
    head = b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\x00\x00" + bytes(colour) + bytes(3)
    picture = head + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    return base64.b64encode(picture).decode("ascii")


def _chunk(name: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + check
