"""Every call of a reply, run and answered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grader.exams import (
    CallableHandle,
    Called,
    Case,
    Criterion,
    Exam,
    SdkObject,
    Shapes,
    Slip,
    exercise,
)
from grader.exercises.loops import (
    BESIDE,
    FAILURES_OF_TOOLS,
    INPUTS,
    PLACES,
    RETURNED,
    Block,
    Plan,
    Ran,
    alike,
    answer_objection,
    blocks_beside,
    blocks_of,
    find_mismatch,
    find_misreport,
    find_more_in_result,
    find_swallowed,
    judge_runs,
    judge_unasked,
    make_registry,
    placed,
    plan_call,
    plan_strange_call,
    returned_value,
    says_of,
    sdk_block,
)

Json = Any

_WRONG = {
    "an unknown tool": "unknown-kills",
    "a tool in other capitals": "unknown-kills",
    "a Decimal in a dict": "unwritable-kills",
    "a Decimal": "unwritable-kills",
}
"""What kills code that does not expect a call to go wrong in this way; else it is a failure."""
_MANY = 24
"""More calls than a limit of the code's own would let through."""


@exercise(
    minutes=8,
    criteria=[
        Criterion(
            "answers", "one `tool_result` for each call that works, by id, in order", points=2
        ),
        Criterion("runs", "each call runs once, with its own input; what is given stays as it is"),
        Criterion("content", "what a tool returned goes back: a str as it is, the rest as JSON"),
        Criterion("errors", "a call that fails is answered with `is_error` and what went wrong"),
        Criterion("unknown", "so is a call of a tool that is not in the registry"),
        Criterion("others", "the other calls, and their results, are as if nothing had failed"),
    ],
    shapes=Shapes(
        pairs=[("calls", "beside")],
        calls=["one", "none", "several", "two of one tool", "two alike", "many"],
        beside=BESIDE,
        where=PLACES,
        value=RETURNED,
        input=INPUTS,
        registry=["these tools", "others too"],
        caller=["Claude", "a program of Claude's"],
        wrong=[
            *(
                "an unknown tool",
                "a tool in other capitals",
                *FAILURES_OF_TOOLS,
                "no words",
                "an argument too many",
            ),
            *("a Decimal in a dict", "a Decimal"),
        ],
        between=["two others", "none before", "none behind", "no other", "two that go wrong"],
    ),
)
def execute_all(exam: Exam) -> None:
    """Answer calls of every number and kind, among every kind of block; then calls that fail."""
    (usual, *values) = exam.cases("value")
    first, *others = exam.cases("calls", "beside", "where", "input", "registry", "caller")
    first, *others = (Case(**vars(usual) | vars(case)) for case in (first, *others))
    if _works(exam, first) is None:
        return
    # Each value on its own: beside a reply without calls it would say nothing.
    # Two calls alike come last: whoever runs the first call only would read about those.
    others.sort(key=lambda case: case.calls == "two alike")
    for case in (*others, *(Case(**vars(first) | vars(value)) for value in values)):
        with exam.part():
            _works(exam, case)
    says = None
    for case in exam.cases("wrong", "between"):
        with exam.part():
            told = _goes_wrong(exam, case, unknown_says=says)
            says = told if case.wrong == "an unknown tool" and says is None else says


# -- calls that work -------------------------------------------------------------------------


def _works(exam: Exam, case: Case) -> list[Block] | None:
    """Judge a reply whose calls all work; return its results, or None if they don't match."""
    value = returned_value(exam, case.value)
    one = plan_call(exam, value, given=case.input)
    # Without an input there is nothing to tell two calls of a tool apart by.
    told = value if case.input == "nothing" else exam.words(2)
    other = plan_call(exam, told, name=one.name, given=case.input)
    made: dict[str, list[Plan]] = {
        "one": [one],
        "none": [],
        "several": [one, _plan(exam), _plan(exam)],
        "two of one tool": [one, _plan(exam), other],
        "two alike": [one, alike(exam, one)],
        "many": [_plan(exam) for _ in range(_MANY)] if case.calls == "many" else [],
    }
    plans = made[case.calls]
    calls = [plan.block for plan in plans]
    blocks = placed(calls, blocks_beside(exam, case.beside), case.where)
    is_plain = case.calls == "one" and case.beside == "nothing"
    return _answered(
        exam,
        plans,
        blocks,
        criteria=("answers", "content"),
        judges=("content",) if is_plain and case.value != RETURNED[0] else ("answers", "content"),
        crash="none-expected" if case.calls == "none" else None,
        spare=[_plan(exam)] if case.registry == "others too" else [],
        caller=_program(exam) if case.caller != "Claude" else None,
    )


def _plan(exam: Exam, **options: Any) -> Plan:
    return plan_call(exam, exam.words(2), **options)


# -- calls that fail -------------------------------------------------------------------------


