"""What a call costs, in US dollars."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grader.catalog import Price, Tokens, bill
from grader.exams import Called, Case, Criterion, Exam, Shapes, exercise
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.bills import (
    as_amount,
    find_misreckoning,
    fresh_call,
    is_close,
    is_rounded,
    reckoning,
    shows_amount,
)
from grader.exercises.usages import CLASSES, usage_of

Json = Any

_CLASSES = {
    "for 5 minutes": ("write_5m",),
    "for an hour": ("write_1h",),
    "for both": ("write_5m", "write_1h"),
    "some": ("read",),
    "everything": CLASSES,
}


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
    shapes=Shapes(
        pairs=[("written", "read"), ("cached", "batch")],
        written=["nothing", "for 5 minutes", "for an hour", "for both"],
        read=["nothing", "some"],
        cached=["nothing", "everything"],
        batch=[True, False],
        absent=["everything", "what was read", "what was written"],
        thought=["in part", "all but an answer"],
    ),
)
def cost(exam: Exam) -> None:
    """Charge calls of every class, in a batch and alone, at prices that no catalog has."""
    first, *others = exam.cases("written", "read")
    if not _charges(exam, first, "plain"):
        return
    for case in exam.cases("thought"):
        with exam.part():
            _thought(exam, case)
    for case in others:
        criterion = "exact" if case.read == "some" else "writes"
        with exam.part():
            _charges(exam, case, "reads" if case.written == "nothing" else criterion)
    for case in exam.cases("cached", "batch"):
        with exam.part():
            _in_batch(exam, case)
    for case in exam.cases("absent"):
        with exam.part():
            _with_none(exam, case)


def _charges(exam: Exam, case: Case, criterion: str) -> bool:
    """Judge one call, and return whether its amount is right, apart from a float's last digits."""
    classes = *_CLASSES.get(case.written, ()), *_CLASSES.get(case.read, ())
    tokens, price = fresh_call(exam, *classes)
    called = exam.call(usage_of(tokens), price, judges=(criterion, "exact"))
    is_right = _is_right(exam, called, tokens, price, criterion)
    _is_exact(exam, called, tokens, price)
    return is_right


def _thought(exam: Exam, case: Case) -> None:
    """Judge a call that says how much of its output was thinking."""
    tokens, price = fresh_call(exam)
    thought = tokens.output // 3 if case.thought == "in part" else tokens.output - 7
    called = exam.call(usage_of(tokens, thought=thought), price, judges=("plain", "exact"))
    _is_right(exam, called, tokens, price, "plain", thought=thought)
    _is_exact(exam, called, tokens, price)


def _is_right(
    exam: Exam,
    called: Called,
    tokens: Tokens,
    price: Price,
    criterion: str,
    *,
    batch: bool = False,
    thought: int = 0,
) -> bool:
    """Judge an amount, apart from a float's last digits; thought: tokens of the output."""
    value, expected = called.value, bill(tokens, price, batch=batch)
    misreckoned = find_misreckoning(value, tokens, price, batch=batch, thought=thought)
    slip = exam.slip(
        {
            "printed": (value is None and shows_amount(called.printed, expected), value),
            "not-an-amount": (as_amount(value) is None, value),
            misreckoned or "other-amount": misreckoned != "",
            "rounded": is_rounded(value, expected),
        },
        otherwise="other-amount",
        observed=f"{_plain(value)}, {reckoning(tokens, price, batch=batch)}",
    )
    return exam.expect(criterion, _is_near(value, expected), slip)


def _is_near(value: Json, amount: Decimal) -> bool:
    """Return whether an amount is right to the sixth decimal place; "exact" judges the others."""
    return is_close(value, amount) or is_rounded(value, amount, least=6)


def _plain(value: Json) -> Json:
    """Return a Decimal in its digits alone; any other value as it is."""
    return f"{value:f}" if isinstance(value, Decimal) and value.is_finite() else value


def _is_exact(
    exam: Exam, called: Called, tokens: Tokens, price: Price, *, batch: bool = False
) -> None:
    """Judge that a right amount is a Decimal, to the last digit."""
    value, expected = called.value, bill(tokens, price, batch=batch)
    wrong = exam.which(
        {
            "rounded": is_rounded(value, expected),
            "float-digits": isinstance(value, Decimal),
            "float-money": as_amount(value) is not None,
        },
        otherwise="not-an-amount",
    )
    is_exact = type(value) is Decimal and value == expected
    observed = f"{_plain(value)}, {expected.normalize():f}" if wrong == "rounded" else value
    exam.expect("exact", is_exact, wrong, observed)


def _in_batch(exam: Exam, case: Case) -> None:
    """Judge a call against the same one that is not said to be in a batch."""
    tokens, price = fresh_call(exam, *_CLASSES.get(case.cached, ()))
    usage = usage_of(tokens)
    alone = exam.call(usage, price, judges=("batch",))
    called = exam.call(usage, price, judges=("batch",), batch=case.batch)
    own = as_amount(alone.value)
    if _is_near(called.value, bill(tokens, price, batch=case.batch)):
        exam.expect("batch", True, "other-amount")
        _is_exact(exam, called, tokens, price, batch=case.batch)
    elif own and is_close(called.value, own / 2 if case.batch else own):
        # Half of what the code itself says: what it forgets has other criteria.
        exam.expect("batch", True, "other-amount")
    else:
        _is_right(exam, called, tokens, price, "batch", batch=case.batch)


def _with_none(exam: Exam, case: Case) -> None:
    """Judge a usage with `None` in it against the same one with 0."""
    classes = {"what was read": ("write_1h",), "what was written": ("read",)}
    absent = {"what was read": ("read",), "what was written": ("written",)}
    tokens, price = fresh_call(exam, *classes.get(case.absent, ()))
    plain = exam.call(usage_of(tokens), price, judges=("none",))
    usage = usage_of(tokens, absent=absent.get(case.absent, ("read", "written")))
    called = exam.call(usage, price, judges=("none",), crash="none-crash")
    observed = f"{_plain(called.value)}, {_plain(plain.value)}"
    is_amount = as_amount(called.value) is not None
    exam.expect("none", is_amount and is_same(called.value, plain.value), "none-charged", observed)
