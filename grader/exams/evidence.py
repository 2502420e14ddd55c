"""The evidence of a verdict, cut to what a person reads: requests, traceback, printed text.

A conversation sends its beginning again with every request, and code can print without end, so
uncut evidence would take up most of a class's disk space. `MARK` stands wherever something is
missing; a request keeps its shape, and its place among the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from grader.exams.verdict import Verdict

Json = Any

MOST = 20_000
"""How many characters of JSON the evidence of one verdict may take on disk, in all."""
MOST_WHEN_CORRECT = 4_000
"""The same for a correct answer: a panel shows none of its evidence."""
MOST_IN_MEMORY = 1_000_000
"""How many characters of evidence we keep while a notebook is being graded."""
MARK = "… (cut)"
"""Marks a cut: at the end of a text, in a list, as a key, or in place of a value."""
_LEAST = 400
"""How many characters a request gets at least: with fewer it shows nothing."""
_LEFT_OUT = len("null,")
# From mild to harsh: how long a text, a list or a dict may be, and how many levels are kept.
_CUTS = ((4_000, 200, 60), (1_000, 60, 40), (300, 20, 20), (100, 8, 12), (40, 4, 8), (20, 2, 5))


def cut_evidence(verdict: Verdict, *, most: int = MOST) -> Verdict:
    """Return a verdict with its evidence cut to `most` characters; shorter evidence stays as it is.

    A request that doesn't fit becomes None.
    """
    sizes = (_size(each) + 1 for each in (*verdict.requests, verdict.traceback, verdict.printed))
    if sum(sizes) <= most:
        return verdict
    traceback = _cut_text(verdict.traceback, most * 4 // 10, is_end=True)
    printed = _cut_text(verdict.printed, most * 3 // 10)
    room = most - _size([traceback, printed])
    requests = _cut_requests(verdict.requests, room, verdict.shown_first)
    return replace(verdict, requests=requests, traceback=traceback, printed=printed)


def _cut_requests(requests: Sequence[Json], room: int, shown_first: int | None) -> tuple[Json, ...]:
    """Return requests cut to fit the room, if need be only the first and last ones.

    shown_first: the place of the request that matters, if there is one.
    """
    places = range(len(requests))
    room -= _LEFT_OUT * len(requests)
    count = min(len(requests), max(1, room // _LEAST))
    chosen = {*places[: count - count // 2], *(places[-(count // 2) :] if count > 1 else ())}
    if shown_first is not None:
        chosen.add(shown_first)
    sizes = {place: _size(requests[place]) for place in sorted(chosen)}
    shares = _shares(sizes, room)
    if shown_first is not None:
        # The request that matters gets up to half of the room.
        own = min(sizes.pop(shown_first), room // 2)
        shares = {**_shares(sizes, room - own), shown_first: own}
    return tuple(_cut(requests[each], shares[each]) if each in shares else None for each in places)


def _shares(sizes: dict[int, int], room: int) -> dict[int, int]:
    """Return how much room each place gets: what it needs, or an equal share."""
    shares: dict[int, int] = {}
    for place in sorted(sizes, key=sizes.__getitem__):
        shares[place] = min(sizes[place], room // (len(sizes) - len(shares)))
        room -= shares[place]
    return shares


def _size(value: Json) -> int:
    return len(json.dumps(value, separators=(",", ":")))


def _cut(value: Json, most: int) -> Json:
    """Return a JSON value cut to this many characters, None if nothing is left."""
    if _size(value) <= most:
        return value
    for text, items, depth in _CUTS:
        shorter = _Shortened(text, items, most).of(value, depth)
        if _size(shorter) <= most:
            return shorter
    return None


class _Shortened:
    """Shorten what is long, wide or deep in a JSON value.

    text, items: how long a text, a list or a dict may be. most: stop after this many characters,
    because the value is too long anyway.
    """

    def __init__(self, text: int, items: int, most: int) -> None:
        self._text = text
        self._items = items
        self._left = most

    def of(self, value: Json, depth: int) -> Json:
        self._left -= 1
        if self._left < 0 or (depth == 0 and isinstance(value, list | dict)):
            return MARK
        if isinstance(value, str):
            return self._of_text(value)
        if isinstance(value, list):
            first, last = self._ends(len(value))
            kept = [self.of(item, depth - 1) for item in value[:first]]
            if last == len(value):
                return kept
            return [*kept, MARK, *(self.of(item, depth - 1) for item in value[last:])]
        if isinstance(value, dict):
            return self._of_dict(value, depth)
        return value

    def _of_dict(self, value: dict[str, Json], depth: int) -> dict[str, Json]:
        first, last = self._ends(len(value))
        short = {}
        for place, (key, item) in enumerate(value.items()):
            if first <= place < last:
                short[MARK] = f"{last - first:,} more"
            elif self._left > 0:
                short[self._of_text(key)] = self.of(item, depth - 1)
        return short

    def _of_text(self, text: str) -> str:
        self._left -= min(len(text), self._text)
        return text if len(text) <= self._text else text[: self._text] + MARK

    def _ends(self, count: int) -> tuple[int, int]:
        """Return the first place to leave out, and the one after the last."""
        if count <= self._items:
            return count, count
        return self._items - self._items // 2, count - self._items // 2


def _cut_text(text: str, most: int, *, is_end: bool = False) -> str:
    """Return as much of a text's beginning, or end, as fits in this many characters of JSON."""
    if _size(text) <= most:
        return text
    length = min(len(text), most)
    while length and _size(text[-length:] if is_end else text[:length]) > most - 2 * len(MARK):
        length = length * 3 // 4
    return f"{MARK}\n{text[-length:]}" if is_end else f"{text[:length]}\n{MARK}"
