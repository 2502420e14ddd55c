"""See which mentions of a text stand in one list: Paris, Rome and Oslo."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from grader.simulator.replies.language import Mention

_LONGEST_GAP = 40
_GAP = re.compile(
    r"['\u2019\"”`]?(?:s\b)?\s*"
    r"(?:[,;?.]\s*(?:(?:and|or|also|then)\s+)?|(?:and|or|&|as well as|plus)\s+)"
    r"(?:(?:in|for|at|of|from|to|with|the|also)\s+){0,3}['\"“`]?$",
    re.IGNORECASE,
)


def is_joined(text: str, one: Mention, other: Mention) -> bool:
    """Say whether two mentions stand in one list: "Paris and in Tokyo"."""
    if not one.end <= other.start <= one.end + _LONGEST_GAP:
        return False
    return _GAP.match(text[one.end : other.start]) is not None


def siblings(found: Mention, others: Iterable[Mention], text: str) -> Iterator[Mention]:
    """Yield what continues a list: Rome and Oslo after Paris, in "Paris, Rome and Oslo"."""
    for other in sorted(others, key=lambda mention: mention.start):
        if other.start > found.end + _LONGEST_GAP:
            return
        if is_joined(text, found, other):
            yield other
            found = other


def with_siblings(found: Iterable[Mention], others: Iterable[Mention], text: str) -> list[Mention]:
    """Return mentions, each followed by what continues its list."""
    further = list(others)
    listed: list[Mention] = []
    for mention in found:
        if not listed or listed[-1].end <= mention.start:
            listed += [mention, *siblings(mention, further, text)]
    return listed
