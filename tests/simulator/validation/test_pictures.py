"""Pictures: where they come from, their format, their size and their number."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from grader.catalog import find_model
from grader.simulator.faults import Refused
from grader.simulator.validation.pictures import check_image, check_pictures

LINK = {"type": "url", "url": "https://example.com/cat.png"}
DOCUMENT = {
    "type": "document",
    "source": {"type": "text", "media_type": "text/plain", "data": "a"},
}


def from_base64(data: Any, media_type: str = "image/png") -> dict[str, Any]:
    """Return an image block that holds its file."""
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}


def fault_of_picture(block: dict[str, Any]) -> str:
    """Return the message of the fault in an image, or an empty string."""
    try:
        check_image(block, "image")
    except Refused as refused:
        return refused.fault.message
    return ""


BAD_SOURCES: list[tuple[dict[str, Any], str]] = [
    ({"type": "image"}, "image.source: Field required"),
    ({"type": "image", "source": "cat.png"}, "image.source: Input should be an object"),
    (
        {"type": "image", "source": {"type": "path"}},
        (
            "image.source: Input tag 'path' found using 'type' does not match any of the expected "
            "tags: 'base64', 'file', 'url'"
        ),
    ),
    ({"type": "image", "source": {"type": "url"}}, "image.source.url.url: Field required"),
    ({"type": "image", "source": {"type": "file"}}, "image.source.file.file_id: Field required"),
    (
        {"type": "image", "source": {**LINK, "detail": "low"}},
        "image.source.url.detail: Extra inputs are not permitted",
    ),
    (
        from_base64("AAAA", "image/bmp"),
        (
            "image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', "
            "'image/gif' or 'image/webp'"
        ),
    ),
    (from_base64(None), "image.source.base64.data: Input should be a valid string"),
    (from_base64(""), "image.source.base64: image cannot be empty"),
    (from_base64("not base64"), "image.source.base64: invalid base64 data"),
    (from_base64("data:image/png;base64,AAAA"), "image.source.base64: invalid base64 data"),
    (
        from_base64(base64.b64encode(b"Just some text.").decode()),
        "image.source.base64.data: The file format is invalid or unsupported",
    ),
    (
        from_base64("A" * 5_242_884),
        "image.source.base64: image exceeds 5 MB maximum: 5242884 bytes > 5242880 bytes",
    ),
]


@pytest.mark.parametrize(("block", "message"), BAD_SOURCES, ids=range(len(BAD_SOURCES)))
def test_a_bad_picture_is_told_with_its_place(block: dict[str, Any], message: str) -> None:
    """The path goes on with the kind of the source."""
    assert fault_of_picture(block) == message


@pytest.mark.parametrize(
    "url", ["http://a.b/c.png", "data:image/png;base64,AAAA", "cat.png", "", "ftp://a.b/c.png"]
)
def test_an_address_is_one_of_the_web_and_secure(url: str) -> None:
    """For a data URL, which is no address, the same words are a guess."""
    source = {"type": "url", "url": url}
    assert fault_of_picture({"type": "image", "source": source}) == "Only HTTPS URLs are supported."


@pytest.mark.parametrize(
    "source", [LINK, {"type": "url", "url": "HTTPS://a.b"}, {"type": "file", "file_id": "file_01"}]
)
def test_other_sources_are_accepted(source: dict[str, str]) -> None:
    """Nothing is downloaded."""
    assert fault_of_picture({"type": "image", "source": source}) == ""


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
    ],
)
def test_the_media_type_must_be_that_of_the_picture(
    picture: Callable[..., str], kind: str, media_type: str
) -> None:
    """Each of the four formats is accepted as itself and refused as another."""
    declared = "image/png" if kind != "PNG" else "image/jpeg"
    message = (
        f"image.source.base64: The image was specified using the {declared} media type, "
        f"but the image appears to be a {media_type} image"
    )
    assert fault_of_picture(from_base64(picture(kind), media_type)) == ""
    assert fault_of_picture(from_base64(picture(kind), declared)) == message


def test_a_picture_may_have_8000_pixels_a_side(picture: Callable[..., str]) -> None:
    """One more is refused."""
    message = (
        "image.source.base64.data: At least one of the image dimensions exceed max allowed "
        "size: 8000 pixels"
    )
    assert fault_of_picture(from_base64(picture(size=(1, 8_000)))) == ""
    assert fault_of_picture(from_base64(picture(size=(8_001, 1)))) == message


def fault_among(*blocks: dict[str, Any], model: str = "claude-sonnet-4-6") -> str:
    """Return the message of the fault in one turn with these blocks, or an empty string."""
    result = {"type": "tool_result", "tool_use_id": "t", "content": list(blocks)}
    messages = [{"role": "user", "content": "a"}, {"role": "user", "content": [result]}]
    try:
        check_pictures({"messages": messages}, find_model(model))
    except Refused as refused:
        return refused.fault.message
    return ""


def test_among_more_than_twenty_pictures_2000_pixels_a_side_are_the_most(
    picture: Callable[..., str],
) -> None:
    """Pictures in results count, and so does one by its address; documents do not."""
    small, large = (from_base64(picture(size=(1, side))) for side in (2_000, 2_001))
    linked = {"type": "image", "source": LINK}
    message = (
        "messages.1.content.0.tool_result.content.20.image.source.base64.data: At least one of the "
        "image dimensions exceed max allowed size for many-image requests: 2000 pixels"
    )
    assert fault_among(*[linked] * 20, large) == message
    assert fault_among(*[linked] * 20, small) == ""
    assert fault_among(*[linked] * 19, large) == ""
    assert fault_among(*[linked] * 19, large, DOCUMENT) == ""


@pytest.mark.parametrize(("model", "limit"), [("claude-haiku-4-5", 100), ("claude-opus-5", 600)])
def test_a_request_holds_so_many_pictures_and_documents(model: str, limit: int) -> None:
    """A model with a context window of a million takes more."""
    linked = {"type": "image", "source": LINK}
    assert fault_among(*[linked] * limit, model=model) == ""
    assert fault_among(*[linked] * limit, DOCUMENT, model=model) == (
        f"too many images and documents: {limit} + 1 > {limit}"
    )


def oversized(value: Any, data: str) -> dict[str, Any]:
    """Return an image block that says what is to be done if it is too large."""
    return {**from_base64(data), "transformations": value}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, ""),
        ({}, ""),
        ({"oversized_image": "downsize"}, ""),
        ({"oversized_image": "error"}, ""),
        ([], "image.transformations: Input should be an object"),
        (
            {"oversized_image": "crop"},
            "image.transformations.oversized_image: Input should be 'downsize' or 'error'",
        ),
        ({"rotate": 90}, "image.transformations.rotate: Extra inputs are not permitted"),
    ],
)
def test_transformations_are_checked(picture: Callable[..., str], value: Any, message: str) -> None:
    """One condition is known, with two answers to it."""
    assert fault_of_picture(oversized(value, picture())) == message


@pytest.mark.parametrize(
    ("model", "fits", "largest"),
    [("claude-sonnet-4-6", (1_568, 28), "1568x27"), ("claude-opus-5", (2_576, 28), "2576x27")],
)
def test_a_picture_larger_than_the_model_is_shown_can_be_refused(
    picture: Callable[..., str], model: str, fits: tuple[int, int], largest: str
) -> None:
    """With its code, and the largest size that fits; where it is to be scaled down it is taken."""
    refusing = {"oversized_image": "error"}
    larger = picture(size=(fits[0] + 1, fits[1]))
    assert fault_among(oversized(refusing, picture(size=fits)), model=model) == ""
    assert fault_among(oversized({}, larger), model=model) == ""
    told = fault_among(oversized(refusing, larger), model=model)
    assert told.endswith(
        f"the image is {fits[0] + 1}x28 pixels, and the largest size that fits is {largest} pixels"
    )
