"""Numbers that people type into fields: what they come to, or a sentence that says why not."""

from __future__ import annotations

import re
from decimal import Decimal

from grader.errors import WidgetError

_WHOLE = re.compile(r"[+-]?(\d{1,3}([,_]\d{3})+|\d+)")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_LONGEST = 30
"""More characters than any number that we read here has."""
_PLACES = 6
"""How many decimal places a number may have, so that no product of it needs rounding."""


def read_whole(words: str, *, least: int, most: int) -> int:
    """Return a whole number, such as "2,000"; raises WidgetError with a sentence for anything else.

    A comma or an underscore may only separate thousands: "1,5" and "2.000" could mean two things.
    """
    typed = words.strip()
    if len(typed) > _LONGEST or not _WHOLE.fullmatch(typed):
        raise WidgetError(f"{_quoted(typed)} is no whole number. Write it like 2,000 or 2000.")
    number = int(typed.replace(",", "").replace("_", ""))
    _check(Decimal(number), typed, least=Decimal(least), most=Decimal(most))
    return number


def read_decimal(words: str, *, least: Decimal, most: Decimal) -> Decimal:
    """Return a number such as "0.30"; raises WidgetError with a sentence for anything else."""
    typed = words.strip().removeprefix("$").removesuffix("%").strip()
    if len(typed) > _LONGEST or not _DECIMAL.fullmatch(typed):
        raise WidgetError(f"{_quoted(words.strip())} is no number. Write it like 3 or 0.30.")
    if len(typed.partition(".")[2]) > _PLACES:
        raise WidgetError(f"{_quoted(typed)} has more than {_PLACES} places after the point.")
    number = Decimal(typed)
    _check(number, typed, least=least, most=most)
    return number


def _check(number: Decimal, typed: str, *, least: Decimal, most: Decimal) -> None:
    if number < least:
        raise WidgetError(f"{_quoted(typed)} is less than {least:,}, the least there can be.")
    if number > most:
        raise WidgetError(f"{_quoted(typed)} is more than {most:,}, the most this field takes.")


def _quoted(typed: str) -> str:
    kept = typed if len(typed) <= _LONGEST else f"{typed[:_LONGEST]}…"
    return f'"{kept}"' if kept else "Nothing"
