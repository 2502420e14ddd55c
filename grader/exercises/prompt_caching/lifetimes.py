"""Prices that no catalog has, and the number of calls that each mistake gives."""

from __future__ import annotations

import math
from decimal import Decimal

from grader.catalog import Price, break_even, first_below
from grader.exams import Exam


def fresh_price(exam: Exam, *, dear_reads: bool = False) -> Price:
    """Return a price with no part from a catalog, and none in the usual ratio to another.

    A 5-minute cache pays from the 4th to 6th call on, a 1-hour cache from the 9th to 12th.
    dear_reads: whether a read costs almost half of the plain price, so that it takes longer.
    """
    dollars = Decimal(exam.number(211, 989)) / 100
    read = dollars * Decimal(exam.number(431, 479) if dear_reads else exam.number(13, 29)) / 1000
    short, long = exam.number(3, 5), exam.number(8, 11)
    gain = dollars - read
    return Price(
        input=dollars,
        output=dollars * exam.number(6, 9),
        # Halfway between two calls, so that rounding can't decide.
        write_5m=read + gain * (short + Decimal("0.5")),
        write_1h=read + gain * (long + Decimal("0.5")),
        read=read,
    )


def tied_price(exam: Exam) -> Price:
    """Return a price at which some number of calls costs the same with and without a cache."""
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


def inexact_price(exam: Exam, ttl: str, way: str) -> Price:
    """Return a tied price at which floats find one call too few.

    way: how they are used, "quotient", "bills" or "sums". So no verdict hangs on which digits
    happen to be exact.
    """
    while True:
        price = tied_price(exam)
        if _with_floats(price, ttl, way) < (break_even(price, ttl) or 0):
            return price


def _with_floats(price: Price, ttl: str, way: str) -> int:
    """Return the number of calls that floats give, for a bill that is never to be equal."""
    write = float(price.write_1h if ttl == "1h" else price.write_5m)
    read, plain = float(price.read), float(price.input)
    if way == "quotient":
        return math.floor((write - read) / (plain - read)) + 1
    calls, cached, fresh = 1, write, plain
    while cached >= fresh:
        calls += 1
        cached = write + (calls - 1) * read if way == "bills" else cached + read
        fresh = calls * plain if way == "bills" else fresh + plain
    return calls


def misreckonings(price: Price, ttl: str) -> dict[str, int | None]:
    """Return the number of calls that each mistake gives."""
    write = price.write_5m if ttl == "5m" else price.write_1h
    read, plain = price.read, price.input
    right = break_even(price, ttl) or 0
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
