"""What a text mentions: a value, and the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.simulator.wire import Json

MAX_TEXT = 20_000
"""How much of a text is read, in characters; what comes after it is not seen."""

CACHED = 16
"""How many texts each reading is kept for: one request reads the same few again and again."""


@dataclass(frozen=True)
class Mention:
    """Hold what a text mentions, and from where to where."""

    value: Json
    start: int
    end: int


Mentions = tuple[Mention, ...]


def found_by(expression: re.Pattern[str], text: str) -> Mentions:
    """Return every match of an expression as it is written."""
    matches = expression.finditer(text)
    return tuple(Mention(match[0], match.start(), match.end()) for match in matches)


def apart(found: Iterable[Mention], others: Iterable[Mention]) -> Mentions:
    """Return what shares no place with any of the others."""
    taken: set[int] = set()
    for other in others:
        taken.update(range(other.start, other.end))
    return tuple(
        mention for mention in found if taken.isdisjoint(range(mention.start, mention.end))
    )


def in_order(found: Iterable[Mention]) -> Mentions:
    """Return mentions in the order of the text."""
    return tuple(sorted(found, key=lambda mention: mention.start))
