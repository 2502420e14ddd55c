"""A tool's definition, from one API to the other."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, Slip, exercise
from grader.exercises.loops import objection, question
from grader.exercises.readings import compared, first_change, is_same

Json = Any

_FLAT = {r"^KeyError: '(name|description|parameters)'": "flat-expected"}
"""What a KeyError means for a tool that has these parts, inside `function`."""
_NESTED = {r"^KeyError: 'function'": "nested-expected"}
"""What it means for a tool of the Responses API, which has no such wrapper."""
_KEYS = ("type", "name", "description", "input_schema", "strict")
_PARTS = {
    "parameters": "no-parameters",
    "description": "optional-expected",
    "strict": "optional-expected",
}
"""Which mistake it is to expect a part that is not there."""


@exercise(
    minutes=4,
    criteria=[
        Criterion("flat", "the name is at the top, and no `function` is left of either form"),
        Criterion("schema", "`parameters` is now `input_schema`, and unchanged"),
        Criterion("optional", "`description` and `strict` come along when they are there"),
        Criterion("accepted", "the API accepts the tool, and the caller's own dict is as it was"),
    ],
    shapes=Shapes(
        pairs=[
            ("form", "parameters"),
            ("form", "description"),
            ("form", "strict"),
            ("parameters", "description"),
            ("description", "strict"),
            ("strict", "parameters"),
        ],
        form=["Chat Completions", "Responses"],
        parameters=[
            "two",
            "none",
            None,
            "no properties",
            "nested",
            "words of its own",
            "referring",
            "open",
            "an object and no more",
        ],
        description=["there", "not there", None, "empty", "long", "spaces at the edges"],
        strict=["not there", None, True, False],
        name=["in snake case", "with capitals and a dash", "long"],
        order=["type first", "type last"],
    ),
)
def to_anthropic_tool(exam: Exam) -> None:
    """Convert a full tool, and tools of both forms without one part or the other."""
    first, *others = exam.cases()
    if _converts(exam, first, crash=_FLAT):
        for case in others:
            with exam.part():
                _converts(exam, case)


def _function(exam: Exam, case: Case) -> dict[str, Json]:
    names = {
        "in snake case": exam.fresh("get"),
        "with capitals and a dash": exam.fresh("Get-The").replace("_", "-"),
        "long": exam.fresh("get_" + "the_" * 10),
    }
    function: dict[str, Json] = {"name": names[case.name]}
    described = {
        "there": f"Look up the {exam.words(2)}.",
        None: None,
        "empty": "",
        "long": f"Look up “{exam.words(20)}”:\n" + " ".join(exam.words(20) for _ in range(20)),
        "spaces at the edges": f"  Look up the {exam.words(2)}.\n",
    }
    if case.description != "not there":
        function["description"] = described[case.description]
    if case.parameters != "none":
        is_null = case.parameters is None
        function["parameters"] = None if is_null else _schema(exam, case.parameters)
    if case.strict != "not there":
        function["strict"] = case.strict
    return function


def _schema(exam: Exam, kind: str) -> Json:
    """Return an object's schema, closed as a strict tool needs it, or open."""
    closed: Json = {"type": "object", "additionalProperties": False}
    # No list is in the order of its letters, so that sorting one shows.
    first, second = exam.fresh("z"), exam.fresh("a")
    word: Json = {"type": "string", "description": f"{exam.words(3)}\n"}
    one_of: Json = {"type": "string", "enum": ["Zu", exam.fresh("b"), ""]}
    match kind:
        case "no properties":
            return {**closed, "properties": {}}
        case "an object and no more":
            return {"type": "object"}
        case "nested":
            inner = {**closed, "properties": {first: word}, "required": [first]}
            properties: Json = {first: inner, second: {"type": "array", "items": inner}}
        case "words of its own":
            # A schema may name its properties as a definition names its parts.
            properties = {"parameters": word, "function": one_of, "name": word, "strict": word}
        case "referring":
            properties = {first: {"$ref": "#/$defs/word"}, second: {"$ref": "#/$defs/word"}}
            closed["$defs"] = {"word": word}
        case "open":
            # What a strict tool would need is missing here, and nobody asked for it.
            return {"type": "object", "properties": {first: word, second: one_of}}
        case _:
            properties = {first: word, second: one_of}
    return {**closed, "properties": properties, "required": list(properties)}


