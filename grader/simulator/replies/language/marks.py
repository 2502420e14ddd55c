"""Find what is known by its form: quotations, addresses, paths, identifiers."""

from __future__ import annotations

import re
from functools import lru_cache

from grader.simulator.replies.language.dates import dates, moments, times
from grader.simulator.replies.language.mention import CACHED, Mention, Mentions, apart, found_by

_QUOTED = re.compile(
    r'"([^"\n]{1,300})"|“([^”\n]{1,300})”|`([^`\n]{1,300})`|(?<!\w)\'([^\'\n]{1,300})\'(?!\w)'
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_URL = re.compile(
    r"\bhttps?://[^\s<>\"'`)\]}]{1,2000}"
    r"|(?<![\w@./-])(?:[A-Za-z\d-]{1,60}\.){1,4}(?:com|org|net|io|dev|edu|gov|app|ai|co|de|eu|uk)\b"
    r"(?:/[^\s<>\"'`)\]}]{0,500})?"
)
_TAG = re.compile(r"(?<![\w#&])[#@][A-Za-z][\w-]{0,60}")
_SQL = re.compile(
    r"\b(?:SELECT\b[^\n;]{1,500}?\bFROM|INSERT INTO|UPDATE\s+\w+\s+SET|DELETE FROM|CREATE TABLE)\b"
    r"[^\n;]{0,500}"
)
_PHONE = re.compile(r"(?<![\w+])(?:\+\d|\(?\d{3}\)?)[\d ()/-]{5,18}\d(?!\w)")
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?(?: [A-Z][\w.]{1,20}){1,4}(?:, (?:\d{4,6} )?[A-Z][\w ]{1,30})?"
)
_PATH = re.compile(
    r"(?<![\w/.:-])(?:~?/|\.{1,2}/)?(?:[\w-]{1,64}/){0,20}\.?[\w-]{1,64}(?:\.\w{1,20}){0,3}"
    r"\.[A-Za-z]\w{0,4}(?![\w/])|(?<![\w/.:])~?/[\w./-]{0,200}\w/?"
)
_COMPOUND = re.compile(r"(?<![\w@./-])[A-Za-z]\w{0,60}(?:[-./:]\w{1,40}){0,6}(?![\w@])")
_JOINT = re.compile(r"\w[-_./:]\w")
_IDENTIFIER = re.compile(r"(?<![\w@/.$€£-])#?\w{1,64}(?:-\w{1,64}){0,8}(?![\w@/]|-\w|\.\d)")
_MEASURE = re.compile(
    r"\d+(?:st|nd|rd|th|am|pm|[a-z]|kg|km|cm|mm|ms|gb|mb|kb|min|usd|eur)", re.IGNORECASE
)
_RANGE = re.compile(r"\d{1,3}-\d{1,3}")
_SYMBOL = re.compile(r"(?<![\w$])\$?[A-Z]{2,5}(?![\w'\u2019]|-\w|\.\w)")
_LONG = 4
"""A number of more digits may be an identifier."""


@lru_cache(maxsize=CACHED)
def quoted(text: str) -> Mentions:
    """Return what stands in quotation marks or backticks, without them."""
    return tuple(
        Mention(next(filter(None, match.groups())), match.start() + 1, match.end() - 1)
        for match in _QUOTED.finditer(text)
    )


@lru_cache(maxsize=CACHED)
def emails(text: str) -> Mentions:
    """Return addresses such as jane@example.com."""
    return tuple(
        Mention(found.value.rstrip(".-"), found.start, found.end)
        for found in found_by(_EMAIL, text)
    )


@lru_cache(maxsize=CACHED)
def urls(text: str) -> Mentions:
    """Return web addresses, without the punctuation after them."""
    return tuple(
        Mention(found.value.rstrip(".,;:!?"), found.start, found.end)
        for found in found_by(_URL, text)
    )


def tags(text: str) -> Mentions:
    """Return words with a mark before them: #general, @jane."""
    return found_by(_TAG, text)


def codes(text: str) -> Mentions:
    """Return commands: those in quotation marks or backticks, else a statement in SQL."""
    return quoted(text) or found_by(_SQL, text)


def phones(text: str) -> Mentions:
    """Return telephone numbers, as they are written."""
    return apart(found_by(_PHONE, text), dates(text))


def streets(text: str) -> Mentions:
    """Return streets with their number and what follows: 12 Main Street, Springfield."""
    return found_by(_STREET, text)


@lru_cache(maxsize=CACHED)
def paths(text: str) -> Mentions:
    """Return names of files and folders, such as src/main.py and /etc."""
    return apart(found_by(_PATH, text), [*emails(text), *urls(text)])


@lru_cache(maxsize=CACHED)
def compounds(text: str) -> Mentions:
    """Return words joined by a hyphen, an underscore, a slash or a point: api-gateway, user_id."""
    found = (word for word in found_by(_COMPOUND, text) if _JOINT.search(word.value))
    return apart(found, [*emails(text), *urls(text), *dates(text)])


@lru_cache(maxsize=CACHED)
def identifiers(text: str) -> Mentions:
    """Return names with digits, such as cust_123, INV-2041, #17, 0-7653-1178-X."""
    others = [*dates(text), *moments(text), *times(text)]
    others += [*emails(text), *urls(text), *paths(text)]
    return tuple(
        Mention(found.value.removeprefix("#"), found.start, found.end)
        for found in apart(found_by(_IDENTIFIER, text), others)
        if _is_identifier(found.value)
    )


def _is_identifier(word: str) -> bool:
    if not any(letter.isdigit() for letter in word) or _MEASURE.fullmatch(word):
        return False
    return len(word) > _LONG if word.isdecimal() else not _RANGE.fullmatch(word)


@lru_cache(maxsize=CACHED)
def symbols(text: str) -> Mentions:
    """Return words of two to five capitals, such as AAPL."""
    return tuple(
        Mention(found.value.removeprefix("$"), found.start, found.end)
        for found in found_by(_SYMBOL, text)
    )
