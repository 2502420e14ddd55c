"""What a call costs, in US dollars."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grader.catalog import bill
from grader.exams import Called, Criterion, Exam, exercise
from grader.exercises.tokens_and_cost.bills import (
    as_amount,
    find_misreckoning,
    fresh_price,
    is_close,
    is_rounded,
    shows_amount,
)
from grader.exercises.usages import CLASSES, fresh_tokens, usage_of

Json = Any


@exercise(
    minutes=6,
    criteria=[
        Criterion("plain", "fresh input and output, each at its price per million"),
        Criterion("writes", "what was written to the cache, by its lifetime"),
        Criterion("reads", "what was read from the cache"),
        Criterion("batch", "half of it all in a batch"),
        Criterion("none", "a field that is `None` counts as 0"),
        Criterion("exact", "a `Decimal`, right to the last digit"),
    ],
)
def cost(exam: Exam) -> None:
    """Charge calls of every class, in a batch and alone, at prices that no catalog has."""
    if not _charges(exam, (), "plain"):
        return
    _charges(exam, ("write_5m",), "writes")
    _charges(exam, ("write_5m", "write_1h"), "writes")
    _charges(exam, ("read",), "reads")
    _charges(exam, CLASSES, "batch", batch=True)
    _charges(exam, (), "batch", batch=True)
    for classes in (("read",), ("write_1h",)):
        _charges(exam, classes, "none", absent=True, crash="none-crash")


def _charges(
    exam: Exam,
    classes: tuple[str, ...],
    criterion: str,
    *,
    batch: bool = False,
    absent: bool = False,
    crash: str | None = None,
) -> bool:
    """Judge one call, and return whether its amount is right, apart from a float's last digits."""
    tokens, price = fresh_tokens(exam, *classes), fresh_price(exam)
    options: dict[str, Any] = {"batch": True} if batch else {}
    usage = usage_of(tokens, absent=absent)
    called = exam.call(usage, price, judges=(criterion, "exact"), crash=crash, **options)
    value, expected = called.value, bill(tokens, price, batch=batch)
    is_right = is_close(value, expected)
    misreckoned = find_misreckoning(value, tokens, price, batch=batch)
    wrong = exam.which(
        {
            "printed": value is None and shows_amount(called.printed, expected),
            "not-an-amount": as_amount(value) is None,
            misreckoned or "other-amount": misreckoned != "",
            "rounded": is_rounded(value, expected),
        },
        otherwise="other-amount",
    )
    exam.expect(criterion, is_right, wrong, _told(value, expected, wrong))
    if not is_right:
        exam.expect("exact", False, wrong, _told(value, expected, wrong))
        return False
    wrong = "float-digits" if isinstance(value, Decimal) else "float-money"
    exam.expect("exact", _is_exact(called, expected), wrong, value)
    return True


def _is_exact(called: Called, expected: Decimal) -> bool:
    return type(called.value) is Decimal and called.value == expected


def _told(value: Json, expected: Decimal, wrong: str) -> Json:
    """Return what a panel shows of an amount."""
    if wrong in ("printed", "not-an-amount"):
        return value
    return f"{value}, {expected.normalize():f}"
