"""From which call on caching is cheaper."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grader.catalog import Price, break_even
from grader.exams import Called, Case, Criterion, Exam, Shapes, exercise
from grader.exercises.prompt_caching.lifetimes import (
    EXACT,
    FLOATS,
    PAYS,
    READS,
    RESTS,
    SIZES,
    fresh_price,
    misreckonings,
    tied_price,
)

Json = Any


@exercise(
    minutes=6,
    criteria=[
        Criterion("short", "for 5 minutes, with the price of that write"),
        Criterion("long", "for an hour, with the price of that write"),
        Criterion("read", "reads at the model's own price"),
        Criterion("tie", "as long as it costs the same, it is not cheaper"),
        Criterion("whole", "a whole number of calls, as an `int`"),
    ],
    shapes=Shapes(
        pairs=[("ttl", "read"), ("ttl", "pays"), ("ttl", "rest"), ("ttl", "tie")],
        ttl=["5m", "1h"],
        read=READS,
        pays=PAYS,
        rest=RESTS,
        size=SIZES,
        tie=[*EXACT, *FLOATS],
    ),
)
def break_even_calls(exam: Exam) -> None:
    """Ask about prices of all kinds, chosen so that each mistake gives another number."""
    asked = [
        *(_fresh(exam, case) for case in exam.cases("ttl", "read", "pays", "rest", "size")),
        *(_tied(exam, case) for case in exam.cases("ttl", "tie")),
    ]
    results = []
    for each in asked:
        with exam.part():
            results.append((each, exam.call(each.price, each.ttl, judges=(each.criterion,))))
    _judge(exam, results)
    right_ones = [each for each, called in results if _is_right(each, called)]
    wrong = {each.criterion for each in asked if each not in right_ones}
    # A constant is an `int` too, so only numbers that are right for all of a kind count here.
    right = [called.value for each, called in results if each.criterion not in wrong]
    others = [value for value in right if type(value) is not int]
    exam.expect("whole", bool(right) and not others, "not-an-int", others[0] if others else "")


@dataclass(frozen=True)
class _Asked:
    """Hold one question; tie: in which way two bills are equal, "" if none are."""

    criterion: str
    price: Price
    ttl: str
    tie: str = ""

    @property
    def right(self) -> int:
        return break_even(self.price, self.ttl) or 0


_Result = tuple[_Asked, Called]


def _fresh(exam: Exam, case: Case) -> _Asked:
    price = fresh_price(exam, size=case.size, read=case.read, pays=case.pays, rest=case.rest)
    by_lifetime = "short" if case.ttl == "5m" else "long"
    # After many calls a price of reads shows that is only a little off.
    is_of_reads = case.read != "cheap" or case.pays == "after many calls"
    return _Asked("read" if is_of_reads else by_lifetime, price, case.ttl)


def _tied(exam: Exam, case: Case) -> _Asked:
    return _Asked("tie", tied_price(exam, case.ttl, case.tie), case.ttl, case.tie)


def _judge(exam: Exam, results: list[_Result]) -> None:
    """Judge every number that came back, each by the mistake that explains them all."""
    of_all = _find_mistake(exam, results)
    for asked, called in results:
        mistake = of_all
        if of_all == "other-number" and asked.criterion == "tie":
            mistake = _tie_mistake(exam, results)
        value = called.value
        shown = repr(value) if isinstance(value, str) else value
        told = f"{value} instead of {asked.right} for {_told(asked)}"
        observed = shown if mistake in ("printed", "not-a-number", "fraction") else told
        exam.expect(asked.criterion, _is_right(asked, called), mistake, observed)


def _is_right(asked: _Asked, called: Called) -> bool:
    return _as_number(called.value) == asked.right


def _told(asked: _Asked) -> str:
    """Return what a panel shows of the prices behind a number."""
    price, ttl = asked.price, asked.ttl
    write = price.write_5m if ttl == "5m" else price.write_1h
    parts = (("input", price.input), (f"write_{ttl}", write), ("read", price.read))
    return ", ".join(f"{name} {amount.normalize():.6g}" for name, amount in parts)


def _find_mistake(exam: Exam, results: list[_Result]) -> str:
    """Return the mistake that explains every number that came back, or "other-number"."""
    values = [_as_number(called.value) for _, called in results]
    printed = any(called.value is None and called.printed != "" for _, called in results)
    found = [misreckonings(asked.price, asked.ttl) for asked, _ in results]
    fits = {
        made[0][0]: True
        for made in zip(*found, strict=True)
        if values == [number for _, number in made]
    }
    is_right = values == [asked.right for asked, _ in results]
    return exam.which(
        {
            "printed": printed,
            "none-for-some": all(
                _is_right(asked, called) or called.value is None for asked, called in results
            )
            and not {None}.issuperset(values)
            and None in values,
            "not-a-number": any(value is None for value in values),
            "other-number": is_right,
            "always-two": set(values) == {2},
            "by-lifetime": _by_lifetime(results),
            **fits,
            "fraction": any(
                value is not None and value != value.to_integral_value() for value in values
            ),
        },
        otherwise="other-number",
    )


def _by_lifetime(results: list[_Result]) -> bool:
    """Return whether there is one number for each lifetime, at whatever price."""
    found: dict[str, set[Decimal | None]] = {}
    for asked, called in results:
        found.setdefault(asked.ttl, set()).add(_as_number(called.value))
    return all(len(numbers) == 1 for numbers in found.values())


def _tie_mistake(exam: Exam, results: list[_Result]) -> str:
    """Return why equal bills were not taken for equal, where all else is right.

    Where floats are exact, they are not to blame.
    """
    misses = [
        (asked, _as_number(called.value) == asked.right - 1)
        for asked, called in results
        if _as_number(called.value) != asked.right
    ]
    is_early = all(is_one_early and asked.tie for asked, is_one_early in misses)
    exact = any(asked.tie in EXACT for asked, _ in misses)
    return exam.which(
        {"same-is-cheaper": is_early and exact, "floats": is_early}, otherwise="other-number"
    )


def _as_number(value: Json) -> Decimal | None:
    if type(value) not in (int, float, Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None
