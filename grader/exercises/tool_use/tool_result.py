"""What a tool returned, as the block that answers its call."""

from __future__ import annotations

from typing import Any

from grader.exams import Criterion, Exam, SdkObject, exercise
from grader.exercises.loops import (
    answer_objection,
    find_lost_value,
    find_mismatch,
    plan_call,
    sdk_block,
)

Json = Any


@exercise(
    minutes=5,
    criteria=[
        Criterion("type", "the block is a `tool_result` that the API accepts"),
        Criterion("id", "it answers the right call"),
        Criterion("text", "a str is passed on as it is"),
        Criterion("json", "any other value is passed on as JSON"),
        Criterion("error", "failures are marked, and nothing else is"),
    ],
)
def tool_result(exam: Exam) -> None:
    """Answer calls with a text, with other values, and with failures of both kinds."""
    said = f'{exam.words(2)} "{exam.words(1)}"'
    record = {exam.fresh("key"): exam.words(2), "active": exam.pick(True, False), "note": None}
    listed = [exam.number(2, 99), {"plan": exam.words(1)}]
    cases: tuple[tuple[Json, bool], ...] = (
        (said, False),
        (record, False),
        (listed, False),
        (f"no such {exam.words(1)}", True),
        ({"reason": exam.words(2), "retry": False}, True),
        (exam.words(3), False),
    )
    for value, is_error in cases:
        if not _answers(exam, value, is_error=is_error):
            return


def _answers(exam: Exam, value: Json, *, is_error: bool) -> bool:
    """Judge the answer to a new call, and return whether it is a result at all."""
    plan, words = plan_call(exam, value), "text" if isinstance(value, str) else "json"
    options: dict[str, Any] = {"is_error": True} if is_error else {}
    judges = (words, "error", "type")
    called = exam.call(sdk_block(plan.block), value, judges=judges, **options)
    block = called.value.data if isinstance(called.value, SdkObject) else called.value
    if not _is_result(exam, block):
        return False
    exam.judge(find_mismatch([block], [plan]), "id")
    exam.judge(find_lost_value(block.get("content", ""), value), words)
    mark = block.get("is_error")
    wrong = exam.which({"error-unmarked": is_error}, otherwise="always-error")
    exam.expect("error", mark is True if is_error else not mark, wrong, mark)
    # First correct what an earlier criterion has judged.
    mended = {**block, "tool_use_id": plan.id, "content": "Fine."}
    mended.pop("tool_call_id", None)
    fault = answer_objection(exam, [plan], [mended])
    exam.expect("type", fault is None, "refused", fault or "")
    return True


def _is_result(exam: Exam, block: Json) -> bool:
    is_dict = isinstance(block, dict)
    role = block.get("role") if is_dict else None
    wrong = exam.which(
        {
            "role-tool": role == "tool",
            "whole-message": role is not None,
            "not-a-dict": not is_dict,
        },
        otherwise="other-type",
    )
    observed = block.get("type") if wrong == "other-type" else block
    is_result = is_dict and role is None and block.get("type") == "tool_result"
    return exam.expect("type", is_result, wrong, observed)
