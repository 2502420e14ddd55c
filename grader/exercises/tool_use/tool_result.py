"""What a tool returned, as the block that answers its call."""

from __future__ import annotations

from typing import Any

from grader.exams import Case, Criterion, Exam, SdkObject, Shapes, Slip, exercise
from grader.exercises.loops import (
    RETURNED,
    answer_objection,
    find_lost_value,
    find_mismatch,
    find_more_in_result,
    plan_call,
    returned_value,
    sdk_block,
)
from grader.exercises.readings import first_change, is_same

Json = Any


@exercise(
    minutes=5,
    criteria=[
        Criterion("type", "the block is a `tool_result` that the API accepts"),
        Criterion("id", "it answers the right call"),
        Criterion("text", "a str is passed on as it is"),
        Criterion("json", "any other value is passed on as JSON, and is as it was"),
        Criterion("error", "failures are marked, and nothing else is"),
    ],
    shapes=Shapes(
        pairs=[("telling", "success")],
        value=RETURNED,
        is_error=["not said", False, True],
        telling=["a dict that speaks of an error", "a text that speaks of an error"],
        success=["not said", False],
    ),
)
def tool_result(exam: Exam) -> None:
    """Answer calls with texts, with every other kind of value, and with failures."""
    first, *others = exam.cases("value", "is_error")
    # What a value says of an error is no news of its call, which the caller knows better.
    others += [
        Case(value=case.telling, is_error=case.success) for case in exam.cases("telling", "success")
    ]
    if _answers(exam, first, judges=("text", "json", "error", "type")):
        for case in others:
            with exam.part():
                _answers(exam, case)


def _answers(exam: Exam, case: Case, *, judges: tuple[str, ...] = ()) -> bool:
    """Judge the answer to a new call, and return whether it is a result at all.

    judges: the criteria of the whole exercise, when nothing else can be judged after this call.
    """
    value, is_error = returned_value(exam, case.value), case.is_error is True
    plan, words = plan_call(exam, value), "text" if isinstance(value, str) else "json"
    options: dict[str, Any] = {} if case.is_error == "not said" else {"is_error": is_error}
    called = exam.call(
        sdk_block(plan.block),
        value,
        judges=judges or ((words, "error") if is_error else (words,)),
        crash=None if judges else Slip("value-stops", repr(value)),
        **options,
    )
    block = called.value.data if isinstance(called.value, SdkObject) else called.value
    if not _is_result(exam, block):
        return False
    exam.judge(find_mismatch([block], [plan]), "id")
    # An error without words is a 400, so code may put some where the tool has none.
    if not (is_error and value == ""):
        exam.judge(find_lost_value(block.get("content", ""), value), words)
    mark = block.get("is_error")
    wrong = exam.which({"error-unmarked": is_error}, otherwise="always-error")
    told = (
        (repr(mark) if "is_error" in block else "missing")
        if is_error
        else f"for {value!r} the block's is_error is {mark!r}"
    )
    exam.expect("error", mark is True if is_error else not mark, wrong, told)
    # First correct what an earlier criterion has judged.
    mended = {**block, "tool_use_id": plan.id, "content": "Fine."}
    mended.pop("tool_call_id", None)
    fault = answer_objection(exam, [plan], [mended])
    exam.expect("type", fault is None, "refused", fault or "")
    exam.judge(find_more_in_result([block]), "type")
    after = called.arguments[1]
    return exam.expect(words, is_same(after, value), "mutated", first_change(value, after))


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
