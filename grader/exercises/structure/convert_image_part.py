"""An image part becomes an image block."""

from __future__ import annotations

from typing import Any

from grader.exams import Criterion, Exam, Slip, exercise, gif, png
from grader.exercises.loops import objection

Json = Any


@exercise(
    minutes=6,
    criteria=[
        Criterion("base64", "a data URI becomes a base64 source"),
        Criterion("media-type", "the media type is the one that the URI names"),
        Criterion("url", "any other address becomes a url source"),
        Criterion("accepted", "the API accepts the block"),
    ],
)
def convert_image_part(exam: Exam) -> None:
    """Convert data URIs of two formats and a web address."""
    for media_type, data in _pictures(exam):
        url = f"data:{media_type};base64,{data}"
        part = {"type": "image_url", "image_url": {"url": url, "detail": "low"}}
        block = _converted(exam, part, "base64")
        if block is None:
            return
        source = block["source"]
        mine = source.get("data")
        wrong = exam.which(
            {"prefix-kept": isinstance(mine, str) and mine.startswith("data:")},
            otherwise="other-source",
        )
        observed = mine[:30] if wrong == "prefix-kept" else block
        plain = source.get("type") == "base64" and mine == data
        exam.expect("base64", plain, wrong, observed)
        named = source.get("media_type")
        wrong = exam.which({"other-source": named is None}, otherwise="media-type-guessed")
        observed = block if named is None else named
        exam.expect("media-type", named == media_type, wrong, observed)
        _accepts(exam, block)
    url = f"https://example.com/{exam.fresh('cat')}.png"
    part = {"type": "image_url", "image_url": {"url": url}}
    block = _converted(exam, part, "url", crash="url-as-data")
    if block is None:
        return
    source = block["source"]
    is_data = source.get("type") == "base64"
    wrong = exam.which({"url-as-data": is_data}, otherwise="other-source")
    named = source.get("type") == "url" and source.get("url") == url
    exam.expect("url", named, wrong, source)
    _accepts(exam, block)


def _converted(
    exam: Exam, part: Json, criterion: str, *, crash: str | None = None
) -> dict[str, Json] | None:
    block = exam.call(part, judges=(criterion, "accepted"), crash=crash).value
    is_dict = isinstance(block, dict)
    if is_dict and block.get("type") == "image" and isinstance(block.get("source"), dict):
        return block  # type: ignore[no-any-return]
    is_kept = is_dict and (block.get("type") == "image_url" or "image_url" in block)
    wrong = exam.which({"image-url-kept": is_kept}, otherwise="other-source")
    exam.judge(Slip(wrong, block), criterion, "accepted")
    return None


def _accepts(exam: Exam, block: dict[str, Json]) -> None:
    content = [block, {"type": "text", "text": "What is this?"}]
    fault = objection(exam, [{"role": "user", "content": content}])
    is_extra = fault is not None and "Extra inputs" in fault
    wrong = exam.which({"extra-keys": is_extra}, otherwise="other-source")
    # The API fetches addresses on the web, and a data URI isn't one.
    is_fetched = not str(block["source"].get("url", "")).startswith("data:")
    exam.expect("accepted", fault is None and is_fetched, wrong, fault if is_extra else block)


def _pictures(exam: Exam) -> tuple[tuple[str, str], ...]:
    """Return pictures of two formats that no learner can have seen, as base64."""
    red, green, blue = (exam.number(0, 255) for _ in range(3))
    colour = (red, green, blue)
    return (
        ("image/png", png(exam.number(1, 40), exam.number(1, 40), colour)),
        ("image/gif", gif(colour)),
    )
