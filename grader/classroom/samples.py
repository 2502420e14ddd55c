"""Small things for demos that would take too many lines in a notebook."""

from __future__ import annotations

import base64
import struct
import zlib


def sample_image(*, side: int = 56, colour: tuple[int, int, int] = (200, 30, 30)) -> str:
    """Return a one-coloured square PNG as a data URI; side: pixels; colour: red, green, blue."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + check

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = (b"\x00" + bytes(colour) * side) * side
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    picture += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"
