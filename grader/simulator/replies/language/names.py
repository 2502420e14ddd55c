"""Find names in a text, and the words that stand where a name could."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from grader.simulator.replies.language.dates import relative_days
from grader.simulator.replies.language.mention import CACHED, Mention, Mentions, apart, found_by
from grader.simulator.replies.language.words import (
    is_known,
    is_never_name,
    is_plain,
    is_unit,
    root,
)

_WORD = re.compile(r"\w[\w'\u2019&-]*(?:\.(?=[\w])[\w-]+)*")
_INSIDE = frozenset(("de", "da", "del", "di", "la", "le", "of", "van", "von", "der", "the", "&"))
_BEFORE = frozenset(("the", "a", "an", "my", "our", "your", "their", "his", "her", "city", "of"))
_LONGEST = 5
"""How many small words in a row may stand for a name."""

_OBJECT = re.compile(
    r"(?:^|[.!?\n]\s{0,9})(?:(?:please|can you|could you|i want you to)\s+)?[A-Za-z]{2,20}\s+"
    r"(?:(?:an?|the|some|my|our|me|us|new)\s+){0,2}"
    r"((?!to\b|in\b|on\b|for\b|from\b|with\b|about\b)[^\s,.;:!?\n](?:[^,.;:!?\n]|,\s){0,80}?)"
    r"(?=\s+(?:to|from|in|on|for|at|with|into|by|of|please)\b|[.;:!?\n]|\s{0,9}$)",
    re.IGNORECASE,
)
_AND = re.compile(r"(\s*,\s*(?:and\s+)?|\s+and\s+)")
_THING = re.compile(r"[^\W\d_][^\d,.;:()\n€$£]*")
_COUNTED = frozenset(map(root, ("each", "pc", "piece", "unit", "per", "total", "x", "times")))


@lru_cache(maxsize=CACHED)
def names(text: str) -> Mentions:
    """Return runs of capitalised words, such as San Francisco and Acme GmbH.

    A sentence's first word is left out where it is a known word; else it may be a name.
    """
    found: list[Mention] = []
    run: list[Mention] = []
    for word in found_by(_WORD, text):
        if run and (
            text[run[-1].end : word.start] != " "
            or not (_is_capital(word.value) or word.value in _INSIDE)
        ):
            found += _name(run, text)
            run = []
        if _is_capital(word.value) or run:
            run.append(word)
    return (*found, *_name(run, text))


def _name(run: list[Mention], text: str) -> Iterator[Mention]:
    if run and starts_sentence(text, run[0].start) and is_known(root(run[0].value)):
        run = run[1:]
    while run and run[-1].value in _INSIDE:
        run = run[:-1]
    while run and run[0].value in _INSIDE:
        run = run[1:]
    if run:
        start = run[0].start
        words = re.sub(r"['\u2019]s?$", "", text[start : run[-1].end])
        yield Mention(words, start, start + len(words))


def _is_capital(word: str) -> bool:
    return word[:1].isupper() and not is_never_name(word) and not any(map(str.isdigit, word))


def starts_sentence(text: str, at: int) -> bool:
    """Say whether a sentence, a line or a quotation begins at a place."""
    before = text[max(0, at - 20) : at].rstrip(" \t\"“'(*#>-")
    return not before or before[-1] in ".!?\n:"


@lru_cache(maxsize=4 * CACHED)
def after(text: str, prepositions: tuple[str, ...]) -> Mentions:
    """Return what follows one of these words: a name, or else the words up to a plain one."""
    found: list[Mention] = []
    capitals = {name.start: name for name in names(text)}
    words = apart(found_by(_WORD, text), relative_days(text))
    for index, word in enumerate(words):
        if str(word.value).lower() not in prepositions:
            continue
        rest = list(words[index + 1 : index + 1 + 2 * _LONGEST])
        while rest and str(rest[0].value).lower() in _BEFORE:
            del rest[0]
        name = capitals.get(rest[0].start) or _small_words(text, rest) if rest else None
        if name is not None and (not found or found[-1].end <= name.start):
            found.append(name)
    return tuple(found)


def _small_words(text: str, words: list[Mention]) -> Mention | None:
    """Return the words from the first one up to a plain word or a mark."""
    run: list[Mention] = []
    for word in words[:_LONGEST]:
        if run and text[run[-1].end : word.start] != " ":
            break
        if is_plain(root(str(word.value))) or str(word.value)[0].isdigit():
            break
        run.append(word)
    return Mention(text[run[0].start : run[-1].end], run[0].start, run[-1].end) if run else None


@lru_cache(maxsize=CACHED)
def objects(text: str) -> Mentions:
    """Return what a request is to be done with: milk and eggs, of "Add milk and eggs to it"."""
    found = []
    for match in _OBJECT.finditer(text):
        start = match.start(1)
        for part in _AND.split(match[1]):
            if not re.fullmatch(r"\W*(?:and\W*)?", part):
                found.append(Mention(part, start, start + len(part)))
            start += len(part)
    return tuple(found)


def things(text: str) -> Mentions:
    """Return what an entry of a list is of, without its numbers: Widget, of "3 x Widget at 9"."""
    found = []
    for match in _THING.finditer(text):
        words = [word for word in found_by(_WORD, match[0]) if _is_thing(root(str(word.value)))]
        if words:
            start, end = match.start() + words[0].start, match.start() + words[-1].end
            found.append(Mention(text[start:end], start, end))
    return tuple(found)


def _is_thing(word: str) -> bool:
    return not (is_plain(word) or is_unit(word) or word in _COUNTED)
