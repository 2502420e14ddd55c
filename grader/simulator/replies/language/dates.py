"""Find days and times in a text."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from grader.simulator.replies.language.mention import (
    CACHED,
    Mention,
    Mentions,
    found_by,
    in_order,
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|\.)?"
_FORMS = (
    (re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?!\d)"), "ymd"),
    (re.compile(r"(?<![\w.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\w)"), "dmy"),
    (re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+(\d{{4}})\b", re.IGNORECASE), "dmy"),
    (re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+(\d{{4}})\b", re.IGNORECASE), "mdy"),
)
_MOMENT = re.compile(
    r"(?<!\w)\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
    r"(?:Z|[+-]\d{2}:\d{2})?(?!\w)"
)
_CLOCK = re.compile(
    r"(?<![\w:])([01]?\d|2[0-3])(?::([0-5]\d))?(?::[0-5]\d)?(?:\s?([ap])\.?m\b\.?)?(?![\w:])",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:today|tomorrow|yesterday|tonight|(?:next |this |on )?"
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week(?:end)?|month|year))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=CACHED)
def dates(text: str) -> Mentions:
    """Return days, as YYYY-MM-DD whatever their form in the text."""
    found = []
    for expression, order in _FORMS:
        for match in expression.finditer(text):
            parts = dict(zip(order, match.groups(), strict=True))
            month = parts["m"].lower()
            number = int(month) if month.isdecimal() else 1 + _MONTHS.index(month)
            try:
                day = date(int(parts["y"]), number, int(parts["d"]))
            # There is no 31 June.
            except ValueError:
                continue
            found.append(Mention(day.isoformat(), match.start(), match.end()))
    return in_order(found)


@lru_cache(maxsize=CACHED)
def moments(text: str) -> Mentions:
    """Return days with a time, such as 2026-03-03T14:30Z."""
    return tuple(
        Mention(found.value.replace(" ", "T"), found.start, found.end)
        for found in found_by(_MOMENT, text)
    )


@lru_cache(maxsize=CACHED)
def times(text: str) -> Mentions:
    """Return times of the day as HH:MM, of 14:30 and of 3pm."""
    found = []
    for match in _CLOCK.finditer(text):
        hour, minute, half = match.groups()
        if minute is None and half is None:
            continue
        if half is not None:
            hour = str(int(hour) % 12 + (12 if half in "pP" else 0))
        found.append(Mention(f"{int(hour):02}:{minute or '00'}", match.start(), match.end()))
    return tuple(found)


@lru_cache(maxsize=CACHED)
def relative_days(text: str) -> Mentions:
    """Return days that depend on today, as they are written."""
    return found_by(_RELATIVE, text)
