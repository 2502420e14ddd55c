"""A tool's definition, from one API to the other."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.tool_use.lesson import NAME, TOOLS

Json = Any


@exercise(
    lesson=NAME,
    minutes=4,
    criteria=[
        Criterion("flat", "the name stands at the top, without the `function` around it"),
        Criterion("schema", "`parameters` is now `input_schema`, and unchanged"),
        Criterion("optional", "`description` and `strict` come along when they are there"),
        Criterion("accepted", "the API accepts the tool, and the caller's own dict is as it was"),
    ],
    mistakes=[
        Diagnosis(
            "not-a-dict",
            title="The function should return one tool, as a dict.",
            saw="It returned `{observed}`.",
            why="The caller puts each tool into the list `tools` of a request.",
            next="Build a dict and return it.",
            where=TOOLS,
        ),
        Diagnosis(
            "wrapper-kept",
            title="The tool is still wrapped the OpenAI way.",
            saw="It came back as `{observed}`.",
            why="The API reads `type` as the kind of a tool; it has no kind `function`: 400.",
            next="Take what is inside `function`, and leave the wrapper behind.",
            where=TOOLS,
            hints=(
                "How many levels has each of the two definitions?",
                "Compare the two columns under “Describe the tool”.",
                '`function = openai_tool["function"]`, and build the tool from its parts.',
            ),
        ),
        Diagnosis(
            "parameters-kept",
            title="The schema still goes by its OpenAI name.",
            saw="The tool has the keys `{observed}`.",
            why="The API looks for `input_schema`, and answers 400 where it is missing.",
            next="Rename `parameters` to `input_schema`.",
            where=TOOLS,
            hints=(
                "What does the schema describe: parameters of a function, or a call's input?",
                "Compare the keys of the two columns under “Describe the tool”.",
                '`"input_schema": function["parameters"]`',
            ),
        ),
        Diagnosis(
            "no-parameters",
            title="A function without parameters has no `parameters` at OpenAI.",
            saw="For such a tool it came to this: `{observed}`",
            why="OpenAI lets you leave them out; here a schema of type `object` is required.",
            next="Where there are none, use a schema for an object without properties.",
            where=TOOLS,
            hints=(
                "What does a tool take that only tells the time?",
                "The table under “Describe the tool” has a row for a tool without parameters.",
                '`function.get("parameters", {"type": "object", "properties": {}})`',
            ),
            crash=r"^KeyError: 'parameters'",
        ),
        Diagnosis(
            "optional-expected",
            title="Your code expects a key that this tool does not have.",
            saw="Python says: `{observed}`",
            why="OpenAI requires only the name of a function; the rest may be absent.",
            next="Copy `description` and `strict` only when they are there.",
            where=TOOLS,
            crash=r"^KeyError: '(description|strict)'",
        ),
        Diagnosis(
            "name-lost",
            title="The tool has lost its name.",
            saw="Its `name` is `{observed}`.",
            why="Claude asks for a tool by its name, and your code finds the function by it.",
            next="Copy `name` from inside `function` to the top of the new dict.",
            where=TOOLS,
        ),
        Diagnosis(
            "schema-changed",
            title="The schema is not the one that the tool had.",
            saw="`input_schema` is `{observed}`.",
            why="Both APIs read JSON Schema: what the caller wrote is right as it is.",
            next="Pass the value of `parameters` on, whole and as a dict.",
            where=TOOLS,
        ),
        Diagnosis(
            "description-lost",
            title="The description is not the tool's own.",
            saw="It is `{observed}`.",
            why="Claude chooses a tool by its description; without one it has to guess.",
            next="Copy `description` from inside `function`, when it is there.",
            where=TOOLS,
        ),
        Diagnosis(
            "strict-lost",
            title="`strict` is not what the tool said.",
            saw="It is `{observed}`.",
            why="With `strict` the input always fits the schema; your function may rely on that.",
            next="Copy `strict` from inside `function`, when it is there.",
            where=TOOLS,
        ),
        Diagnosis(
            "made-up",
            title="The tool says something that its definition did not say.",
            saw="It has `{observed}`.",
            why="What the caller left out stays out; a `None` in its place is a 400.",
            next="Add `description` and `strict` only when the function has them.",
            where=TOOLS,
        ),
        Diagnosis(
            "refused",
            title="The API refuses the tool.",
            saw="It answers: `{observed}`",
            why="A tool has `name`, `description`, `input_schema`, `strict`: unknown keys are 400.",
            next="Read the path before the colon: it names the part to mend.",
            where=TOOLS,
        ),
        Diagnosis(
            "mutated",
            title="Your function changed the caller's tool.",
            saw="After the call it was `{observed}`.",
            why="The OpenAI half of a program may still need it during a migration.",
            next="Build a new dict; leave `pop` and `del` away from the argument.",
            where=TOOLS,
        ),
    ],
    hints=(
        "The two definitions say the same three or four things. Which, and where?",
        "“Describe the tool” has one tool in both shapes, and a table of their keys.",
        'Begin with `{"name": …, "input_schema": …}`, then add what is there.',
    ),
)
def to_anthropic_tool(exam: Exam) -> None:
    """Convert a full tool, a strict one, one without parameters, and one with a name only."""
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
            # An empty description and a `strict` that is false say what absent ones say.
            says_nothing = key not in tool or mine is False or mine == ""
            exam.expect("optional", says_nothing, "made-up", f"{key}: {mine!r}")
    fault = exam.send(
        {
            "model": "claude-sonnet-4-6",
            "max_tokens": 100,
            "tools": [tool],
            "messages": [{"role": "user", "content": "Hello"}],
        }
    )
    exam.expect("accepted", fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect("accepted", is_same(after, given), "mutated", after)
    return True


def _keeps_schema(exam: Exam, tool: dict[str, Json], function: dict[str, Json]) -> None:
    mine: Json = tool.get("input_schema")
    if "parameters" not in function:
        # Other words for an object without properties are as good.
        is_object = isinstance(mine, dict) and mine.get("type") == "object"
        is_empty = is_object and not mine.get("properties") and not mine.get("required")
        exam.expect("schema", is_empty, "no-parameters", mine)
        return
    wrong = exam.which({"parameters-kept": "parameters" in tool}, otherwise="schema-changed")
    observed = ", ".join(str(key) for key in tool) if wrong == "parameters-kept" else mine
    exam.expect("schema", is_same(mine, function["parameters"]), wrong, observed)
