"""Read the `tool_result` blocks that answer calls, and find the first thing wrong with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from grader.exams import Exam
from grader.exercises.agents.calls import Plan
from grader.exercises.histories import Fault
from grader.exercises.readings import content_text, is_same

Json = Any


def find_mismatch(results: Sequence[dict[str, Json]], plans: Sequence[Plan]) -> Fault | None:
    """Return what is wrong with the ids of some results and with their order, or None."""
    asked = [plan.id for plan in plans]
    unnamed = [result for result in results if "tool_use_id" not in result]
    if unnamed:
        return Fault("tool-call-id", ", ".join(str(key) for key in unnamed[0]))
    ids = [result["tool_use_id"] for result in results]
    strange = [id for id in ids if id not in asked]
    if strange:
        return Fault("other-id", strange[0])
    missing = [plan for plan in plans if plan.id not in ids]
    if missing:
        return Fault("unanswered", f"{missing[0].name}, {missing[0].id}")
    # The first of them is near the beginning, for all are ids that were asked for.
    doubled = next((id for id in ids if ids.count(id) > 1), None)
    if doubled is not None:
        return Fault("answered-twice", doubled)
    if ids != asked:
        return Fault("reordered", f"{', '.join(ids)} (of {', '.join(asked)})")
    return None


def find_swallowed(
    exam: Exam, results: Sequence[dict[str, Json]], plans: Sequence[Plan]
) -> Fault | None:
    """Return the mistake that the answer to a call that should work tells of, or None.

    Code that catches all exceptions of a call catches those of its own slips too.
    """
    working = [plan.id for plan in plans if not plan.goes_wrong]
    for result in results:
        if result.get("is_error") and result.get("tool_use_id") in working:
            says = content_text(result.get("content"))
            mistake = exam.explanation(says)
            if mistake is not None:
                return Fault(mistake, says)
    return None


def find_misreport(
    result: dict[str, Json], plan: Plan, *, unknown_says: str | None = None
) -> Fault | None:
    """Return what is wrong with what a result says of its call, or None.

    unknown_says: what the same code said of a tool that is not in the registry, if it is known.
    """
    says, mark = content_text(result.get("content")), result.get("is_error")
    if plan.fails:
        if mark is not True:
            return Fault("error-unmarked", result)
        if not says.strip():
            return Fault("error-empty" if not plan.reason else "error-silent", result)
        if plan.reason in says:
            return None
        is_excuse = isinstance(plan.value, KeyError) and says_of(result, plan) == unknown_says
        return Fault("own-key-error" if is_excuse else "error-silent", says)
    if plan.is_unwritable:
        is_told = bool(says.strip()) and (mark is True or str(plan.value["amount"]) in says)
        return None if is_told else Fault("value-lost", result)
    if mark:
        return Fault("success-as-error", result)
    if isinstance(plan.value, str):
        return _find_misquoted(result.get("content"), says, plan.value)
    return _find_miswritten(result.get("content"), says, plan.value)


def says_of(result: dict[str, Json], plan: Plan) -> str:
    """Return what a result says, without the name of its tool."""
    return content_text(result.get("content")).replace(plan.name, "")


def judge_fault(exam: Exam, criterion: str, fault: Fault | None, *, request: Json = None) -> bool:
    """Judge a criterion by a fault, and return whether there is none.

    request: the body in which the fault is seen, if there is one.
    """
    if fault is None:
        return exam.expect(criterion, True, "refused")
    return exam.expect(criterion, False, fault.diagnosis, fault.observed, request=request)


def _find_misquoted(content: Json, says: str, value: str) -> Fault | None:
    if says == value:
        return None
    return Fault("text-quoted" if _from_json(says) == value else "value-lost", content)


def _find_miswritten(content: Json, says: str, value: Json) -> Fault | None:
    if is_same(_from_json(says), value):
        return None
    if not isinstance(content, str) and says == "":
        return Fault("not-text", content)
    return Fault("python-repr" if says in (str(value), repr(value)) else "value-lost", content)


def _from_json(words: str) -> Json:
    """Return the value of a JSON text; of any other text, nothing that a tool returned."""
    with suppress(ValueError, RecursionError):
        return json.loads(words)
    return ...
