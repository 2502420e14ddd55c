"""Find the values for a slot in a text: what is stated, what is clear, and what may be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from grader.simulator.replies.language import (
    Mention,
    after,
    compounds,
    emails,
    identifiers,
    is_plain,
    means,
    names,
    numbers,
    objects,
    quoted,
    symbols,
    things,
    words_of_text,
)
from grader.simulator.replies.values.choices import choices, flags
from grader.simulator.replies.values.kinds import OF_KIND, Search, counts, prefix_of
from grader.simulator.replies.values.labels import labelled
from grader.simulator.replies.values.places import says_other
from grader.simulator.replies.values.slot import COUNTED, WORDED, Slot
from grader.simulator.wire import Json

Finder = Callable[[Slot, str], list[Mention]]
"""What a text gives for a slot: values that fit its schema, the best first."""

_VAGUE = (None, "number", "name", "place", "contact", *WORDED)
"""Kinds of which a text mentions much that is not meant."""

_NAMING = ("for", "named", "called", "of")
_AROUND = ("about", "for", "of", "on", "in", "with", "to", "by")


def find(slot: Slot, text: str) -> list[Mention]:
    """Return what a text clearly gives for a slot."""
    for search in _searches(slot):
        found = _fitting(slot, search(slot, text), text)
        if found:
            return found
    return []


def stated(slot: Slot, text: str) -> list[Mention]:
    """Return what a text gives for a slot in so many words: its name with a value, or a choice."""
    if slot.kind in ("choice", "flag"):
        return find(slot, text)
    found = _fitting(slot, labelled(slot, text), text)
    if slot.kind == "count":
        return found or _fitting(slot, counts(text), text)
    return found if found or slot.kind in _VAGUE else find(slot, text)


def guess(slot: Slot, text: str) -> list[Mention]:
    """Return what a text may give for a slot, where nothing better is known."""
    return _fitting(slot, _loose(slot, text), text)


def name_thing(slot: Slot, text: str) -> list[Mention]:
    """Return what an entry of a list is of, for a slot that wants words."""
    wants_words = slot.kind in (None, "name", "text", "title")
    return _fitting(slot, things(text), text) if wants_words else []


def _searches(slot: Slot) -> Iterator[Search]:
    if slot.kind == "choice":
        yield choices
    elif slot.kind == "flag":
        yield flags
    else:
        if "pattern" in slot.shape:
            yield _any_words
        yield labelled
        yield OF_KIND[slot.kind]


def _any_words(_slot: Slot, text: str) -> Iterator[Mention]:
    """Yield all that may match a pattern."""
    for search in (identifiers, quoted, emails, symbols, names):
        yield from search(text)
    for word in words_of_text(text):
        if not is_plain(word.root):
            yield Mention(text[word.start : word.end], word.start, word.end)


def _loose(slot: Slot, text: str) -> Iterator[Mention]:
    """Yield what may be meant for a slot, though nothing says so."""
    if slot.kind == "identifier":
        yield from (found for found in identifiers(text) if _is_free(found, slot))
    elif slot.kind in COUNTED:
        yield from numbers(text)
    elif slot.kind in ("place", "name", "contact", "symbol", "language"):
        yield from (*names(text), *symbols(text), *compounds(text))
        yield from (found for found in after(text, _NAMING) if not says_other(found))
    elif slot.kind is None:
        yield from quoted(text)
        yield from (found for found in objects(text) if not _is_about(found, slot))
        yield from (*identifiers(text), *compounds(text), *names(text))
        yield from (found for found in after(text, _AROUND) if not says_other(found))


def _is_free(found: Mention, slot: Slot) -> bool:
    """Say whether an identifier may belong anywhere: its prefix names nothing."""
    return len(prefix_of(str(found.value))) < len("id") or not slot.nouns


def _is_about(found: Mention, slot: Slot) -> bool:
    """Say whether words only name what the slot belongs to: the table, to book one."""
    words = words_of_text(str(found.value))
    return any(means(word.root, own) for word in words for own in slot.about)


def _fitting(slot: Slot, found: Iterable[Mention], text: str) -> list[Mention]:
    """Return the mentions that have the slot's type and fit its schema, as values of that type."""
    kept: list[Mention] = []
    for mention in found:
        value = _typed(slot, mention, text)
        if value is not None and slot.accepts(value):
            kept.append(Mention(value, mention.start, mention.end))
    return kept


def _typed(slot: Slot, mention: Mention, text: str) -> Json:
    """Return a mention's value as the slot's type, None where it has no such form."""
    value, types = mention.value, slot.types
    if isinstance(value, bool) or not types:
        return value
    if isinstance(value, str):
        if "string" in types:
            return value
        read = numbers(value) if {"number", "integer"} & {*types} else ()
        return _typed(slot, read[0], value) if len(read) == 1 else None
    if "number" in types or ("integer" in types and value == int(value)):
        return int(value) if "number" not in types else value
    return _digits(text[mention.start : mention.end]) if "string" in types else None


def _digits(written: str) -> str:
    """Return a number as it is written, but for what parts its thousands: 1234.50 for 1,234.50."""
    whole, mark, rest = written.rpartition(max(".,", key=written.rfind))
    if mark == "," and len(rest) != len("000"):
        return f"{whole.replace('.', '')}.{rest}"
    return written.replace(",", "")
