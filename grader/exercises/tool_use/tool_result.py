"""What a tool returned, as the block that answers its call."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Criterion, Exam, SdkObject, exercise
from grader.exercises.readings import content_text, is_same

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
    id = exam.fresh("toolu")
    call = {"type": "tool_use", "id": id, "name": exam.fresh("get"), "input": {"a": exam.words(1)}}
    words = "text" if isinstance(value, str) else "json"
    options: dict[str, Any] = {"is_error": True} if is_error else {}
    called = exam.call(
        SdkObject("ToolUseBlock", call), value, judges=(words, "error", "type"), **options
    )
    block = called.value.data if isinstance(called.value, SdkObject) else called.value
    if not _is_result(exam, block):
        return False
    keys = ", ".join(str(key) for key in block)
    has_id = "tool_use_id" in block
    wrong = exam.which({"tool-call-id": not has_id}, otherwise="other-id")
    observed = block["tool_use_id"] if has_id else keys
    exam.expect("id", block.get("tool_use_id") == id, wrong, observed)
    _passes_on(exam, block, value, words)
    mark = block.get("is_error")
    wrong = exam.which({"error-unmarked": is_error}, otherwise="always-error")
    exam.expect("error", mark is True if is_error else not mark, wrong, mark)
    _accepts(exam, call, block)
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


def _passes_on(exam: Exam, block: dict[str, Json], value: Json, criterion: str) -> None:
    content = block.get("content", "")
    mine = content_text(content)
    if isinstance(value, str):
        is_right = mine == value
        wrong = exam.which(
            {
                "not-text": not isinstance(content, str | list | tuple),
                "text-quoted": _from_json(mine) == value,
            },
            otherwise="content-lost",
        )
    else:
        is_right = is_same(_from_json(mine), value)
        wrong = exam.which(
            {
                "not-text": not isinstance(content, str) and mine == "",
                "python-repr": mine in (str(value), repr(value)),
            },
            otherwise="content-lost",
        )
    exam.expect(criterion, is_right, wrong, content)


def _from_json(words: str) -> Json:
    """Return the value of a JSON text; of any other text, nothing that a tool returned."""
    with suppress(ValueError, RecursionError):
        return json.loads(words)
    return ...


def _accepts(exam: Exam, call: Json, block: Json) -> None:
    """Send the block as the answer to its call; what was judged before is made right first."""
    mended = {**block, "tool_use_id": call["id"], "content": "Fine."}
    mended.pop("tool_call_id", None)
    request = {
        "model": DEFAULT_MODEL,
        "max_tokens": 100,
        "tools": [{"name": call["name"], "input_schema": {"type": "object"}}],
        "messages": [
            {"role": "user", "content": "Look it up."},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [mended]},
        ],
    }
    fault = exam.send(request)
    exam.expect("type", fault is None, "refused", fault or "")