def _goes_wrong(exam: Exam, case: Case, *, unknown_says: str | None) -> str | None:
    """Judge a reply with a call that goes wrong, and return what its answer says, or None.

    unknown_says: what the code said about a tool that is not in the registry.
    """
    bad = _bad_plan(exam, case.wrong)
    one, two = _plan(exam), _plan(exam)
    made: dict[str, list[Plan]] = {
        "two others": [one, bad, two],
        "none before": [bad, one],
        "none behind": [one, bad],
        "no other": [bad],
        "two that go wrong": [bad, one, _bad_plan(exam, case.wrong)],
    }
    plans = made[case.between]
    is_unknown = _WRONG.get(case.wrong) == "unknown-kills"
    criterion = "unknown" if is_unknown else "errors"
    capitals = [_plan(exam, name=bad.name.upper())] if "capitals" in case.wrong else []
    results = _answered(
        exam,
        plans,
        [plan.block for plan in plans],
        criteria=(criterion, "others"),
        judges=(criterion,) if len(plans) == 1 else (criterion, "others"),
        crash=_WRONG.get(case.wrong, "failure-kills"),
        spare=capitals,
        unknown_says=unknown_says,
    )
    return None if results is None else says_of(results[plans.index(bad)], bad)


def _bad_plan(exam: Exam, wrong: str) -> Plan:
    """Return a call that something has to keep from working."""
    if _WRONG.get(wrong) == "unknown-kills":
        return plan_call(exam, None, is_known=False)
    if wrong == "no words":
        return plan_call(exam, TimeoutError())
    if wrong == "an argument too many":
        return plan_strange_call(exam)
    if wrong in FAILURES_OF_TOOLS:
        return plan_call(exam, FAILURES_OF_TOOLS[wrong](exam.fresh("reason")))
    # No zero at its end, which a float would drop.
    amount = Decimal(f"{exam.number(10, 99)}.{exam.number(1, 9)}{exam.number(1, 9)}")
    return plan_call(exam, amount if wrong == "a Decimal" else {"amount": amount})


# -- judging ---------------------------------------------------------------------------------


def _answered(
    exam: Exam,
    plans: Sequence[Plan],
    content: Sequence[Json],
    *,
    criteria: tuple[str, str],
    judges: tuple[str, ...],
    crash: str | None,
    spare: Sequence[Plan] = (),
    caller: Json = None,
    unknown_says: str | None = None,
) -> list[Block] | None:
    """Have calls answered, judge the results, and return them; None if they don't match.

    content: the reply's blocks. criteria: of the first criterion's calls, and of the others.
    spare: what else is in the registry. caller: who called, if not Claude itself.
    unknown_says: see `_goes_wrong`.
    """
    ran: list[Ran] = []
    registry = make_registry(exam, [*plans, *spare], ran)
    blocks = [_called_by(caller, sdk_block(block)) for block in content]
    called = exam.call(blocks, registry, judges=judges, crash=crash)
    if not plans:
        value = list(called.value) if isinstance(called.value, tuple) else called.value
        exam.expect("answers", value == [], "none-expected", value)
        return []
    results = blocks_of(called.value)
    slip = _find_no_results(called) or find_swallowed(exam, results, plans)
    exam.judge(slip, *criteria)
    judge_runs(exam, "runs", plans, ran)
    judge_unasked(exam, "runs", plans, ran)
    if slip is not None:
        return None
    slip = find_mismatch(results, plans)
    # In another order, each call may be answered as it should.
    is_order = slip is not None and slip.mistake == "reordered"
    if not exam.judge(slip, *(criteria[1:] if is_order and criteria[1] == "others" else criteria)):
        return None
    for result, plan in zip(results, plans, strict=True):
        is_bad = criteria[1] == "others" and plan.goes_wrong
        slip = find_misreport(result, plan, unknown_says=unknown_says)
        exam.judge(slip, criteria[0] if is_bad else criteria[1])
    refusal = answer_objection(exam, plans, list(called.value))
    exam.expect(criteria[0], refusal is None, "refused", refusal or "")
    exam.judge(find_more_in_result(results), criteria[0])
    _judge_given(exam, called, content, registry)
    return results


def _program(exam: Exam) -> Json:
    """Return the caller of a call that a program of Claude's made in its container."""
    return {"type": "code_execution_20260120", "tool_id": exam.fresh("srvtoolu")}


def _called_by(caller: Json, block: SdkObject) -> SdkObject:
    if caller is None or block.data["type"] != "tool_use":
        return block
    return SdkObject(block.type, {**block.data, "caller": caller})


def _judge_given(
    exam: Exam, called: Called, content: Sequence[Json], registry: dict[str, CallableHandle]
) -> None:
    """Judge whether blocks and registry are as they were given."""
    after, tools = called.arguments
    is_kept = blocks_of(after) == blocks_of(list(content))
    exam.expect("runs", is_kept, "mutated", blocks_of(after))
    names = list(tools) if isinstance(tools, dict) else tools
    exam.expect("runs", names == list(registry), "mutated", names)


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
