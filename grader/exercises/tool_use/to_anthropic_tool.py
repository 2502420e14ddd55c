"""A tool's definition, from one API to the other."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Exam, exercise
from grader.exercises.loops import objection, question
from grader.exercises.readings import is_same

Json = Any


@exercise(
    minutes=4,
    criteria=[
        Criterion("flat", "the name stands at the top, without the `function` around it"),
        Criterion("schema", "`parameters` is now `input_schema`, and unchanged"),
        Criterion("optional", "`description` and `strict` come along when they are there"),
        Criterion("accepted", "the API accepts the tool, and the caller's own dict is as it was"),
    ],
)
def to_anthropic_tool(exam: Exam) -> None:
    """Convert a full tool, a strict one, one without parameters, and one with only a name."""
    schema = _schema(exam)
    description = f"Look up the {exam.words(2)}."
    full = {"name": exam.fresh("get"), "description": description, "parameters": schema}
    strict = {"name": exam.fresh("set"), "parameters": _schema(exam), "strict": True}
    bare: Json = {"name": exam.fresh("list"), "description": exam.words(4)}
    smallest: Json = {"name": exam.fresh("now")}
    for function in (full, strict, bare, smallest):
        if not _converts(exam, function):
            return


def _schema(exam: Exam) -> Json:
    first, second = exam.fresh("key"), exam.fresh("key")
    properties = {
        first: {"type": "string", "description": exam.words(3)},
        second: {"type": "string", "enum": exam.words(3).split()},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [first, second],
        "additionalProperties": False,
    }


def _converts(exam: Exam, function: dict[str, Json]) -> bool:
    """Judge the conversion of one tool, and return whether its shape is right at all."""
    given = {"type": "function", "function": function}
    called = exam.call(copy.deepcopy(given), judges=("schema", "optional", "accepted"))
    tool = called.value
    if not isinstance(tool, dict):
        return exam.expect("flat", False, "not-a-dict", tool)
    is_wrapped = "function" in tool or tool.get("type") == "function"
    if not exam.expect("flat", not is_wrapped, "wrapper-kept", tool):
        return False
    exam.expect("flat", is_same(tool.get("name"), function["name"]), "name-lost", tool.get("name"))
    _keeps_schema(exam, tool, function)
    for key in ("description", "strict"):
        mine = tool.get(key)
        if key in function:
            exam.expect("optional", is_same(mine, function[key]), f"{key}-lost", mine)
        else:
            # An empty description or a `strict` of false means the same as an absent one.
            says_nothing = key not in tool or mine is False or mine == ""
            exam.expect("optional", says_nothing, "made-up", f"{key}: {mine!r}")
    fault = objection(exam, question(exam), tools=[tool])
    exam.expect("accepted", fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect("accepted", is_same(after, given), "mutated", after)
    return True


def _keeps_schema(exam: Exam, tool: dict[str, Json], function: dict[str, Json]) -> None:
    mine: Json = tool.get("input_schema")
    if "parameters" not in function:
        # Other ways to write an object without properties are as good.
        is_object = isinstance(mine, dict) and mine.get("type") == "object"
        is_empty = is_object and not mine.get("properties") and not mine.get("required")
        exam.expect("schema", is_empty, "no-parameters", mine)
        return
    wrong = exam.which({"old-schema-name": "parameters" in tool}, otherwise="schema-changed")
    observed = ", ".join(str(key) for key in tool) if wrong == "old-schema-name" else mine
    exam.expect("schema", is_same(mine, function["parameters"]), wrong, observed)
