"""An image part of either of OpenAI's APIs becomes an image block."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import (
    OWN_RAISE,
    Case,
    Crash,
    Criterion,
    Exam,
    Shapes,
    Slip,
    exercise,
    gif,
    jpeg,
    png,
    webp,
)
from grader.exercises.loops import objection
from grader.exercises.readings import compared, differing, is_same

Json = Any

_CHAT, _RESPONSES = "chat completions", "responses"
_TAKEN_APART = {
    r"^(ValueError: (not enough|too many|substring)|IndexError|AttributeError)": "url-as-data"
}
"""What code says that takes an address on the web apart like a data URI."""
_FETCHED = r"^\w*(URL|HTTP|Connect|Timeout|gai)\w*"
"""What code says that tries to fetch the picture."""
_FORMATS = ("png", "jpeg", "gif", "webp")
_ADDRESSES = {
    "an address": "https://example.com/{}.png",
    "with a query": "https://cdn.example.com/{}.jpg?width=300&sig=a%2Cb%3D#top",
    "without an ending": "https://example.com/picture?id={}",
    "with a comma": "https://example.com/image/w_300,h_200/{}.webp",
    # Whoever writes an address anew, by its parts or in another spelling, changes these.
    "with signs of its own": "https://example.com/Bücher/{}[1].png?a=1&amp;b=2%20c",
    "with an empty query": "https://example.com/{}.gif?",
    # Whoever looks for a part of these words takes it for a data URI.
    "with its words": "https://data.example.com/base64,/data:image/{}",
}


@exercise(
    minutes=7,
    criteria=[
        Criterion("base64", "a data URI becomes a base64 source"),
        Criterion("media-type", "the media type is the one that the URI names"),
        Criterion("url", "any other address becomes a url source"),
        Criterion("accepted", "the API accepts the block, and the part stays as it was"),
        Criterion("responses", "a part of Responses becomes the same block"),
    ],
    shapes=Shapes(
        pairs=[("api", "url")],
        api=[_CHAT, _RESPONSES],
        url=[*_FORMATS, *_ADDRESSES],
        detail=["low", None, "auto", "high"],
    ),
)
def convert_image_part(exam: Exam) -> None:
    """Convert data URIs of four formats, then addresses of several forms, for both APIs."""
    for case in sorted(exam.cases(), key=lambda case: (case.api != _CHAT, case.url in _ADDRESSES)):
        with exam.part():
            convert = _converts_address if case.url in _ADDRESSES else _converts_data
            if not convert(exam, case):
                return


def _converts_data(exam: Exam, case: Case) -> bool:
    """Judge a data URI, and return whether the block has a source at all."""
    media_type, data = f"image/{case.url}", _picture(exam, case.url)
    part = _part(f"data:{media_type};base64,{data}", case)
    block = _converted(exam, part, _judged(case, "base64", "accepted"))
    if block is None:
        return False
    source = block["source"]
    mine, named = source.get("data"), source.get("media_type")
    wrong = exam.which(
        {
            "prefix-kept": isinstance(mine, str) and mine.startswith("data:"),
            "data-as-bytes": isinstance(mine, bytes),
            "data-uri-as-url": source.get("type") == "url" and bool(source.get("url")),
            "data-altered": isinstance(mine, str) and len(mine) == len(data),
            "data-changed": source.get("type") == "base64" and isinstance(mine, str),
        },
        otherwise="other-source",
    )
    begins = isinstance(mine, str) and wrong in ("prefix-kept", "data-changed")
    observed = mine[:30] if begins else block
    if wrong in ("data-altered", "data-uri-as-url"):
        observed = compared(mine, data) if wrong == "data-altered" else source["url"][:30]
    is_data = source.get("type") == "base64" and mine == data
    _expect(exam, case, "base64", None if is_data else Slip(wrong, observed))
    wrong = exam.which({"other-source": named is None}, otherwise="media-type-guessed")
    observed = block if named is None else compared(named, media_type)
    slip = None if named == media_type else Slip(wrong, observed)
    _expect(exam, case, "media-type", slip)
    _accepts(exam, case, block)
    return True


def _converts_address(exam: Exam, case: Case) -> bool:
    """Judge an address on the web, and return whether the block has a source at all."""
    url = _ADDRESSES[case.url].format(exam.fresh("cat"))
    judged = _judged(case, "url", "accepted")
    crash: Crash = {**_TAKEN_APART, _FETCHED: "downloaded", OWN_RAISE: Slip("address-refused", url)}
    block = _converted(exam, _part(url, case), judged, crash=crash)
    if block is None:
        return False
    source = block["source"]
    slip = exam.slip(
        {
            "url-as-data": (source.get("type") == "base64", source),
            "address-changed": (
                source.get("type") == "url" and isinstance(source.get("url"), str),
                compared(source.get("url"), url),
            ),
        },
        otherwise="other-source",
        observed=source,
    )
    is_same_address = source.get("type") == "url" and source.get("url") == url
    _expect(exam, case, "url", None if is_same_address else slip)
    _accepts(exam, case, block)
    return True


def _part(url: str, case: Case) -> Json:
    detail = {} if case.detail is None else {"detail": case.detail}
    if case.api == _RESPONSES:
        return {"type": "input_image", "image_url": url, **detail}
    return {"type": "image_url", "image_url": {"url": url, **detail}}


def _converted(
    exam: Exam, part: Json, criteria: tuple[str, ...], *, crash: Crash = None
) -> dict[str, Json] | None:
    called = exam.call(copy.deepcopy(part), judges=criteria, crash=crash)
    block, after = called.value, called.arguments[0]
    if not is_same(after, part):
        keys = ", ".join(differing(after, part))
        exam.judge(Slip("mutated", keys), criteria[-1])
    is_dict = isinstance(block, dict)
    if is_dict and block.get("type") == "image" and isinstance(block.get("source"), dict):
        return block  # type: ignore[no-any-return]
    is_kept = is_dict and (
        block.get("type") in ("image_url", "input_image") or "image_url" in block
    )
    is_source = is_dict and block.get("type") in ("base64", "url")
    wrong = exam.which(
        {
            "image-url-kept": is_kept,
            "source-alone": is_source,
            "block-in-a-list": isinstance(block, list),
            "whole-message": is_dict and "role" in block,
        },
        otherwise="other-source",
    )
    exam.judge(Slip(wrong, block), *criteria)
    return None


def _judged(case: Case, *criteria: str) -> tuple[str, ...]:
    """Return the criteria that a part is about: one alone for all parts of Responses."""
    return criteria if case.api == _CHAT else ("responses",)


def _expect(exam: Exam, case: Case, criterion: str, slip: Slip | None) -> None:
    """Judge what a part is about; slip: what went wrong, None if nothing did."""
    exam.judge(slip, *_judged(case, criterion))


def _accepts(exam: Exam, case: Case, block: dict[str, Json]) -> None:
    content = [block, {"type": "text", "text": "What is this?"}]
    fault = objection(exam, [{"role": "user", "content": content}])
    is_extra = fault is not None and "Extra inputs" in fault
    wrong = exam.which({"extra-keys": is_extra}, otherwise="other-source")
    # The API fetches addresses on the web, and a data URI isn't one.
    is_fetched = not str(block["source"].get("url", "")).startswith("data:")
    slip = Slip(wrong, fault if is_extra else block)
    _expect(exam, case, "accepted", None if fault is None and is_fetched else slip)


def _picture(exam: Exam, form: str) -> str:
    """Return a picture that no learner can have seen, as base64."""
    red, green, blue = (exam.number(0, 255) for _ in range(3))
    match form:
        case "png":
            return png(exam.number(1, 40), exam.number(1, 40), (red, green, blue))
        case "jpeg":
            return jpeg(red)
        case "gif":
            return gif((red, green, blue))
        case _:
            return webp((red, green, blue))
