"""Say of a pattern whether searching with it takes time in proportion to the text, by its shape.

Time that grows with the square of a text comes from a repeat without a bound that can begin at many
places and goes far from each of them. A search begins anywhere; behind a first repeat that may end
at many places, what follows begins at each of them. There a repeat is harmless only if what stands
right before it ends it: then from each place it reaches the next such place and no further.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from typing import Any

_EVERY = frozenset(chr(code) for code in range(0x180)) | {"\u0661", "\u3000", "漢"}
"""Characters of every category that patterns tell apart."""
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
_MANY = 1_000
"""From how many repeats on a bound is none."""
_ANCHORS = (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)


def objection_to(pattern: str | bytes) -> str:
    """Return what makes a pattern slow on long texts, "" where nothing does."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    try:
        _walk(list(parser.parse(text)), _Place(is_free=True, before=None))
    except _Slow as slow:
        return str(slow)
    return ""


class _Slow(Exception):
    pass


class _Place:
    """Say what has come before an item.

    is_free: whether many places of the text may be the item's first. before: the characters that
    one before it can be; None where nothing is known.
    """

    def __init__(self, *, is_free: bool, before: frozenset[str] | None) -> None:
        self.is_free = is_free
        self.before = before


def _walk(items: list[Any], place: _Place) -> _Place:
    for number, (kind, value) in enumerate(items):
        rest = items[number + 1 :]
        if kind is sre.AT:
            if value in _ANCHORS and number == 0:
                place = _Place(is_free=False, before=None)
        elif kind in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
            place = _Place(is_free=place.is_free, before=_characters(kind, value))
        elif kind is sre.SUBPATTERN:
            place = _walk(list(value[-1]), place)
        elif kind is sre.BRANCH:
            ends = [_walk(list(branch), place) for branch in value[1]]
            known = [end.before for end in ends if end.before is not None]
            both = frozenset().union(*known) if len(known) == len(ends) else None
            place = _Place(is_free=any(end.is_free for end in ends), before=both)
        elif kind in _REPEATS:
            place = _repeat(value, rest, place)
        elif kind is sre.POSSESSIVE_REPEAT:
            # It gives nothing back. Where nothing behind it can fail, what it took is done with.
            if any(each not in _REPEATS or least > 0 for each, (least, *_) in rest):
                raise _Slow("a possessive repeat with something behind it that may fail")
            place = _Place(is_free=True, before=None)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            _walk(list(value[1]), place)
        else:
            raise _Slow(f"{kind} is not understood")
    return place


def _repeat(value: Any, rest: list[Any], place: _Place) -> _Place:
    least, most, inner = value
    if most < _MANY:
        after = _walk(list(inner), place)
        return _Place(is_free=after.is_free, before=None if least == 0 else after.before)
    mine = _only(list(inner))
    if mine is None:
        raise _Slow("a repeat without a bound of more than one character")
    is_whole = place.before is None and not rest
    if place.is_free and not is_whole and (place.before is None or place.before & mine):
        raise _Slow("a repeat without a bound that may begin at many places")
    following = _first(rest)
    ends_once = following is not None and not following & mine
    return _Place(is_free=place.is_free or not (ends_once or not rest), before=None)


def _only(items: list[Any]) -> frozenset[str] | None:
    """Return the characters of a single item that stands for one character."""
    if len(items) == 1 and items[0][0] is sre.SUBPATTERN:
        return _only(list(items[0][1][-1]))
    return _first(items) if len(items) == 1 else None


def _first(items: list[Any]) -> frozenset[str] | None:
    if not items or items[0][0] not in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
        return None
    return _characters(*items[0])


def _characters(kind: Any, value: Any) -> frozenset[str]:
    if kind is sre.ANY:
        return _EVERY
    if kind is sre.LITERAL:
        return frozenset({chr(value)})
    if kind is sre.NOT_LITERAL:
        return _EVERY - {chr(value)}
    found = frozenset[str]().union(*(_of_class(*each) for each in value if each[0] != sre.NEGATE))
    return _EVERY - found if value[0][0] is sre.NEGATE else found


def _of_class(kind: Any, value: Any) -> frozenset[str]:
    if kind is sre.LITERAL:
        return frozenset({chr(value)})
    if kind is sre.RANGE:
        low, high = value
        return frozenset(each for each in _EVERY if low <= ord(each) <= high)
    named = {
        sre.CATEGORY_DIGIT: r"\d",
        sre.CATEGORY_NOT_DIGIT: r"\D",
        sre.CATEGORY_SPACE: r"\s",
        sre.CATEGORY_NOT_SPACE: r"\S",
        sre.CATEGORY_WORD: r"\w",
        sre.CATEGORY_NOT_WORD: r"\W",
    }
    return frozenset(each for each in _EVERY if re.match(named[value], each))
