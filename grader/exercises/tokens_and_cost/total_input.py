"""All input tokens of a call, from the cache or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.catalog import Tokens
from grader.exams import Called, Case, Criterion, Exam, SdkObject, Shapes, exercise
from grader.exercises.readings import is_same
from grader.exercises.usages import fresh_tokens, told_input, usage_of

Json = Any

_CLASSES = {
    "for 5 minutes": ("write_5m",),
    "for both": ("write_5m", "write_1h"),
    "for an hour": ("write_1h",),
    "for a time not told": ("write_5m",),
    "some": ("read",),
}


@exercise(
    minutes=3,
    criteria=[
        Criterion("all", "the three classes of input, added up", points=2),
        Criterion("none", "a field that is `None` counts as 0"),
    ],
    shapes=Shapes(
        pairs=[("written", "read")],
        written=[
            "for 5 minutes",
            "for both",
            "for an hour",
            "nothing",
            "None",
            "for a time not told",
        ],
        read=["some", "nothing", "None"],
        fresh=["some", "nothing"],
    ),
)
def total_input(exam: Exam) -> None:
    """Add up usages that wrote, read, or did both, and some with `None` in them."""
    first, *others = exam.cases()
    if not _adds_up(exam, first, "all"):
        return
    for case in others:
        has_none = "None" in (case.written, case.read) or case.written == "for a time not told"
        with exam.part():
            _adds_up(exam, case, "none" if has_none else "all")


def _adds_up(exam: Exam, case: Case, criterion: str) -> bool:
    tokens = fresh_tokens(exam, *_CLASSES.get(case.written, ()), *_CLASSES.get(case.read, ()))
    if case.fresh == "nothing":
        tokens = replace(tokens, fresh=0)
    usage = usage_of(
        tokens,
        absent=[name for name in ("written", "read") if getattr(case, name) == "None"],
        has_lifetimes=case.written != "for a time not told",
    )
    crash = "none-crash" if criterion == "none" else None
    called = exam.call(usage, judges=(criterion,), crash=crash)
    return _judge(exam, called, tokens, usage, criterion)


def _judge(exam: Exam, called: Called, tokens: Tokens, usage: SdkObject, criterion: str) -> bool:
    value = called.value
    expected = tokens.prompt
    is_right = is_same(value, expected)
    cached = {tokens.read, tokens.written} - {0}
    wrong = exam.which(
        {
            "printed": value is None and str(expected) in called.printed,
            "not-an-int": isinstance(value, float) and value == expected,
            "lifetimes-only": criterion == "none"
            and usage.data["cache_creation"] is None
            and tokens.written > 0
            and is_same(value, expected - tokens.written),
            "none-drops-others": criterion == "none"
            and any(is_same(value, expected - part) for part in cached),
            "only-fresh": tokens.fresh > 0 and is_same(value, tokens.fresh),
            "output-added": is_same(value, expected + tokens.output)
            or is_same(value, tokens.fresh + tokens.output),
            "writes-twice": tokens.written > 0 and is_same(value, expected + tokens.written),
            # The first case wrote for 5 minutes, and all of that was counted.
            "one-lifetime": tokens.write_1h > 0
            and any(is_same(value, expected - part) for part in (tokens.write_5m, tokens.write_1h)),
            "class-left-out": any(
                part > 0 and is_same(value, expected - part)
                for part in (tokens.read, tokens.written, tokens.fresh)
            ),
            "cached-subtracted": any(
                is_same(value, expected - 2 * part) for part in (*cached, sum(cached))
            ),
        },
        otherwise="other-total",
    )
    observed = value if wrong == "printed" else f"{value}: {told_input(usage)}"
    if isinstance(value, SdkObject):
        observed = value
    return exam.expect(criterion, is_right, wrong, observed)
