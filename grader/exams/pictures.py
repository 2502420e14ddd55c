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


def jpeg(grey: int) -> str:
    """Return a JPEG of one grey pixel as base64; grey: from 0 to 255, the higher the brighter.

    Its tables have one code each (ITU T.81, annex B): the mean of the block, and its end.
    """
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    quantities = b"\xff\xdb\x00\x43\x00" + b"\x04" * 64
    codes = b"".join(
        b"\xff\xc4\x00\x14" + bytes([table, 1, *[0] * 15, symbol])
        for table, symbol in ((0x00, 8), (0x10, 0))
    )
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    # A bit for the first code, eight for the mean, a bit for the end, and the rest is filled up.
    bits = (grey << 7 | 0b0111111).to_bytes(2)
    picture = b"\xff\xd8" + quantities + frame + codes + scan + bits + b"\xff\xd9"
    return base64.b64encode(picture).decode("ascii")


def webp(colour: Colour) -> str:
    """Return a WebP of one pixel as base64; colour as red, green, blue.

    It is lossless (RFC 9649, section 3): five codes of one symbol each, so the pixel takes no bits.
    """
    red, green, blue = colour
    bits, size = 0, 0
    # Width and height less one, alpha and version; then no transform, no cache, one group of codes.
    for value, width in [(0, 14), (0, 14), (0, 1), (0, 3), (0, 3)]:
        bits, size = bits | value << size, size + width
    for symbol in (green, red, blue, 255):
        bits, size = bits | (0b101 | symbol << 3) << size, size + 11
    bits, size = bits | 0b0001 << size, size + 4
    body = b"\x2f" + bits.to_bytes((size + 7) // 8, "little")
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)
    picture = b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk
    return base64.b64encode(picture).decode("ascii")


def _chunk(name: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + check
