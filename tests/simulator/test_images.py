"""Pictures: their format and size, read from the header alone."""

import base64
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.images import ImageError, Picture, read_image


def encoded(raw: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(raw).decode()


def huge_png() -> bytes:
    """Return a PNG that claims 2,147,483,647 pixels a side, and would inflate to gigabytes."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + zlib.compress(bytes(1_000_000))


@pytest.mark.parametrize(
    ("kind", "media_type", "options"),
    [
        ("PNG", "image/png", {}),
        ("GIF", "image/gif", {}),
        ("JPEG", "image/jpeg", {}),
        ("JPEG", "image/jpeg", {"progressive": True, "comment": b"x" * 60_000}),
        ("WEBP", "image/webp", {"lossless": False}),
        ("WEBP", "image/webp", {"lossless": True}),
        ("WEBP", "image/webp", {"exif": b"Exif\x00\x00x"}),
    ],
    ids=["png", "gif", "jpeg", "progressive jpeg", "lossy webp", "lossless webp", "extended webp"],
)
@pytest.mark.parametrize("size", [(1, 1), (300, 7), (7, 300), (1_024, 769)])
def test_each_format_tells_its_size(
    picture: Callable[..., str], kind: str, media_type: str, options, size: tuple[int, int]
) -> None:
    """Pillow drew them; what it was told to draw is what is read."""
    assert read_image(picture(kind, size, **options)) == Picture(media_type, *size)


def test_a_picture_of_absurd_size_is_only_measured() -> None:
    """Nothing is unpacked, whatever the header claims."""
    assert read_image(encoded(huge_png())) == Picture("image/png", 2**31 - 1, 2**31 - 1)


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xd8" + b"\xff" * 1_000_000,
        b"\xff\xd8" + b"\xff\xd0" * 1_000_000,
        b"\xff\xd8" + b"\xff\xe0\x00\x00" * 1_000_000,
    ],
    ids=["fill bytes", "markers", "empty segments"],
)
def test_a_jpeg_of_markers_alone_is_no_picture(raw: bytes) -> None:
    """It is given up before its end."""
    with pytest.raises(ImageError) as caught:
        read_image(encoded(raw))
    assert caught.value.is_base64


def test_a_jpeg_may_have_many_segments(picture: Callable[..., str]) -> None:
    """Profiles and previews stand before the size, and fill bytes between them."""
    raw = base64.b64decode(picture("JPEG", (30, 40)))
    notes = b"\xff\xff\xff\xfe\x00\x06note" * 100
    assert read_image(encoded(raw[:2] + notes + raw[2:])) == Picture("image/jpeg", 30, 40)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "WEBP"])
def test_a_file_cut_off_in_its_header_is_no_picture(picture: Callable[..., str], kind: str) -> None:
    """However short it is cut."""
    raw = base64.b64decode(picture(kind))
    for length in range(10):
        with pytest.raises(ImageError):
            read_image(encoded(raw[:length]))


def test_a_picture_without_pixels_is_none(picture: Callable[..., str]) -> None:
    """A width of 0 would have no tokens."""
    raw = base64.b64decode(picture("GIF"))
    with pytest.raises(ImageError):
        read_image(encoded(raw[:6] + bytes(4) + raw[10:]))


@pytest.mark.parametrize("data", ["A", "AAA", "AA A", "A" * 5, "ÄÖÜ=", "\ud800"])
def test_what_is_not_base64_is_told_apart(data: str) -> None:
    """The API has other words for it than for a file that is no picture."""
    with pytest.raises(ImageError) as caught:
        read_image(data)
    assert not caught.value.is_base64


@settings(max_examples=150)
@given(
    start=st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"RIFF0000WEBPVP8X"]),
    rest=st.binary(max_size=60),
)
def test_any_bytes_are_a_picture_or_none(start: bytes, rest: bytes) -> None:
    """There is no third outcome."""
    try:
        picture = read_image(encoded(start + rest))
    except ImageError:
        return
    assert min(picture.width, picture.height) > 0
