"""What a call costs: correctly, and by each mistake that learners make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from grader.catalog import Price, Tokens, bill, load_catalog
from grader.exams import Exam
from grader.exercises.usages import CLASSES, fresh_tokens

Json = Any

_CLOSE = Decimal("1e-9")
"""How far an amount may be off and count as right, as a share of it."""
_FLOAT = Decimal("1e-13")
"""How far a sum of floats may be off, as a share of it; less than any of our last digits."""
_DIGITS = {"write_5m": 10, "write_1h": 10, "read": 11}
"""How many decimal places an amount has with each class, by the prices of `fresh_price`."""
_STANDARD = {"write_5m": Decimal("1.25"), "write_1h": Decimal(2), "read": Decimal("0.1")}
"""The multiples of the input price that many models have, but not all."""


def fresh_call(exam: Exam, *classes: str) -> tuple[Tokens, Price]:
    """Return the tokens of a call with these classes, and a price, which need a `Decimal`.

    Whatever the seed, the amount has its last digit, and reckoning with floats loses some.
    """
    most = max([_DIGITS[name] for name in classes], default=8)
    while True:
        tokens, price = fresh_tokens(exam, *classes), fresh_price(exam)
        amounts = [bill(tokens, price, batch=batch) for batch in (False, True)]
        has_digits = amounts[0] % Decimal(1).scaleb(1 - most) != 0
        if has_digits and all(map(_needs_decimal, amounts, _float_sums(tokens, price))):
            return tokens, price


def _needs_decimal(amount: Decimal, sums: tuple[float, ...]) -> bool:
    """Return whether no float is this amount, and none of these sums is nearest to it."""
    return Decimal(float(amount)) != amount and all(Decimal(str(each)) != amount for each in sums)


def _float_sums(tokens: Tokens, price: Price) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what the usual ways to reckon with floats give, alone and in a batch."""
    parts = [(count, float(each)) for count, each in _parts(tokens, price)]
    whole = sum(count * each for count, each in parts) / 1_000_000
    pieces = sum(count / 1_000_000 * each for count, each in parts)
    return (whole, pieces), (whole / 2, pieces / 2)


def _parts(tokens: Tokens, price: Price) -> list[tuple[int, Decimal]]:
    """Return each count above 0 with its price."""
    pairs = [(tokens.fresh, price.input), (tokens.output, price.output)]
    pairs += [(getattr(tokens, name), getattr(price, name)) for name in CLASSES]
    return [(count, each) for count, each in pairs if count]


def reckoning(tokens: Tokens, price: Price, *, batch: bool) -> str:
    """Return what a call costs and how it is worked out, in one line."""
    total = bill(tokens, price, batch=batch)
    terms = " + ".join(f"{count} * {each.normalize():f}" for count, each in _parts(tokens, price))
    return f"{total.normalize():f} = ({terms}) / {2_000_000 if batch else 1_000_000:_}"


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


def find_misreckoning(
    value: Json, tokens: Tokens, price: Price, *, batch: bool, thought: int = 0
) -> str:
    """Return the mistake that gives this amount, or ""; thought: how much output was thinking."""
    for output in (tokens.output + thought, tokens.output - thought):
        if thought and is_close(value, bill(replace(tokens, output=output), price, batch=batch)):
            return "thinking-twice" if output > tokens.output else "thinking-left-out"
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


def is_rounded(value: Json, amount: Decimal, *, least: int = 2) -> bool:
    """Return whether a value is this amount with its last digits rounded or cut off.

    least: the fewest decimal places that are left.
    """
    number = as_amount(value)
    if not number or _is_nearly(number, amount):
        return False
    cuts = [
        amount.quantize(Decimal(1).scaleb(-places), way)
        for places in range(least, max(_DIGITS.values()))
        for way in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN, ROUND_UP)
    ]
    return any(cut > 0 and _is_nearly(number, cut) for cut in cuts)


def _is_nearly(number: Decimal, amount: Decimal) -> bool:
    """Return whether a number is this amount, but for what a sum of floats loses."""
    return abs(number - amount) <= _FLOAT * abs(amount)


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
    if not cached:
        # With cached tokens, an input of 0 shows that they were taken off.
        yield "output-left-out", bill(replace(tokens, output=0), price)
        yield "input-left-out", bill(replace(tokens, fresh=0), price)
    plain = Tokens(fresh=tokens.fresh, output=tokens.output)
    yield "cached-left-out", bill(plain, price)
    yield "cached-left-out", bill(replace(tokens, read=0), price)
    yield "cached-left-out", bill(replace(tokens, write_5m=0, write_1h=0), price)
    for name in ("write_5m", "write_1h"):
        twice = {name: getattr(tokens, name) + tokens.written}
        yield "writes-charged-twice", bill(replace(tokens, **twice), price)
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
