"""All input tokens of a call, from the cache or not."""

from __future__ import annotations

from typing import Any

from grader.catalog import Tokens
from grader.exams import Called, Criterion, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.usages import fresh_tokens, usage_of

Json = Any


@exercise(
    minutes=3,
    criteria=[
        Criterion("all", "the three classes of input, added up", points=2),
        Criterion("none", "a field that is `None` counts as 0"),
    ],
)
def total_input(exam: Exam) -> None:
    """Add up usages that wrote, read, or did both, and some with `None` in them."""
    for names in (("write_5m", "write_1h", "read"), ("write_5m", "read"), ("write_1h", "read")):
        tokens = fresh_tokens(exam, *names)
        called = exam.call(usage_of(tokens), judges=("all",))
        if not _adds_up(exam, called, tokens, "all"):
            return
    for name in ("read", "write_5m"):
        tokens = fresh_tokens(exam, name)
        usage = usage_of(tokens, absent=True)
        called = exam.call(usage, judges=("none",), crash="none-crash")
        _adds_up(exam, called, tokens, "none")


def _adds_up(exam: Exam, called: Called, tokens: Tokens, criterion: str) -> bool:
    value = called.value
    expected = tokens.prompt
    is_right = is_same(value, expected)
    wrong = exam.which(
        {
            "printed": value is None and str(expected) in called.printed,
            "only-fresh": is_same(value, tokens.fresh) and not is_right,
            "output-added": is_same(value, expected + tokens.output)
            or is_same(value, tokens.fresh + tokens.output),
            "writes-twice": tokens.written > 0 and is_same(value, expected + tokens.written),
            "class-left-out": any(
                part > 0 and is_same(value, expected - part)
                for part in (tokens.read, tokens.written, tokens.fresh)
            ),
            "one-lifetime": any(
                part > 0 and is_same(value, expected - part)
                for part in (tokens.write_5m, tokens.write_1h)
            ),
        },
        otherwise="other-total",
    )
    return exam.expect(criterion, is_right, wrong, value)
