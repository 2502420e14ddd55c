"""Find which of the allowed values a text names, and whether it wants a thing or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.simulator.replies.language import (
    Mention,
    is_plain,
    means,
    numbers,
    places_in,
    places_of,
    root,
    steps,
    sums,
    words_of_name,
    words_of_text,
)
from grader.simulator.replies.values.slot import Slot
from grader.simulator.wire import Json

_MOST = 200
"""How many allowed values are looked for."""

_NO = re.compile(
    r"\b(?:no|not|without|never|don['\u2019]t|do not|exclude|skip)\b[^.,;]{0,20}$", re.IGNORECASE
)


def choices(slot: Slot, text: str) -> list[Mention]:
    """Return the values of an enum that a text names, in its order; else those that mean it."""
    values = slot.shape["enum"] if "enum" in slot.shape else [slot.shape["const"]]
    named = [mention for value in values[:_MOST] for mention in _named(value, text)]
    if named:
        return sorted(named, key=lambda mention: mention.start)
    words = [value for value in values[:_MOST] if isinstance(value, str)]
    meant = [mention for value in words for mention in _meant(value, text)]
    return meant or [mention for value in words for mention in _worked_out(value, text)]


def _named(value: Json, text: str) -> Iterator[Mention]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from (number for number in numbers(text) if number.value == value)
    elif isinstance(value, str) and len(value) == 1 and value.isupper():
        # C is not the c of any word, but that of 20 °C.
        for match in re.finditer(rf"(?<![\w'])°?{re.escape(value)}(?!\w)", text):
            yield Mention(value, match.start(), match.end())
    elif isinstance(value, str):
        for start, end in runs(text, words_of_name(value)):
            yield Mention(value, start, end)


def _meant(value: str, text: str) -> Iterator[Mention]:
    wanted = words_of_name(value)
    if len(wanted) == 1:
        words = words_of_text(text)
        for place in places_of(text, wanted[0]):
            yield Mention(value, words[place].start, words[place].end)


def _worked_out(value: str, text: str) -> Iterator[Mention]:
    """Yield an operation that a sum in the text has: "add", of 5 + 3; it takes up no place."""
    for found in sums(text):
        if any(means(root(value), root(step.name)) for step in steps(str(found.value))):
            yield Mention(value, found.start, found.start)


def flags(slot: Slot, text: str) -> Iterator[Mention]:
    """Yield whether a text wants what a flag is about: yes for "with", no for "without"."""
    # Of demo_requested a text says "demo".
    parts = [part for part in re.split(r"[_\W]+", slot.name) if not part.endswith(("ed", "ing"))]
    wanted = [word for part in parts for word in words_of_name(part) if not is_plain(word)]
    for start, end in runs(text, tuple(wanted)):
        yield Mention(_NO.search(text[max(0, start - 40) : start]) is None, start, end)


def runs(text: str, wanted: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where words stand in a text one after the other."""
    words = words_of_text(text)
    for place in places_in(text).get(wanted[0], ()) if wanted else ():
        run = words[place : place + len(wanted)]
        if tuple(word.root for word in run) == wanted:
            yield run[0].start, run[-1].end
