"""Compare words: of a tool's name, of a property's, of a prompt.

The roots are crude, and good enough to see that "orders" and "get_order" speak of one thing. The
words themselves are in `words.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from grader.simulator.replies.language.mention import CACHED
from grader.simulator.wire import Json

_IN_NAMES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_IN_TEXTS = re.compile(r"[^\W_][\w'\u2019]*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Word:
    """Hold one word of a text: its root, and where it stands."""

    root: str
    start: int
    end: int


def words_of_name(name: str) -> tuple[str, ...]:
    """Return the roots in a name such as get_customer, getCustomer or Get-Customer."""
    return _roots_in(name[:_LONGEST_NAME])


@lru_cache(maxsize=2_048)
def _roots_in(name: str) -> tuple[str, ...]:
    return tuple(map(root, _IN_NAMES.findall(name)))


@lru_cache(maxsize=CACHED)
def words_of_text(text: str) -> tuple[Word, ...]:
    """Return the words of a text, in order."""
    return tuple(
        Word(
            root(match[0].removesuffix("'s").removesuffix("\N{RIGHT SINGLE QUOTATION MARK}s")),
            match.start(),
            match.end(),
        )
        for match in _IN_TEXTS.finditer(text)
    )


@lru_cache(maxsize=CACHED)
def places_in(text: str) -> Mapping[str, tuple[int, ...]]:
    """Return for each root in a text the indexes of the words that have it."""
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words_of_text(text)):
        found.setdefault(word.root, []).append(place)
    return {word: tuple(places) for word, places in found.items()}


def places_of(text: str, meaning: str) -> list[int]:
    """Return the indexes of the words in a text that may mean the same as a root."""
    known = places_in(text)
    return sorted(place for word in known if means(word, meaning) for place in known[word])


@lru_cache(maxsize=8_192)
def root(word: str) -> str:
    """Return what is left of a word without its endings."""
    word = word.lower()
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    for endings in (("s",) if word.endswith("ees") else ("es", "s"), ("ing", "ed")):
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) > 2 and not word.endswith("ss"):
                word = word.removesuffix(ending)
                break
    return word.removesuffix("e") if len(word) > 3 else word


@lru_cache(maxsize=2_048)
def meanings(word: str) -> frozenset[str]:
    """Return what a root may mean: itself, and each row of the table that it stands in."""
    return _meanings().get(word, frozenset()) | {word}


def means(word: str, other: str) -> bool:
    """Say whether two roots may mean the same."""
    return word == other or not _meanings().get(word, frozenset()).isdisjoint(meanings(other))


def is_plain(word: str) -> bool:
    """Say whether a root says nothing about what is asked."""
    return word in _roots("plain") or len(word) < 2


def is_filler(word: str) -> bool:
    """Say whether a root in a tool's name says nothing about what the tool is about."""
    return word in _roots("filler") or is_plain(word)


def is_unit(word: str) -> bool:
    """Say whether a root is a unit of measure."""
    return word in _roots("units")


def is_never_name(word: str) -> bool:
    """Say whether a word, as it is written, is no name though it has a capital."""
    return word.lower() in _table()["no_names"].split()


def is_known(word: str) -> bool:
    """Say whether a root is in any table, and so hardly anybody's name."""
    known = (_meanings(), _writes(), _asks())
    if any(word in table for table in known) or kind_of((word,)) is not None:
        return True
    return is_filler(word) or is_unit(word)


def written_by(word: str) -> frozenset[str]:
    """Return the roots by which people ask for what a verb changes; empty for other words."""
    return _writes().get(word, frozenset())


@lru_cache(maxsize=2_048)
def is_clear(word: str) -> bool:
    """Say whether a verb says alone which tool is meant."""
    return word in _clear()


def kind_of(words: tuple[str, ...]) -> str | None:
    """Return the kind of value that roots name, by the first row of the table that has one."""
    given = frozenset(words)
    return next((kind for row, kind in _kinds() if not row.isdisjoint(given)), None)


@cache
def _table() -> Mapping[str, Json]:
    file = resources.files("grader.simulator.replies.language").joinpath("words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _split(words: str) -> frozenset[str]:
    return frozenset(map(root, words.split()))


@cache
def _roots(key: str) -> frozenset[str]:
    return _split(_table()[key])


@cache
def _meanings() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in _table()["same"]:
        for word in row.split():
            # A row goes by its first word, marked so that it is no root itself.
            found[root(word)] = found.get(root(word), frozenset()) | {f"={row.split()[0]}"}
    return found


@cache
def _writes() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in _table()["writes"]:
        for verb in _split(row["verbs"]):
            found[verb] = found.get(verb, frozenset()) | _split(row["said"])
    return found


@cache
def _asks() -> frozenset[str]:
    """Return the roots by which people ask for any change."""
    return frozenset().union(*_writes().values())


@cache
def _clear() -> frozenset[str]:
    rows = [row["verbs"] for row in _table()["writes"] if row.get("is_clear")]
    return _split(" ".join(rows))


@cache
def _kinds() -> tuple[tuple[frozenset[str], str], ...]:
    return tuple((_split(row["words"]), row["kind"]) for row in _table()["kinds"])
