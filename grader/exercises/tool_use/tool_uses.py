"""The tool calls in a reply."""

from __future__ import annotations

from typing import Any

from grader.exams import Criterion, Exam, SdkObject, exercise

Json = Any


@exercise(
    minutes=3,
    criteria=[
        Criterion("one", "the call comes back as the block that it is"),
        Criterion("all", "every call comes back, in order, and no other block"),
        Criterion("none", "an empty list when no tool is asked for"),
    ],
)
def tool_uses(exam: Exam) -> None:
    """Read replies with one call, with several between other blocks, and with none."""
    words: Json = {"type": "text", "text": exam.words(4)}
    thought: Json = {"type": "thinking", "thinking": "", "signature": exam.fresh("sig")}
    first, second, third, fourth = (_call(exam) for _ in range(4))

    value = _read(exam, [first], "one")
    is_right = _is_list_of_blocks(exam, value, "one") and _judge_calls(exam, value, [first], "one")
    if not is_right:
        return
    asked = [second, third, fourth]
    value = _read(exam, [thought, words, *asked], "all")
    if _is_list_of_blocks(exam, value, "all"):
        _judge_calls(exam, value, asked, "all")
    for content in ([thought, words], []):
        value = _read(exam, content, "none", crash="none-expected")
        exam.expect("none", value == [], "none-expected", value)


def _call(exam: Exam) -> Json:
    key = exam.pick("city", "order", "customer_id")
    name, id = exam.fresh("get"), exam.fresh("toolu")
    return {"type": "tool_use", "id": id, "name": name, "input": {key: exam.fresh("in")}}


def _read(exam: Exam, content: list[Json], criterion: str, *, crash: str | None = None) -> Json:
    stop_reason = "tool_use" if criterion != "none" else exam.pick("end_turn", "max_tokens")
    message = exam.message(content=content, stop_reason=stop_reason)
    called = exam.call(message, judges=(criterion,), crash=crash)
    is_printed = any(block["id"] in called.printed for block in content if "id" in block)
    exam.expect(criterion, called.value is not None or not is_printed, "printed", called.value)
    return list(called.value) if isinstance(called.value, tuple) else called.value


def _is_list_of_blocks(exam: Exam, value: Json, criterion: str) -> bool:
    if not exam.expect(criterion, isinstance(value, list), "not-a-list", value):
        return False
    blocks = [_data(item) for item in value]
    strangers = [item for item, block in zip(value, blocks, strict=True) if block is None]
    observed = strangers[0] if strangers else ""
    if not exam.expect(criterion, not strangers, "not-blocks", observed):
        return False
    types = [block["type"] for block in blocks if block is not None]
    only_calls = all(kind == "tool_use" for kind in types)
    listed = ", ".join(str(kind) for kind in types)
    return exam.expect(criterion, only_calls, "other-blocks", listed)


def _judge_calls(exam: Exam, value: list[Json], asked: list[Json], criterion: str) -> bool:
    calls = _calls(value)
    changed = [call for call in calls if call not in asked]
    wrong = exam.which(
        {"calls-changed": bool(changed), "calls-lost": len(calls) < len(asked)},
        otherwise="other-order",
    )
    names = ", ".join(str(call["name"]) for call in calls) or "none"
    return exam.expect(criterion, calls == asked, wrong, changed[0] if changed else names)


def _data(item: Json) -> dict[str, Json] | None:
    """Return a block as a dict, or None if it isn't a block."""
    data = item.data if isinstance(item, SdkObject) else item
    return data if isinstance(data, dict) and "type" in data else None


def _calls(value: list[Json]) -> list[Json]:
    """Return what a call says, without the fields that the SDK adds."""
    blocks = [_data(item) or {} for item in value]
    return [{key: block.get(key) for key in ("type", "id", "name", "input")} for block in blocks]
