"""What a call costs: correctly, and by each mistake that learners make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from grader.catalog import Price, Tokens, bill, load_catalog
from grader.exams import Exam

Json = Any

_CLOSE = Decimal("1e-9")
"""How far a sum of floats may be off, as a share of the sum."""
_STANDARD = {"write_5m": Decimal("1.25"), "write_1h": Decimal(2), "read": Decimal("0.1")}
"""The multiples of the input price that many models have, but not all."""


def fresh_price(exam: Exam) -> Price:
    """Return a price with no part from a catalog, and none in the usual ratio to another."""
    dollars = Decimal(exam.number(211, 989)) / 100
    return Price(
        input=dollars,
        output=dollars * exam.number(6, 9) + Decimal("0.37"),
        write_5m=dollars * Decimal(exam.number(132, 149)) / 100,
        write_1h=dollars * Decimal(exam.number(161, 189)) / 100,
        read=dollars * Decimal(exam.number(13, 29)) / 1000,
    )


def find_misreckoning(value: Json, tokens: Tokens, price: Price, *, batch: bool) -> str:
    """Return the mistake that gives this amount, or ""."""
    for name, amount in _misreckonings(tokens, price, batch=batch):
        if is_close(value, amount):
            return name
    return ""


def is_close(value: Json, amount: Decimal) -> bool:
    """Return whether a value is this amount, apart from a float's last digits."""
    number = as_amount(value)
    return number is not None and abs(number - amount) <= _CLOSE * abs(amount)


def as_amount(value: Json) -> Decimal | None:
    """Return a finite number as a Decimal, and None for anything else."""
    if type(value) not in (int, float, Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None


def is_rounded(value: Json, amount: Decimal) -> bool:
    """Return whether a value is this amount with its last digits rounded or cut off."""
    number = as_amount(value)
    if not number or is_close(number, amount):
        return False
    cuts = [
        amount.quantize(Decimal(1).scaleb(-places), way)
        for places in range(2, 9)
        for way in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN, ROUND_UP)
    ]
    return any(cut > 0 and is_close(number, cut) for cut in cuts)


def shows_amount(printed: str, amount: Decimal) -> bool:
    """Return whether printed text shows an amount."""
    for word in printed.replace("$", " ").split():
        with suppress(ArithmeticError, ValueError):
            if is_close(Decimal(word.strip("(),':.")), amount):
                return True
    return False


def _misreckonings(tokens: Tokens, price: Price, *, batch: bool) -> Iterator[tuple[str, Decimal]]:
    """Yield what each mistake makes of a call's cost, if that is another amount."""
    right = bill(tokens, price, batch=batch)
    for name, amount in _all_misreckonings(tokens, price, batch=batch):
        if not is_close(amount, right) and amount != 0:
            yield name, amount


def _all_misreckonings(
    tokens: Tokens, price: Price, *, batch: bool
) -> Iterator[tuple[str, Decimal]]:
    right = bill(tokens, price, batch=batch)
    yield "per-thousand", right * 1000
    yield "not-divided", right * 1_000_000
    yield "cents", right * 100
    whole = bill(tokens, price)
    if batch:
        yield "batch-ignored", whole
        yield "batch-partly", whole - bill(replace(tokens, output=0), price) / 2
        yield "batch-partly", whole - bill(Tokens(fresh=0, output=tokens.output), price) / 2
        yield "batch-partly", whole - bill(Tokens(fresh=tokens.fresh, output=0), price) / 2
        yield (
            "batch-partly",
            whole - bill(Tokens(fresh=tokens.fresh, output=tokens.output), price) / 2,
        )
    else:
        yield "batch-always", whole / 2
    share = Decimal("0.5") if batch else Decimal(1)
    for name, amount in _by_class(tokens, price):
        yield name, amount * share
    for card in load_catalog().models:
        for band in card.prices:
            yield "typed-price", bill(tokens, band.price, batch=batch)


def _by_class(tokens: Tokens, price: Price) -> Iterator[tuple[str, Decimal]]:
    """Yield what a call would cost with its classes mixed up."""
    cached = tokens.written + tokens.read
    plain = Tokens(fresh=tokens.fresh, output=tokens.output)
    yield "cached-left-out", bill(plain, price)
    yield "cached-left-out", bill(replace(tokens, read=0), price)
    yield "cached-left-out", bill(replace(tokens, write_5m=0, write_1h=0), price)
    yield "one-price", bill(replace(plain, fresh=tokens.prompt), price)
    yield "one-price", bill(Tokens(fresh=tokens.fresh + tokens.output, output=0), price)
    yield "one-price", bill(Tokens(fresh=tokens.prompt + tokens.output, output=0), price)
    for name in ("write_5m", "read"):
        moved = {"write_5m": 0, "write_1h": 0} if name == "write_5m" else {"read": 0}
        count = tokens.written if name == "write_5m" else tokens.read
        yield "one-price", bill(replace(tokens, fresh=tokens.fresh + count, **moved), price)
    yield "one-write-price", bill(replace(tokens, write_5m=tokens.written, write_1h=0), price)
    yield "one-write-price", bill(replace(tokens, write_5m=0, write_1h=tokens.written), price)
    yield "one-write-price", bill(replace(tokens, write_1h=0), price)
    for taken in (tokens.read, cached):
        # The rest may be negative; some code stops at 0.
        left = tokens.fresh - taken
        yield "cached-subtracted", bill(replace(tokens, fresh=left), price)
        yield "cached-subtracted", bill(replace(tokens, fresh=max(0, left)), price)
    yield "cached-twice", bill(replace(tokens, fresh=tokens.fresh + cached), price)
    for names in (("write_5m", "write_1h", "read"), ("write_5m", "write_1h"), ("read",)):
        usual = {name: price.input * _STANDARD[name] for name in names}
        yield "usual-multiples", bill(tokens, replace(price, **usual))
