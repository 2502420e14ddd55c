"""Say of a picture what can be said without looking at it."""

from __future__ import annotations

from grader.simulator.images import ImageError, read_image
from grader.simulator.wire import Json


def describe_picture(source: Json) -> str:
    """Return what is seen of an image without looking at it: its size, where it is given."""
    if source["type"] != "base64":
        return "given by reference"
    try:
        picture = read_image(source["data"])
    except ImageError:
        return "that cannot be read"
    return f"{picture.width} by {picture.height} pixels"
