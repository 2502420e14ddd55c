"""Prices that no catalog has, and the call at which caching becomes cheaper."""

from __future__ import annotations

from decimal import Decimal

from grader.catalog import Price
from grader.exams import Exam

_MOST = 200
"""More calls than any price of this check needs."""


def break_even(price: Price, ttl: str) -> int:
    """Return the first number of calls for which caching costs less."""
    return first_below(_write(price, ttl), price.read, price.input)


def first_below(write: Decimal, read: Decimal, plain: Decimal) -> int:
    """Return the least number of calls with write + (calls - 1) * read < calls * plain."""
    return next(
        (calls for calls in range(1, _MOST) if write + (calls - 1) * read < calls * plain), _MOST
    )


def fresh_price(exam: Exam, *, dear_reads: bool = False) -> Price:
    """Return a price of which no part is in a catalog, nor in the usual ratio to another.

    For 5 minutes it pays from the 4th to the 6th call on, for an hour from the 9th to the 12th.
    dear_reads: whether a read costs almost half of the plain price, so that it takes longer.
    """
    dollars = Decimal(exam.number(211, 989)) / 100
    read = dollars * Decimal(exam.number(431, 479) if dear_reads else exam.number(13, 29)) / 1000
    short, long = exam.number(3, 5), exam.number(8, 11)
    gain = dollars - read
    return Price(
        input=dollars,
        output=dollars * exam.number(6, 9),
        # In the middle between two calls, so that no rounding decides.
        write_5m=read + gain * (short + Decimal("0.5")),
        write_1h=read + gain * (long + Decimal("0.5")),
        read=read,
    )


def tied_price(exam: Exam) -> Price:
    """Return a price at which some number of calls costs the same with a cache and without."""
    read = Decimal(exam.number(31, 89)) / 1000
    gain = Decimal(exam.number(211, 489)) / 100
    short, long = exam.number(3, 5), exam.number(8, 9)
    return Price(
        input=read + gain,
        output=Decimal(exam.number(15, 90)),
        write_5m=read + gain * short,
        write_1h=read + gain * long,
        read=read,
    )


def misreckonings(price: Price, ttl: str) -> dict[str, int]:
    """Return the numbers that one comes to by each mistake."""
    write, read, plain = _write(price, ttl), price.read, price.input
    right = break_even(price, ttl)
    usual = plain * 2 if ttl == "1h" else plain * Decimal("1.25")
    return {
        "usual-multiples": first_below(usual, plain / 10, plain),
        "short-always": break_even(price, "5m"),
        "long-always": break_even(price, "1h"),
        "usual-reads": first_below(write, plain / 10, plain),
        "reads-free": first_below(write, Decimal(0), plain),
        "written-and-read": first_below(write + read, read, plain),
        "paid-twice": first_below(write + plain, read, plain),
        "one-too-few": right - 1,
        "one-too-many": right + 1,
    }


def _write(price: Price, ttl: str) -> Decimal:
    return price.write_5m if ttl == "5m" else price.write_1h
