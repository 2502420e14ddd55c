"""Find what a text gives: addresses, dates, quoted words, ids, numbers and names."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_QUOTED = re.compile(
    r"(?<!\w)(?:\"([^\"\n]{1,400})\"|“([^”\n]{1,400})”|`([^`\n]{1,400})`|'([^'\n]{1,400})'(?!\w))"
)
_SUM = re.compile(
    r"(?<![\w.])[(\d][\d\s.()]{0,40}(?:[+*/^]|\s-\s)[\d\s.()+*/^-]{0,80}[\d)](?![\w-])"
)
_WORD = re.compile(r"\S+")
_PARTS = re.compile(r"[A-Za-z][a-z]*|[^\W\d_]+|\d+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MARKS = ".,;:!?()[]{}<>*\"'“”`"
_MONEY = "$€£%"
_SUBJECT = re.compile(
    r"[A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+){0,3}\s+(?:is|was|has|had|lives|lived|works|worked|wants)\b"
)
"""How a sentence begins whose first word, though any would be written large there, is a name."""

_ENDINGS = ("ing", "ed", "es", "s")


@dataclass(frozen=True)
class Found:
    """Hold something that a text gives, and where.

    kind: email, url, date, path, quoted, sum, id, number, currency or name. The first word of a
    sentence is no name unless something is said of it (Jason is 25): any word is written large
    there.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def number(self) -> int | float:
        """Return the number that is meant."""
        plain = self.text.replace(",", "")
        return float(plain) if "." in plain else int(plain)


@cache
def read_words(file: str) -> dict[str, Any]:
    """Return what a TOML file beside this module says."""
    beside = resources.files("grader.simulator.replies").joinpath(file)
    return tomllib.loads(beside.read_text(encoding="utf-8"))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return a list of `words.toml`, such as fillers or currencies."""
    return frozenset(read_words("words.toml")[name].split())


def is_filler(word: str) -> bool:
    """Return whether a word says nothing of what a tool does."""
    return word.lower() in word_list("fillers")


@lru_cache(maxsize=4_096)
def stem(word: str) -> str:
    """Return a word without its ending, so that "orders" and "order" are one."""
    word = word.lower()
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] in "eyi" else word


def stems(text: str) -> list[str]:
    """Return the stems of the words in a text or a name, without those that say nothing."""
    return [stem(word) for word in _PARTS.findall(text) if not is_filler(word)]


def find_all(text: str) -> list[Found]:
    """Return all that a text gives, in its order."""
    quoted = [
        Found("quoted", next(filter(None, match.groups())), match.start(), match.end())
        for match in _QUOTED.finditer(text)
    ]
    sums = [Found("sum", match[0], match.start(), match.end()) for match in _SUM.finditer(text)]
    for each in quoted:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return sorted([*quoted, *sums, *_words(text)], key=lambda found: found.start)


def _words(text: str) -> list[Found]:
    """Return what single words give, and names of several words: New York."""
    found: list[Found] = []
    is_first, is_open = True, False
    for match in _WORD.finditer(text):
        word = match[0].strip(_MARKS).removesuffix("'s")
        if is_first and not is_filler(word) and _SUBJECT.match(text, match.start()):
            is_first = False
        kind = _kind(word, is_first=is_first)
        given = word.strip(_MONEY) if kind == "number" else word
        start = match.start() + match[0].find(given)
        end = start + len(given)
        if kind == "name" and is_open:
            start = found.pop().start
            given = text[start:end]
        if kind:
            found.append(Found(kind, given, start, end))
        is_first = match[0][-1] in ".!?:" or "\n" in text[match.end() : match.end() + 2]
        is_open = kind == "name" and match[0].endswith(word)
    return found


def _kind(word: str, *, is_first: bool) -> str:
    if "@" in word and _ADDRESS.fullmatch(word):
        return "email"
    if word.startswith(("http://", "https://", "www.")):
        return "url"
    if _DATE.fullmatch(word):
        return "date"
    if _NUMBER.fullmatch(word.strip(_MONEY)) and len(word) < 100:
        return "number"
    if any(map(str.isdigit, word)) and all(mark.isalnum() or mark in "_-./#" for mark in word):
        return "id"
    if any(mark in word[1:-1] for mark in "./") and len(word) > 4:
        return "path"
    if word in word_list("currencies"):
        return "currency"
    is_large = word[:1].isupper() and word[1:2] != "'" and not is_first
    return "name" if is_large or (word[:1] in ("#", "@") and word[1:2].isalpha()) else ""
