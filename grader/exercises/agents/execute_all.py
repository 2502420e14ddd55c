"""Every call of a reply, run and answered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grader.exams import Called, Criterion, Exam, SdkObject, Slip, exercise
from grader.exercises.loops import (
    Block,
    Plan,
    Ran,
    answer_objection,
    blocks_of,
    find_mismatch,
    find_misreport,
    find_swallowed,
    judge_runs,
    make_registry,
    plan_call,
    says_of,
    sdk_block,
    text_block,
    thinking_block,
)

Json = Any

_ORDERS = (
    (ValueError, KeyError, TypeError, RuntimeError, TimeoutError),
    (ValueError, TimeoutError, KeyError, TypeError, RuntimeError),
    (ValueError, RuntimeError, TimeoutError, KeyError, TypeError),
)
"""Kinds of exception that tools raise, in orders to pick from."""


@exercise(
    minutes=8,
    criteria=[
        Criterion(
            "answers", "one `tool_result` for each call that works, by id, in order", points=2
        ),
        Criterion("runs", "each call runs once, with its own input"),
        Criterion("content", "what a tool returned goes back: a str as it is, the rest as JSON"),
        Criterion("errors", "a call that fails is answered with `is_error` and what went wrong"),
        Criterion("unknown", "so is a call of a tool that is not in the registry"),
        Criterion("others", "the other calls, and their results, are as if nothing had failed"),
    ],
)
def execute_all(exam: Exam) -> None:
    """Answer one call, several of one tool among other blocks, failing ones, and none."""
    one = plan_call(exam, {"code": exam.fresh("code"), "active": True})
    if _answered(exam, [one]) is None:
        return
    name = exam.fresh("get")
    several = [
        plan_call(exam, {"code": exam.fresh("code"), "note": None}, name=name),
        plan_call(exam, f'{exam.words(2)} "{exam.words(1)}"'),
        plan_call(exam, [exam.number(2, 99), {"plan": exam.words(1)}], name=name),
    ]
    _answered(exam, several)
    unknown = plan_call(exam, None, is_known=False)
    results = _answered(exam, _around(exam, unknown), bad="unknown", crash="unknown-kills")
    says = None if results is None else says_of(results[1], unknown)
    failing = [plan_call(exam, kind(exam.fresh("reason"))) for kind in exam.pick(*_ORDERS)]
    _answered(exam, _around(exam, *failing), bad="errors", crash="failure-kills", unknown_says=says)
    wordless = plan_call(exam, TimeoutError())
    _answered(exam, _around(exam, wordless), bad="errors", crash="failure-kills")
    amount = Decimal(f"{exam.number(10, 99)}.{exam.number(11, 99)}")
    unwritable = plan_call(exam, {"amount": amount})
    _answered(exam, _around(exam, unwritable), bad="errors", crash="unwritable-kills")
    _nothing_asked(exam)


def _around(exam: Exam, *plans: Plan) -> list[Plan]:
    """Return calls between two others that work."""
    return [plan_call(exam, exam.words(2)), *plans, plan_call(exam, exam.words(2))]


def _nothing_asked(exam: Exam) -> None:
    for texts in ([exam.words(3)], []):
        blocks = [text_block(words) for words in texts]
        called = exam.call(blocks, {}, judges=("answers",), crash="none-expected")
        value = list(called.value) if isinstance(called.value, tuple) else called.value
        exam.expect("answers", value == [], "none-expected", value)


def _answered(
    exam: Exam,
    plans: Sequence[Plan],
    *,
    bad: str | None = None,
    crash: str | None = None,
    unknown_says: str | None = None,
) -> list[Block] | None:
    """Have calls answered, judge the results, and return them; None if they don't match.

    bad: the criterion of the calls that go wrong; None if none does.
    unknown_says: what the code said about a tool that is not in the registry.
    """
    criteria = (bad, "others") if bad else ("answers", "content")
    ran: list[Ran] = []
    registry = make_registry(exam, plans, ran)
    called = exam.call(_blocks(exam, plans), registry, judges=criteria, crash=crash)
    results = blocks_of(called.value)
    slip = _find_no_results(called) or find_swallowed(exam, results, plans)
    exam.judge(slip, *criteria)
    judge_runs(exam, "runs", plans, ran)
    if slip is not None or not exam.judge(find_mismatch(results, plans), *criteria):
        return None
    for result, plan in zip(results, plans, strict=True):
        criterion = bad if bad and plan.goes_wrong else criteria[1]
        exam.judge(find_misreport(result, plan, unknown_says=unknown_says), criterion)
    refusal = answer_objection(exam, plans, list(called.value))
    exam.expect(criteria[0], refusal is None, "refused", refusal or "")
    return results


def _blocks(exam: Exam, plans: Sequence[Plan]) -> list[SdkObject]:
    """Return calls as the content of a reply; several come after thinking and a text."""
    calls = [sdk_block(plan.block) for plan in plans]
    return calls if len(calls) == 1 else [thinking_block(exam), text_block(exam.words(4)), *calls]


def _find_no_results(called: Called) -> Slip | None:
    """Return why a value holds no results, or None if it is a list of them."""
    value = called.value
    if value is None and called.printed:
        return Slip("printed", value)
    if not isinstance(value, list | tuple):
        is_message = isinstance(value, dict) and "role" in value
        return Slip("whole-message" if is_message else "not-a-list", value)
    for item in value:
        plain = item.data if isinstance(item, SdkObject) else item
        role = plain.get("role") if isinstance(plain, dict) else None
        if role is not None:
            return Slip("role-tool" if role == "tool" else "whole-message", item)
        if not isinstance(plain, dict) or plain.get("type") != "tool_result":
            return Slip("not-results", item)
    return None
