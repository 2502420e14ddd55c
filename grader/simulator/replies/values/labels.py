"""Find the values that stand beside a slot's name: total: 12.50, limit of 5, the ruby channel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from grader.simulator.replies.language import (
    Mention,
    Mentions,
    compounds,
    emails,
    identifiers,
    is_known,
    is_plain,
    kind_of,
    names,
    numbers,
    places_of,
    quoted,
    root,
    words_of_text,
)
from grader.simulator.replies.values.choices import runs
from grader.simulator.replies.values.kinds import OF_KIND
from grader.simulator.replies.values.listing import siblings
from grader.simulator.replies.values.slot import COUNTED, Slot

_SAYS = re.compile(
    r"(?:['\u2019]s)?\s*(?:[:=]|\b(?:is|was|are|were|named|called|to be)\b)\s*", re.IGNORECASE
)
_JOINS = re.compile(r"\s*(?:\b(?:of|to|no|nr|number|id|from)\b\.?\s*)?[#(]?\s*", re.IGNORECASE)
_INTRODUCED = re.compile(r"\b(?:with|the|an?|and|as)\s+$", re.IGNORECASE)
_PHRASE = re.compile(
    r"\s*(?!(?:to|for|from|in|on|about|that|saying|with)\b)([^,.;:\s][^,.;:\n]{0,200}?)"
    r"(?=\s+(?:saying|and|with|that|to)\b|[,.;:\n]|$)"
)
_SMALL_NAME = re.compile(
    r"[a-z]\w{1,30}(?:[.-]\w{1,30})?(?=[.,;?!]|\s*$|\s+(?:and|with|from|to|please)\b)"
)
_LINE = re.compile(r"[^\n,.;)]{1,300}")
_LIST = re.compile(r"[^\n.;]{1,300}")
_AND = re.compile(r"\s*(?:,\s*and\b|,|\band\b)\s*")
_ONLY_THEIR_OWN = ("date", "moment", "time", "email", "url", "path", "currency")
"""Kinds of which beside their name too only such values are taken."""


def labelled(slot: Slot, text: str) -> Iterator[Mention]:
    """Yield the values after the slot's name, then those before it."""
    typed = {found.start: found for found in _values(slot, text)}
    before: list[Mention] = []
    for start, end in _labels(slot, text):
        says = _SAYS.match(text, end)
        joins = says or _JOINS.match(text, end)
        at = joins.end() if joins else end
        at += text[at : at + 1] in tuple("\"'“`")
        is_plural = text[end - 1] == "s"
        found = typed.get(at)
        if found is not None:
            yield found
            yield from siblings(found, typed.values(), text) if is_plural else ()
        elif says and says[0].strip() in (":", "=") and slot.kind not in COUNTED:
            yield from _written_out(text, at, is_plural=is_plural)
        elif slot.kind == "name" and (name := _SMALL_NAME.match(text, at)) and _may_be(name[0]):
            yield Mention(name[0], at, name.end())
        elif slot.kind in ("title", "text") and _INTRODUCED.search(
            text[max(0, start - 12) : start]
        ):
            phrase = _PHRASE.match(text, end)
            yield from [Mention(phrase[1], *phrase.span(1))] if phrase else []
        before += _before(slot, text, start, typed.values())
    yield from before


def _may_be(word: str) -> bool:
    """Say whether a word without a capital may be a name all the same: user bob."""
    return not is_known(root(word))


def _is_introduced(text: str, start: int) -> bool:
    """Say whether a word speaks of what comes after it: with the subject Hello."""
    return _INTRODUCED.search(text[max(0, start - 12) : start]) is not None


def _labels(slot: Slot, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text names the slot: by its whole name first, then by a noun of it."""
    words = words_of_text(text)
    tried: list[tuple[str, ...]] = []
    # Of user bob a tool for users wants the name.
    people = [word for word in slot.about if slot.kind == "name" == kind_of((word,))]
    nouns = [*reversed(slot.nouns), *people]
    for wanted in (slot.words, slot.nouns, *((noun,) for noun in nouns)):
        if wanted in tried or all(map(is_plain, wanted)):
            continue
        tried.append(wanted)
        found = list(runs(text, wanted))
        if not found and len(wanted) == 1:
            found = [(words[p].start, words[p].end) for p in places_of(text, wanted[0])]
        yield from found


def _values(slot: Slot, text: str) -> Mentions:
    """Return what may stand beside the slot's name as its value."""
    if slot.kind in COUNTED:
        return numbers(text)
    if slot.kind == "identifier":
        return (*numbers(text), *identifiers(text), *quoted(text))
    if slot.kind in _ONLY_THEIR_OWN:
        return tuple(OF_KIND[slot.kind](slot, text))
    marked = (*emails(text), *identifiers(text), *compounds(text), *quoted(text))
    return (*names(text), *numbers(text), *marked)


def _written_out(text: str, at: int, *, is_plural: bool) -> Iterator[Mention]:
    """Yield what follows a colon: up to the end of the clause, or the parts of a list."""
    match = (_LIST if is_plural else _LINE).match(text, at)
    for part in (_AND.split(match[0]) if is_plural else [match[0]]) if match else ():
        words = part.strip(" '\"`*")
        if words:
            start = text.index(words, at)
            at = start + len(words)
            yield Mention(words, start, at)


def _before(slot: Slot, text: str, start: int, typed: Iterable[Mention]) -> Iterator[Mention]:
    """Yield what stands right before the slot's name: 3 of "3 days", ruby of "the ruby channel"."""
    if slot.kind in COUNTED:
        yield from (found for found in typed if found.end in (start - 1, start - 2))
        return
    word = re.search(r"\b([^\W\d_]{1,40})\s$", text[max(0, start - 41) : start])
    if word is None or slot.kind not in (None, "name", "unit"):
        return
    begins = start - len(word[0])
    is_number = any(number.start == begins for number in numbers(text))
    if not is_number and not is_known(root(word[1])):
        yield Mention(word[1], begins, start - 1)
