"""Amounts of money, each with the Python expression that computes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from grader.catalog import Price, Tokens, bill

DAYS = 30
"""How many days we count for a month."""
_PARTS = {
    "fresh": "input",
    "write_5m": "write_5m",
    "write_1h": "write_1h",
    "read": "read",
    "output": "output",
}
"""The classes of tokens, and the price of each."""
_FEWEST_PLACES = 2
_DIGITS = 4
"""How many digits of an amount we show; the expression has all of them."""


@dataclass(frozen=True)
class Figure:
    """Hold an amount in US dollars; expression: the Python that computes it, given `Decimal`."""

    amount: Decimal
    expression: str

    def times(self, number: int) -> Figure:
        """Return this many times the figure."""
        return Figure(self.amount * number, f"({self.expression}) * {number:_}")

    def shared(self, number: int) -> Figure:
        """Return the figure divided among this many."""
        return Figure(self.amount / number, f"({self.expression}) / {number:_}")


@dataclass(frozen=True)
class Spans:
    """Hold what something costs by the day, by the month, and by an average call."""

    call: Figure
    day: Figure
    month: Figure


def spans_of(tokens: Tokens, price: Price, *, calls: int, batch: bool) -> Spans:
    """Return what a day's tokens cost; calls: how many calls of the day share them."""
    day = figure_of(tokens, price, batch=batch)
    return Spans(day.shared(calls), day, day.times(DAYS))


def figure_of(tokens: Tokens, price: Price, *, batch: bool) -> Figure:
    """Return what tokens cost, as in the lessons' own bill."""
    products = [
        f'Decimal("{getattr(price, of)}") * {getattr(tokens, name):_}'
        for name, of in _PARTS.items()
        if getattr(tokens, name)
    ]
    total = " + ".join(products) or "Decimal(0)"
    half = ' * Decimal("0.5")' if batch else ""
    return Figure(bill(tokens, price, batch=batch), f"({total}){half} / 1_000_000")


def difference(one: Figure, other: Figure) -> Figure:
    """Return the first figure minus the second."""
    return Figure(one.amount - other.amount, f"{one.expression} - ({other.expression})")


def program(figures: Mapping[str, Figure], *, heading: Sequence[str] = ()) -> str:
    """Return Python that names each figure, and gives its amount in a comment.

    figures: by valid Python names. heading: comment lines above them.
    """
    return "\n".join(
        [
            *(f"# {line}" for line in heading),
            "from decimal import Decimal",
            "",
            *(
                f"{name} = {each.expression}  # {dollars(each.amount)}"
                for name, each in figures.items()
            ),
        ]
    )


def dollars(amount: Decimal) -> str:
    """Return an amount as we show it: with cents, and more decimal places if it is small."""
    places = max(_FEWEST_PLACES, _DIGITS - 1 - amount.adjusted()) if amount else _FEWEST_PLACES
    shown = amount.quantize(Decimal(1).scaleb(-min(places, 12)), rounding=ROUND_HALF_EVEN)
    whole, point, rest = f"{shown:,f}".partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}${digits}{point}{rest.rstrip('0').ljust(_FEWEST_PLACES, '0')}"
