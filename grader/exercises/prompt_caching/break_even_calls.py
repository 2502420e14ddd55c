"""From which call on caching is cheaper."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grader.catalog import Price, break_even
from grader.exams import Called, Criterion, Exam, exercise
from grader.exercises.prompt_caching.lifetimes import (
    fresh_price,
    inexact_price,
    misreckonings,
    tied_price,
)
from grader.exercises.readings import is_same

Json = Any
_Case = tuple[Price, str]
_FLOATS = ("quotient", "bills", "sums")
"""The ways in which floats are used, each with a price that shows it."""


@exercise(
    minutes=6,
    criteria=[
        Criterion("short", "for 5 minutes, with the price of that write"),
        Criterion("long", "for an hour, with the price of that write"),
        Criterion("read", "reads at the model's own price"),
        Criterion("tie", "as long as it costs the same, it is not cheaper"),
        Criterion("whole", "a whole number of calls, as an `int`"),
    ],
)
def break_even_calls(exam: Exam) -> None:
    """Ask about prices of all kinds, chosen so that each mistake gives another number."""
    cases: dict[str, list[_Case]] = {
        "short": [(fresh_price(exam), "5m") for _ in range(3)],
        "long": [(fresh_price(exam), "1h") for _ in range(3)],
        "read": [(fresh_price(exam, dear_reads=True), ttl) for ttl in ("5m", "1h", "5m")],
        "tie": [
            *((tied_price(exam), ttl) for ttl in ("5m", "1h")),
            *((inexact_price(exam, ttl, way), ttl) for ttl in ("5m", "1h") for way in _FLOATS),
        ],
    }
    asked = [(name, case) for name, listed in cases.items() for case in listed]
    results = [(name, case, exam.call(*case, judges=(name, "whole"))) for name, case in asked]
    wrong = _find_mistake(exam, [(case, called) for _, case, called in results])
    ties = [
        _as_number(called.value) == (break_even(*case) or 0) - 1
        for name, case, called in results
        if name == "tie"
    ]
    for name, (price, ttl), called in results:
        right = break_even(price, ttl) or 0
        value = called.value
        told = f"{value} instead of {right} for {_told(price, ttl)}"
        mistake = wrong
        if wrong == "other-number" and name == "tie":
            is_early = value == right - 1
            mistake = exam.which(
                {"same-is-cheaper": all(ties), "floats": is_early}, otherwise=wrong
            )
        shown = repr(value) if isinstance(value, str) else value
        observed = shown if mistake in ("printed", "not-a-number", "fraction") else told
        exam.expect(name, _as_number(value) == right, mistake, observed)
        is_whole = type(value) is int
        mistake = "not-an-int" if _as_number(value) == right else mistake
        exam.expect("whole", is_whole and is_same(value, right), mistake, value)


def _told(price: Price, ttl: str) -> str:
    """Return what a panel shows of the prices behind a number."""
    write = price.write_5m if ttl == "5m" else price.write_1h
    parts = (("input", price.input), (f"write_{ttl}", write), ("read", price.read))
    return ", ".join(f"{name} {amount.normalize():.6g}" for name, amount in parts)


def _find_mistake(exam: Exam, results: list[tuple[_Case, Called]]) -> str:
    """Return the mistake that explains every number that came back, or "other-number"."""
    values = [_as_number(called.value) for _, called in results]
    printed = any(called.value is None and called.printed != "" for _, called in results)
    fits = {
        name: all(
            value == misreckonings(price, ttl)[name]
            for value, ((price, ttl), _) in zip(values, results, strict=True)
        )
        for name in misreckonings(*results[0][0])
    }
    is_right = all(
        value == break_even(*case) for value, (case, _) in zip(values, results, strict=True)
    )
    return exam.which(
        {
            "printed": printed,
            "not-a-number": any(value is None for value in values),
            "other-number": is_right,
            "always-two": set(values) == {2},
            **fits,
            "fraction": any(
                value is not None and value != value.to_integral_value() for value in values
            ),
        },
        otherwise="other-number",
    )


def _as_number(value: Json) -> Decimal | None:
    if type(value) not in (int, float, Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None
