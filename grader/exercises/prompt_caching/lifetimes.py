"""Prices that no catalog has, and the number of calls that each mistake gives."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from grader.catalog import Price, break_even, first_below
from grader.errors import ExamError
from grader.exams import Exam

SIZES = ("dollars", "cents", "hundreds")
"""What a million tokens cost."""
READS = ("cheap", "nearly half", "free")
"""What a read costs, beside plain input."""
PAYS = ("after a few calls", "soon", "after many calls")
"""From which call on a cache pays; the hour always later than the five minutes."""
RESTS = ("less than half", "more than half")
"""How far the bills cross after the last call at which a cache costs more: no rounding is right."""

_INPUTS = {"dollars": (211, 989), "cents": (11, 29), "hundreds": (20_011, 60_989)}
"""The least and the most that plain input costs, in cents."""
_CALLS = {
    "after a few calls": ((2, 4), (9, 12)),
    "soon": ((1, 1), (2, 2)),
    "after many calls": ((130, 144), (230, 288)),
}
"""With how many calls a cache still costs more: for five minutes, and for an hour."""


def fresh_price(exam: Exam, *, size: str, read: str, pays: str, rest: str) -> Price:
    """Return a price with no part from a catalog, and none in the usual ratio to another.

    size, read, pays, rest: one of `SIZES`, `READS`, `PAYS` and `RESTS`. No bill with a cache is
    ever the same as the one without.
    """
    low, high = _INPUTS[size]
    dollars = Decimal(exam.number(low, high)) / 100
    share = {"cheap": exam.number(13, 29), "nearly half": exam.number(431, 479), "free": 0}[read]
    reads = dollars * share / 1000
    gain = dollars - reads
    short, long = (exam.number(*most) for most in _CALLS[pays])
    part = Decimal("0.4" if rest == RESTS[0] else "0.6")
    return Price(
        input=dollars,
        output=dollars * exam.number(6, 9),
        write_5m=reads + gain * (short + part),
        write_1h=reads + gain * (long + part),
        read=reads,
    )


# -- prices at which both ways cost the same ------------------------------------------------


def _quotient(write: float, read: float, plain: float) -> int:
    return math.floor((write - read) / (plain - read)) + 1


def _premium(write: float, read: float, plain: float) -> int:
    return math.floor((write - plain) / (plain - read)) + 2


def _bills(write: float, read: float, plain: float) -> int:
    calls = 1
    while write + (calls - 1) * read >= calls * plain:
        calls += 1
    return calls


def _sums(write: float, read: float, plain: float) -> int:
    calls, cached, fresh = 1, write, plain
    while cached >= fresh:
        calls, cached, fresh = calls + 1, cached + read, fresh + plain
    return calls


def _savings(write: float, read: float, plain: float) -> int:
    calls = 1
    while (calls - 1) * (plain - read) <= write - plain:
        calls += 1
    return calls


def _multiples(write: float, read: float, plain: float) -> int:
    return _bills(write / plain, read / plain, 1)


_WAYS: dict[str, Callable[[float, float, float], int]] = {
    "quotient": _quotient,
    "premium": _premium,
    "bills": _bills,
    "sums": _sums,
    "savings": _savings,
    "multiples": _multiples,
}
EXACT = ("a write like input", "equal bills")
FLOATS = tuple(_WAYS)
"""How people reckon with floats; see `tied_price`."""
_TRIES = 2_000


def tied_price(exam: Exam, ttl: str, tie: str) -> Price:
    """Return a price at which some number of calls costs the same with and without a cache.

    tie: one of `EXACT`: in these prices floats are right too. Or one of `FLOATS`: reckoned in this
    way they find one call too few, so no verdict hangs on which digits happen to be exact. No
    quotient of any two parts of a price is rounded in `Decimal`.
    """
    if tie in EXACT:
        plain = Decimal(exam.pick(2, 4, 8))
        return _tied(exam, plain, plain * exam.number(2, 3) / 16, is_first=tie == EXACT[0])
    for _ in range(_TRIES):
        plain = Decimal(exam.pick(64, 128, 160, 250, 320, 512, 640, 1_250)) / 100
        price = _tied(exam, plain, Decimal(exam.number(31, 89)) / 1000)
        write = price.write_1h if ttl == "1h" else price.write_5m
        found = _WAYS[tie](float(write), float(price.read), float(price.input))
        if found < (break_even(price, ttl) or 0):
            return price
    raise ExamError(f"No price was found at which floats are wrong by their {tie}.")


def _tied(exam: Exam, plain: Decimal, read: Decimal, *, is_first: bool = False) -> Price:
    """Return a price of equal bills; is_first: for the first call, so a write costs as input."""
    short, long = (1, 1) if is_first else (exam.number(3, 5), exam.number(8, 11))
    gain = plain - read
    return Price(
        input=plain,
        output=plain * exam.number(3, 7),
        write_5m=read + gain * short,
        write_1h=read + gain * long,
        read=read,
    )


# -- mistakes --------------------------------------------------------------------------------


def misreckonings(price: Price, ttl: str) -> list[tuple[str, int | None]]:
    """Return each mistake that people make, with the number of calls that it gives.

    Some are made in several ways. The list has the same ones in the same order for any price.
    """
    write, other = price.write_5m, price.write_1h
    if ttl == "1h":
        write, other = other, write
    read, plain = price.read, price.input
    right = break_even(price, ttl) or 0
    return [
        ("short-always", break_even(price, "5m")),
        ("long-always", break_even(price, "1h")),
        ("lifetimes-swapped", first_below(other, read, plain)),
        ("usual-reads", first_below(write, plain / 10, plain)),
        ("reads-free", first_below(write, Decimal(0), plain)),
        ("written-and-read", first_below(write + read, read, plain)),
        ("paid-twice", first_below(write + plain, read, plain)),
        ("output-for-input", first_below(write, read, price.output)),
        ("one-too-few", right - 1),
        ("one-too-many", right + 1),
    ]
