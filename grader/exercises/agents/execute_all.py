"""Every call of a reply, run and answered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Called, Criterion, Exam, SdkObject, exercise
from grader.exercises.agents.calls import (
    Plan,
    Ran,
    definitions,
    judge_runs,
    make_registry,
    plan_call,
)
from grader.exercises.agents.results import (
    find_mismatch,
    find_misreport,
    find_swallowed,
    judge_fault,
    says_of,
)
from grader.exercises.histories import Fault

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
        blocks = [SdkObject("TextBlock", {"type": "text", "text": words}) for words in texts]
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
) -> list[dict[str, Json]] | None:
    """Have calls answered, judge the results, and return them; None when they do not match.

    bad: the criterion of the calls that go wrong; None where none does.
    unknown_says: what was said of a tool that is not in the registry.
    """
    criteria = (bad, "others") if bad else ("answers", "content")
    ran: list[Ran] = []
    registry = make_registry(exam, plans, ran)
    called = exam.call(_blocks(exam, plans), registry, judges=criteria, crash=crash)
    results = [_plain(item) for item in called.value] if _is_list(called.value) else []
    fault = _find_no_results(called, results) or find_swallowed(exam, results, plans)
    for criterion in criteria:
        judge_fault(exam, criterion, fault)
    judge_runs(exam, "runs", plans, ran)
    if fault is not None:
        return None
    fault = find_mismatch(results, plans)
    for criterion in criteria:
        judge_fault(exam, criterion, fault)
    if fault is not None:
        return None
    for result, plan in zip(results, plans, strict=True):
        criterion = bad if bad and plan.goes_wrong else criteria[1]
        judge_fault(exam, criterion, find_misreport(result, plan, unknown_says=unknown_says))
    refusal = exam.send(_request(exam, plans, results))
    exam.expect(criteria[0], refusal is None, "refused", refusal or "")
    return results


def _blocks(exam: Exam, plans: Sequence[Plan]) -> list[SdkObject]:
    """Return calls as the content of a reply, behind thinking and a text where it has several."""
    calls = [SdkObject("ToolUseBlock", plan.block) for plan in plans]
    if len(calls) == 1:
        return calls
    thought = {"type": "thinking", "thinking": "", "signature": exam.fresh("sig")}
    words = {"type": "text", "text": exam.words(4)}
    return [SdkObject("ThinkingBlock", thought), SdkObject("TextBlock", words), *calls]


def _is_list(value: Json) -> bool:
    return isinstance(value, list | tuple)


def _plain(item: Json) -> Json:
    return item.data if isinstance(item, SdkObject) else item


def _find_no_results(called: Called, results: Sequence[Json]) -> Fault | None:
    """Return why a value holds no results, or None when it is a list of them."""
    value = called.value
    if value is None and called.printed:
        return Fault("printed", value)
    if not _is_list(value):
        is_message = isinstance(value, dict) and "role" in value
        return Fault("whole-message" if is_message else "not-a-list", value)
    for item in results:
        role = item.get("role") if isinstance(item, dict) else None
        if role is not None:
            return Fault("role-tool" if role == "tool" else "whole-message", item)
        if not isinstance(item, dict) or item.get("type") != "tool_result":
            return Fault("not-results", item)
    return None


def _request(exam: Exam, plans: Sequence[Plan], results: list[Json]) -> Json:
    """Return a request that sends the results back."""
    return {
        "model": DEFAULT_MODEL,
        "max_tokens": 100,
        "tools": definitions(exam, [plan.name for plan in plans]),
        "messages": [
            {"role": "user", "content": "Look it up."},
            {"role": "assistant", "content": [plan.block for plan in plans]},
            {"role": "user", "content": results},
        ],
    }
