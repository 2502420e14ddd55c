"""Find what a text mentions of each kind of value, where it clearly is of that kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from grader.simulator.replies.language import (
    Mention,
    Mentions,
    after,
    codes,
    currencies,
    dates,
    emails,
    identifiers,
    is_unit,
    moments,
    names,
    numbers,
    paths,
    phones,
    quoted,
    relative_days,
    starts_sentence,
    streets,
    sums,
    symbols,
    tags,
    times,
    urls,
    words_of_name,
    words_of_text,
)
from grader.simulator.replies.values.listing import with_siblings
from grader.simulator.replies.values.places import ORIGINS, TARGETS, places
from grader.simulator.replies.values.slot import Slot
from grader.simulator.replies.values.wordings import queries, texts, titles

Search = Callable[[Slot, str], Iterable[Mention]]
"""What a text mentions for a slot, the best first."""

_SELLERS = frozenset(words_of_name("vendor supplier merchant seller author company organization"))
_OF_SELLERS = (("from", "by"), ("of", "at"))
_OF_OTHERS = (("named", "called"), ("for", "by", "with"), ("to", "is"))
_AROUND = ("about", "for", "of", "on", "in", "with", "named", "called", "by")
_THINGS = re.compile(
    r"\s(?!(?:am|pm|and|or|to|of|in|usd|eur|gbp|percent|times)\b)[a-z]{3,}", re.IGNORECASE
)
_FIRST = re.compile(r"\b(?:top|first|last|latest)\s$", re.IGNORECASE)


def _as_found(search: Callable[[str], Mentions]) -> Search:
    """Make a search that is the same for every slot of its kind."""
    return lambda _slot, text: search(text)


def counts(text: str) -> list[Mention]:
    """Return numbers of things: 5 articles, the top 3."""
    return [
        number
        for number in numbers(text)
        if _THINGS.match(text, number.end)
        or _FIRST.search(text[max(0, number.start - 10) : number.start])
    ]


def prefix_of(identifier: str) -> str:
    """Return the letters that an identifier begins with: cust, of cust_123."""
    match = re.match(r"[A-Za-z]+(?=[\d_-])", identifier)
    return match[0].lower() if match else ""


def other_words(_slot: Slot, text: str) -> Iterable[Mention]:
    """Return what may be of any kind: what is quoted, else names that a preposition introduces."""
    cued = (name for name in after(text, _AROUND) if not str(name.value).islower())
    return quoted(text) or tags(text) or cued


def _counts(_slot: Slot, text: str) -> Iterable[Mention]:
    return counts(text) or numbers(text)


def _identifiers(slot: Slot, text: str) -> list[Mention]:
    return [found for found in identifiers(text) if _is_related(str(found.value), slot)]


def _is_related(identifier: str, slot: Slot) -> bool:
    """Say whether an identifier looks like an example, or its prefix is short for what it is of."""
    prefix = prefix_of(identifier)
    if prefix and prefix in (prefix_of(str(example)) for example in slot.examples):
        return True
    return len(prefix) > 1 and any(_is_short_for(prefix, noun) for noun in slot.nouns)


def _is_short_for(prefix: str, noun: str) -> bool:
    """Say whether letters abbreviate a root: cust and cus and cst are customer."""
    letters = iter(noun)
    return prefix[0] == noun[0] and all(letter in letters for letter in prefix.removesuffix("e"))


def _names(slot: Slot, text: str) -> list[Mention]:
    """Return names: those that stand where such a name would, else any."""
    # One word at the start of a sentence may be any word.
    inside = [
        name for name in names(text) if " " in name.value or not starts_sentence(text, name.start)
    ]
    for cues in _cues(slot):
        found = [name for name in after(text, cues) if not str(name.value).islower()]
        if found:
            return with_siblings(found, inside, text)
    return inside


def _cues(slot: Slot) -> Iterable[tuple[str, ...]]:
    """Return the words after which such a name would stand, the surest first."""
    if not TARGETS.isdisjoint(slot.words):
        return (("to", "into"),)
    if not ORIGINS.isdisjoint(slot.words):
        return (("from",),)
    return _OF_OTHERS if _SELLERS.isdisjoint(slot.nouns) else _OF_SELLERS


def _contacts(slot: Slot, text: str) -> Iterable[Mention]:
    return emails(text) or _names(slot, text)


def _languages(_slot: Slot, text: str) -> list[Mention]:
    return with_siblings(after(text, ("to", "into", "in")), names(text), text)


def _dates(slot: Slot, text: str) -> Mentions:
    return dates(text) if "format" in slot.shape else (*dates(text), *relative_days(text))


def _moments(_slot: Slot, text: str) -> Iterable[Mention]:
    days = (Mention(f"{day.value}T00:00:00Z", day.start, day.end) for day in dates(text))
    return moments(text) or days


def _times(slot: Slot, text: str) -> list[Mention]:
    seconds = ":00Z" if "format" in slot.shape else ""
    return [Mention(f"{time.value}{seconds}", time.start, time.end) for time in times(text)]


def _units(_slot: Slot, text: str) -> list[Mention]:
    words = [word for word in words_of_text(text) if is_unit(word.root)]
    return [Mention(text[word.start : word.end].lower(), word.start, word.end) for word in words]


OF_KIND: Mapping[str | None, Search] = {
    None: other_words,
    "address": _as_found(streets),
    # An answer is not in the question.
    "answer": lambda _slot, _text: (),
    "code": _as_found(codes),
    "contact": _contacts,
    "count": _counts,
    "currency": _as_found(currencies),
    "date": _dates,
    "email": _as_found(emails),
    "expression": _as_found(sums),
    "identifier": _identifiers,
    "language": _languages,
    "moment": _moments,
    "name": _names,
    "number": _as_found(numbers),
    "path": _as_found(paths),
    "phone": _as_found(phones),
    "place": places,
    "query": queries,
    "symbol": _as_found(symbols),
    "text": texts,
    "time": _times,
    "title": titles,
    "unit": _units,
    "url": _as_found(urls),
}
"""How values of each kind are found; the kinds are those of Slot."""
