"""Find numbers and currencies in a text."""

from __future__ import annotations

import re
from functools import lru_cache

from grader.simulator.replies.language.dates import dates, moments, times
from grader.simulator.replies.language.marks import emails, identifiers, urls
from grader.simulator.replies.language.mention import (
    CACHED,
    Mention,
    Mentions,
    apart,
    found_by,
    in_order,
)

_NUMBER = re.compile(
    r"(?<![\w.,])(?<![\w)]-)-?"
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,15}(?:\.\d{1,15})?)"
    r"(?=(?:st|nd|rd|th|x|k|kg|km|c|f|usd|eur|gbp|chf)?\b|[%°€$£])(?!\w*[-_]\w)(?![.:]\d)",
    re.IGNORECASE,
)
_CONTINENTAL = re.compile(r"-?\d{1,3}(\.\d{3})+,\d{1,2}")
# "1) …", "2. …": the numbers of a list's entries.
_MARKER = re.compile(r"(?:(?<=\n)|^|(?<=[:,;]\s))\s{0,8}\(?\d{1,2}[).]\s+(?=\D)")
# "One" is more often a pronoun.
_WORDS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_NUMERALS = {word: value for value, word in enumerate(_WORDS, start=2)}
_NUMERAL = re.compile(rf"\b(?:{'|'.join(_NUMERALS)})\b", re.IGNORECASE)
_CURRENCY = re.compile(
    r"\b(?:AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|ILS|INR|JPY|KRW|MXN|NOK|NZD|PLN|SEK|SGD"
    r"|THB|TRY|USD|ZAR|dollars?|euros?|pounds?|yen)\b|[$€£¥]",
    re.IGNORECASE,
)
_NAMED = {"$": "USD", "DOLLAR": "USD", "€": "EUR", "EURO": "EUR", "£": "GBP", "POUND": "GBP"}
_NAMED |= {"¥": "JPY", "YEN": "JPY"}


@lru_cache(maxsize=CACHED)
def numbers(text: str) -> Mentions:
    """Return numbers, in digits or in words; no part of a date, a time or an identifier is one."""
    others = [*dates(text), *moments(text), *times(text), *emails(text), *urls(text)]
    others += [found for found in identifiers(text) if not str(found.value).isdecimal()]
    found = [
        Mention(_to_number(mention.value), mention.start, mention.end)
        for mention in apart(found_by(_NUMBER, text), [*others, *found_by(_MARKER, text)])
    ]
    found += [
        Mention(_NUMERALS[word.value.lower()], word.start, word.end)
        for word in found_by(_NUMERAL, text)
    ]
    return in_order(found)


def _to_number(digits: str) -> int | float:
    if _CONTINENTAL.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    return float(digits) if "." in digits else int(digits)


@lru_cache(maxsize=CACHED)
def currencies(text: str) -> Mentions:
    """Return currencies by their three letters."""
    return tuple(
        Mention(_to_code(found.value.upper()), found.start, found.end)
        for found in found_by(_CURRENCY, text)
    )


def _to_code(word: str) -> str:
    return _NAMED.get(word.removesuffix("S"), word)