def _given(case: Case, function: dict[str, Json]) -> dict[str, Json]:
    """Return a tool as one of OpenAI's APIs takes it."""
    kind = {"type": "function"}
    rest = {"function": function} if case.form == "Chat Completions" else function
    return {**kind, **rest} if case.order == "type first" else {**rest, **kind}


def _converts(exam: Exam, case: Case, *, crash: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Judge the conversion of one tool, and return whether its shape is right at all.

    crash: which exceptions show that the tool was read without its wrapper.
    """
    function = _function(exam, case)
    given = _given(case, function)
    absent = [key for key in _PARTS if key not in function]
    slips = {f"^KeyError: '{key}'": Slip(_PARTS[key], given) for key in absent}
    if case.form == "Responses":
        slips |= {pattern: Slip(mistake, given) for pattern, mistake in _NESTED.items()}
    judges = ("schema", "optional", "accepted")
    called = exam.call(copy.deepcopy(given), judges=judges, crash={**crash, **slips})
    tool = called.value
    if not isinstance(tool, dict):
        return exam.expect("flat", False, "not-a-dict", tool)
    is_wrapped = "function" in tool or tool.get("type") == "function"
    if not exam.expect("flat", not is_wrapped, "wrapper-kept", tool):
        return False
    name = tool.get("name")
    is_other = isinstance(name, str) and name != ""
    slip = Slip("name-changed", compared(name, function["name"])) if is_other else None
    is_kept = is_same(name, function["name"])
    exam.expect("flat", is_kept, slip or Slip("name-lost", name))
    _keeps_schema(exam, tool, function)
    for key in ("description", "strict"):
        mine = tool.get(key)
        if function.get(key) is not None:
            # Without the key, an empty description and a `strict` of false say the same.
            is_kept = is_same(mine, function[key]) or (not function[key] and key not in tool)
            exam.expect("optional", is_kept, f"{key}-lost", first_change(function[key], mine))
        else:
            wrong = exam.which({"null-kept": key in function and mine is None}, otherwise="made-up")
            exam.expect("optional", key not in tool, wrong, f"{key}: {mine!r}")
    more = [f"{key}: {tool[key]!r}" for key in tool if key not in _KEYS and key not in function]
    fault = objection(exam, question(exam), tools=[tool])
    exam.expect("optional", not more or fault is not None, "made-up", ", ".join(more))
    # A strict tool needs a closed schema, of which the caller said nothing here.
    is_open = "additionalProperties" not in (function.get("parameters") or {})
    if not (function.get("strict") and is_open):
        exam.expect("accepted", fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect("accepted", is_same(after, given), "mutated", first_change(given, after))
    return True


def _keeps_schema(exam: Exam, tool: dict[str, Json], function: dict[str, Json]) -> None:
    mine: Json = tool.get("input_schema")
    if function.get("parameters") is None:
        # Other ways to write an object without properties are as good.
        is_object = isinstance(mine, dict) and mine.get("type") == "object"
        is_empty = is_object and not mine.get("properties") and not mine.get("required")
        exam.expect("schema", is_empty, "no-parameters", mine)
        return
    given = function["parameters"]
    wrong = exam.which({"old-schema-name": "parameters" in tool}, otherwise="schema-changed")
    observed = first_change(given, mine)
    if wrong == "old-schema-name":
        observed = ", ".join(str(key) for key in tool)
    exam.expect("schema", is_same(mine, given), wrong, observed)
