"""The tool calls in a reply."""

from __future__ import annotations

from typing import Any

from grader.exams import Case, Criterion, Exam, SdkObject, Shapes, exercise
from grader.exercises.loops import BESIDE, PLACES, blocks_beside, placed
from grader.plural import counted

Json = Any

_KEYS = ("type", "id", "name", "input")
"""What a call says."""
_PROGRAM = "code_execution_20260120"
"""The caller of a call that a program of Claude's made in its container."""
_MANY = 24
"""More calls than a limit of the code's own would let through."""


@exercise(
    minutes=3,
    criteria=[
        Criterion("one", "the call comes back as the block that it is"),
        Criterion("all", "every call comes back, in order, and no other block"),
        Criterion("none", "an empty list when no tool is asked for"),
    ],
    shapes=Shapes(
        pairs=[
            ("calls", "beside"),
            ("calls", "input"),
            ("calls", "form"),
            ("calls", "stop_reason"),
            ("calls", "caller"),
        ],
        calls=["one", "none", "several", "two of one tool", "two alike", "many"],
        beside=BESIDE,
        where=PLACES,
        input=["an entry", "nothing", "nested"],
        form=["Message", "ParsedMessage"],
        caller=["Claude", "a program of Claude's"],
        name=["a new one", "web_search"],
        stop_reason=["tool_use", "end_turn", "max_tokens", "pause_turn"],
    ),
)
def tool_uses(exam: Exam) -> None:
    """Read replies with one call, with several between other blocks, and with none."""
    first, *others = exam.cases()
    if _judge(exam, first, "one"):
        for case in others:
            with exam.part():
                _judge(exam, case, "none" if case.calls == "none" else "all")


def _judge(exam: Exam, case: Case, criterion: str) -> bool:
    asked = _calls_of(exam, case)
    crash = "none-expected" if criterion == "none" else None
    content = placed(asked, blocks_beside(exam, case.beside), case.where)
    value = _read(exam, content, case, criterion, crash=crash)
    if criterion == "none":
        return exam.expect("none", value == [], "none-expected", value)
    return _is_list_of_blocks(exam, value, criterion) and _judge_calls(
        exam, value, asked, case, criterion
    )


def _calls_of(exam: Exam, case: Case) -> list[Json]:
    """Return the blocks that ask for a tool."""
    name = exam.fresh("get")
    one, two, three = (_call(exam, case, exam.fresh("get")) for _ in range(3))
    match case.calls:
        case "none":
            return []
        case "one":
            return [one]
        case "several":
            return [one, two, three]
        case "two of one tool":
            return [_call(exam, case, name), two, _call(exam, case, name)]
        case "many":
            return [_call(exam, case, exam.fresh("get")) for _ in range(_MANY)]
        case _:
            return [one, {**one, "id": exam.fresh("toolu")}]


def _call(exam: Exam, case: Case, name: str) -> Json:
    key = exam.pick("city", "order", "customer_id")
    inputs: dict[str, Json] = {
        "an entry": {key: exam.fresh("in")},
        "nothing": {},
        "nested": {key: {"type": "tool_use", "name": exam.fresh("in")}, "all": []},
    }
    # A tool of the caller's own may have the name of one of Anthropic's.
    block = {
        "type": "tool_use",
        "id": exam.fresh("toolu"),
        "name": name if case.name == "a new one" else case.name,
        "input": inputs[case.input],
    }
    if case.caller == "Claude":
        return block
    return {**block, "caller": {"type": _PROGRAM, "tool_id": exam.fresh("srvtoolu")}}


def _read(
    exam: Exam, content: list[Json], case: Case, criterion: str, *, crash: str | None
) -> Json:
    message = exam.message(content=content, stop_reason=case.stop_reason, form=case.form)
    called = exam.call(message, judges=(criterion,), crash=crash)
    is_printed = any(block["id"] in called.printed for block in content if "id" in block)
    exam.expect(criterion, called.value is not None or not is_printed, "printed", called.value)
    return called.value


def _is_list_of_blocks(exam: Exam, value: Json, criterion: str) -> bool:
    if not exam.expect(criterion, isinstance(value, list), "not-a-list", value):
        return False
    strangers = [item for item in value if not _is_block(item)]
    observed = strangers[0] if strangers else ""
    if not exam.expect(criterion, not strangers, "not-blocks", observed):
        return False
    types = [str(item.data["type"]) for item in value]
    others = {kind for kind in types if kind != "tool_use"}
    is_served = all(kind == "server_tool_use" or kind.endswith("_tool_result") for kind in others)
    wrong = exam.which({"server-call": is_served}, otherwise="other-blocks")
    return exam.expect(criterion, not others, wrong, ", ".join(types))


def _judge_calls(
    exam: Exam, value: list[Json], asked: list[Json], case: Case, criterion: str
) -> bool:
    calls, asked = _said(value), [{key: call[key] for key in _KEYS} for call in asked]
    changed = [call for call in calls if call not in asked]
    missing = [call for call in asked if call not in calls]
    ids = [call["id"] for call in missing]
    held = f"{counted(len(asked), 'call')}, the stop_reason {case.stop_reason}"
    held += ", the input {}" if case.input == "nothing" else ""
    held += f", the caller {_PROGRAM}" if case.caller != "Claude" else ""
    slip = exam.slip(
        {
            "calls-changed": (bool(changed), changed[0] if changed else ""),
            "none-found": (not calls, held),
            "calls-lost": (bool(missing), f"{len(missing)} of {len(asked)}: {', '.join(ids)}"),
            "calls-doubled": len(calls) > len(asked),
        },
        otherwise="other-order",
        observed=f"{', '.join(_ids(calls))} (of {', '.join(_ids(asked))})",
    )
    return exam.expect(criterion, calls == asked, slip)


def _ids(calls: list[Json]) -> list[str]:
    return [str(call["id"]) for call in calls]


def _is_block(item: Json) -> bool:
    """Return whether an item has the attributes of a block, as the docstring's example asks."""
    return isinstance(item, SdkObject) and isinstance(item.data, dict) and "type" in item.data


def _said(value: list[Json]) -> list[Json]:
    """Return what each call says, without the fields that the SDK adds."""
    return [{key: item.data.get(key) for key in _KEYS} for item in value]
