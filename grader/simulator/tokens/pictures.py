"""Count the tokens of pictures: of the patches of 28 pixels that they have after downscaling.

How far a picture is scaled down depends on the model; the catalog's rules say so.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from grader.catalog import ModelRules
from grader.simulator.images import read_image
from grader.simulator.wire import Json

_PATCH = 28
_FRAME = 3
# An image that is given by reference is not fetched: it counts as one of the largest that every
# model is shown.
_UNSEEN = (1092, 1092)


class Largest(NamedTuple):
    """Say how large a picture a model is shown: its longer side in pixels, and its tokens."""

    side: int
    tokens: int


def image_tokens(width: int, height: int, largest: Largest) -> int:
    """Return the tokens of an image of so many pixels (exact on 17 of 20 recorded sizes)."""
    columns, rows = _patches(*shown_size(width, height, largest))
    return columns * rows + _FRAME


def largest_for(rules: ModelRules) -> Largest:
    """Return the largest picture that a model is shown."""
    return Largest(rules.image_side, rules.image_tokens)


def shown_size(width: float, height: float, largest: Largest) -> tuple[float, float]:
    """Return the size, in pixels, at which a model is shown a picture: its own, or less."""
    scale = min(1.0, largest.side / max(width, height))
    columns, rows = _patches(width * scale, height * scale)
    while columns * rows > largest.tokens:
        scale *= math.sqrt(largest.tokens / (columns * rows)) * 0.999
        columns, rows = _patches(width * scale, height * scale)
    return width * scale, height * scale


def image_block_tokens(block: Json, rules: ModelRules) -> int:
    """Return the tokens of a valid image block, by the header of its file."""
    source = block["source"]
    if source["type"] != "base64":
        return image_tokens(*_UNSEEN, largest_for(rules))
    picture = read_image(source["data"])
    return image_tokens(picture.width, picture.height, largest_for(rules))


def _patches(width: float, height: float) -> tuple[int, int]:
    return max(1, math.ceil(width / _PATCH)), max(1, math.ceil(height / _PATCH))
