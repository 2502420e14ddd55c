"""Find places in a text: Paris, San Francisco, CA, and the kitchen."""

from __future__ import annotations

import re
from itertools import pairwise

from grader.simulator.replies.language import (
    Mention,
    after,
    is_known,
    names,
    root,
    words_of_name,
    words_of_text,
)
from grader.simulator.replies.values.listing import with_siblings
from grader.simulator.replies.values.slot import Slot

_ANYWHERE = ("in", "at", "near", "to", "from", "for", "of", "around")
ORIGINS = frozenset(words_of_name("from source origin departure start sender old"))
TARGETS = frozenset(words_of_name("to target destination arrival end recipient new into"))
"""Roots that say which of two is meant: where something comes from, or goes to."""

_SMALL = re.compile(
    r"(?:,|\band)\s+([a-z]{3,})(?=\s*(?:[,?.!\n]|$)|\s+(?:and|please|today|now|right)\b)"
)


def places(slot: Slot, text: str) -> list[Mention]:
    """Return what stands where a place would, and what its list has more."""
    cues: tuple[str, ...] = _ANYWHERE
    if not ORIGINS.isdisjoint(slot.words):
        cues = ("from",)
    elif not TARGETS.isdisjoint(slot.words):
        cues = ("to", "into", "in", "for")
    found = [place for place in after(text, cues) if not says_other(place)]
    return _with_regions(with_siblings(found, [*names(text), *_small(text)], text), text)


def says_other(found: Mention) -> bool:
    """Say whether words without a capital are known to mean something else than a name."""
    words = words_of_text(str(found.value))
    return str(found.value).islower() and any(is_known(word.root) for word in words)


def _small(text: str) -> list[Mention]:
    """Return the further words of a list without capitals: london, of "berlin and london"."""
    return [
        Mention(match[1], match.start(1), match.end(1))
        for match in _SMALL.finditer(text)
        if not is_known(root(match[1]))
    ]


def _with_regions(found: list[Mention], text: str) -> list[Mention]:
    """Return Paris, France and Tokyo, Japan as two places: each town with what follows it."""
    gaps = [text[one.end : other.start] for one, other in pairwise(found)]
    inside, between = gaps[::2], gaps[1::2]
    if len(found) % 2 or any(gap != ", " for gap in inside) or ", " in between:
        return found
    pairs = zip(found[::2], found[1::2], strict=True)
    return [Mention(text[one.start : other.end], one.start, other.end) for one, other in pairs]
