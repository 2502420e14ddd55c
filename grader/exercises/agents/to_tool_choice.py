"""OpenAI's choice of tools, in this API's form."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Exam, Slip, exercise
from grader.exercises.loops import definitions, objection, question
from grader.exercises.readings import is_same

Json = Any

_SWITCH = "disable_parallel_tool_use"


@exercise(
    minutes=5,
    criteria=[
        Criterion("auto", "`auto`, and no choice at all, leave it to Claude"),
        Criterion("any", "`required` is `any`: some tool must be used"),
        Criterion("tool", "a named function is `tool`, with its name"),
        Criterion("none", "`none` allows no tool, and says nothing of parallel calls"),
        Criterion("parallel", "without parallel calls the other three say so, and only then"),
        Criterion("unknown", "what has no counterpart raises a `ValueError`"),
    ],
)
def to_tool_choice(exam: Exam) -> None:
    """Convert every choice with and without parallel calls, and one that has no counterpart."""
    name = exam.fresh("get")
    named = {"type": "function", "function": {"name": name}}
    tool = {"type": "tool", "name": name}
    cases: tuple[tuple[str, Json, dict[str, Json]], ...] = (
        ("auto", "auto", {"type": "auto"}),
        ("any", "required", {"type": "any"}),
        ("tool", named, tool),
        ("none", "none", {"type": "none"}),
        ("auto", None, {"type": "auto"}),
    )
    # This order keeps us from taking a switch that says the opposite for a missing one.
    for parallel in (True, False):
        for criterion, given, choice in cases:
            _converts(exam, criterion, given, choice, parallel=parallel)
    _refuses(exam, name)


def _converts(
    exam: Exam, criterion: str, given: Json, choice: dict[str, Json], *, parallel: bool
) -> None:
    crash = "none-is-auto" if given is None else None
    called = exam.call(copy.deepcopy(given), parallel, judges=(criterion, "parallel"), crash=crash)
    value = called.value
    if not isinstance(value, dict):
        wrong = exam.which(
            {
                "printed": value is None and called.printed != "",
                "none-is-auto": given is None,
                "string-kept": isinstance(value, str),
            },
            otherwise="not-a-dict",
        )
        exam.judge(Slip(wrong, value), criterion, "parallel")
        return
    bare = {key: item for key, item in value.items() if key != _SWITCH}
    kind, is_none = bare.get("type"), choice["type"] == "none"
    tools = definitions(exam, [choice.get("name", exam.fresh("get")), exam.fresh("set")])
    refusal = objection(exam, question(exam), tools=tools, tool_choice=value)
    slip = exam.slip(
        {
            "required-kept": kind == "required",
            "function-type-kept": kind == "function",
            "none-is-auto": given is None,
            "other-choice": (kind != choice["type"], f"{given} → {value}"),
            "name-misplaced": kind == "tool" and bare.get("name") != choice["name"],
        },
        otherwise="refused",
        observed=value,
    )
    if slip.mistake == "refused":
        slip = Slip("refused", refusal)
    is_right = exam.expect(criterion, is_same(bare, choice), slip)
    if is_right and is_none:
        # `none` judges the switch here; `parallel` judges the API's answer below.
        exam.expect("none", _SWITCH not in value, "parallel-on-none", value)
    _switches(exam, value.get(_SWITCH), value, parallel=parallel, is_none=is_none)
    if is_right:
        wrong = exam.which({"parallel-on-none": is_none}, otherwise="refused")
        exam.expect("parallel", refusal is None, wrong, value if is_none else refusal or "")
    after = called.arguments[0]
    exam.expect(criterion, is_same(after, given), "mutated", after)


def _switches(exam: Exam, mine: Json, value: Json, *, parallel: bool, is_none: bool) -> None:
    """Judge the switch of a choice that takes one; mine: what it is set to."""
    if is_none:
        return
    is_right = not mine if parallel else mine is True
    wrong = exam.which({"parallel-inverted": mine is parallel}, otherwise="parallel-lost")
    is_inverted = wrong == "parallel-inverted"
    observed = f"parallel={parallel} → {_SWITCH}: {mine}" if is_inverted else value
    exam.expect("parallel", is_right, wrong, observed)


def _refuses(exam: Exam, name: str) -> None:
    """Judge what happens to an OpenAI choice without a counterpart, and to a new word."""
    allowed = {"mode": "auto", "tools": [{"type": "function", "function": {"name": name}}]}
    for given in ({"type": "allowed_tools", "allowed_tools": allowed}, exam.fresh("word")):
        called = exam.call(given, True, judges=("unknown",), may_raise=("Exception",))
        is_passed = called.raised is None
        wrong = exam.which({"unknown-passed": is_passed}, otherwise="unknown-other-error")
        observed = called.value if is_passed else called.raised
        exam.expect("unknown", "ValueError" in called.raised_kinds, wrong, observed)
