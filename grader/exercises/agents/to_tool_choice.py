"""OpenAI's choice of tools, in this API's form."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, Slip, exercise
from grader.exercises.loops import definitions, objection, question
from grader.exercises.readings import is_same

Json = Any

_SWITCH = "disable_parallel_tool_use"
_AGAIN = "True again"
_BESIDE_WORDS = ("auto_1", "1_auto", "required_1", "1_required", "none_1", "1_none")
"""Words that have a known one in them."""
_PARTS_OF_WORDS = ("aut", "uto", "require", "quired", "non", "one")
"""Words that stand in a known one."""
_NO_WORDS = ("any", "tool", "Auto", "REQUIRED", "None")
"""Words of this API's own, and others that OpenAI doesn't take."""
_TYPES = {
    "auto": "auto",
    "required": "any",
    "a function": "tool",
    "a flat function": "tool",
    "none": "none",
    "no choice": "auto",
}
"""The type of each choice that has a counterpart, which is also the id of its criterion."""


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
    shapes=Shapes(
        pairs=[("choice", "parallel")],
        choice=[*_TYPES],
        other=[
            "a new word",
            *_BESIDE_WORDS,
            *_PARTS_OF_WORDS,
            *_NO_WORDS,
            "a custom tool",
            "a flat custom tool",
            "allowed tools",
            "flat allowed tools",
            "a tool of OpenAI's own",
            "a type that begins with function",
            "a type that ends with function",
        ],
        parallel=[True, False, _AGAIN],
        name=["a new one", "with capitals", "auto", "none"],
    ),
)
def to_tool_choice(exam: Exam) -> None:
    """Convert every choice with and without parallel calls, and refuse what has no counterpart."""
    right: set[str] = set()
    known = exam.cases("choice", "parallel", "name")
    # What comes again comes last: a dict that the code keeps may have changed by then.
    for case in sorted(known, key=lambda case: case.parallel == _AGAIN):
        with exam.part():
            if _converts(exam, case, was_right=case.choice in right):
                right.add(case.choice)
    for case in exam.cases("other", "parallel", "name"):
        with exam.part():
            _refuses(exam, case)


def _given(exam: Exam, case: Case, choice: str) -> Json:
    """Return a choice as one of OpenAI's APIs takes it; Responses has the flat forms."""
    new = {"a new one": exam.fresh("get"), "with capitals": f"getWeather-{exam.fresh('V')}"}
    name = new.get(case.name, case.name)
    function = {"type": "function", "function": {"name": name}}
    made: dict[str, Json] = {
        "a function": function,
        "a flat function": {"type": "function", "name": name},
        "no choice": None,
        "a new word": exam.fresh("word"),
        "a custom tool": {"type": "custom", "custom": {"name": name}},
        "a flat custom tool": {"type": "custom", "name": name},
        "allowed tools": {
            "type": "allowed_tools",
            "allowed_tools": {"mode": "auto", "tools": [function]},
        },
        "flat allowed tools": {
            "type": "allowed_tools",
            "mode": "auto",
            "tools": [{"type": "function", "name": name}],
        },
        "a tool of OpenAI's own": {"type": "file_search"},
        "a type that begins with function": {"type": exam.fresh("function"), "name": name},
        "a type that ends with function": {"type": f"{exam.fresh('a')}_function", "name": name},
    }
    return made.get(choice, choice)


def _converts(exam: Exam, case: Case, *, was_right: bool) -> bool:
    """Judge the conversion of one choice, and return whether all of it is right.

    was_right: whether the same choice was right before.
    """
    given, criterion = _given(exam, case, case.choice), _TYPES[case.choice]
    is_flat = case.choice == "a flat function"
    choice = {"type": criterion}
    if criterion == "tool":
        choice["name"] = (given if is_flat else given["function"])["name"]
    parallel, is_none = case.parallel is not False, criterion == "none"
    crash: Any = "none-is-auto" if given is None else None
    if criterion == "tool":
        key, mistake = ("function", "nested-expected") if is_flat else ("name", "top-expected")
        crash = {f"^KeyError: '{key}'": Slip(mistake, given)}
    called = exam.call(copy.deepcopy(given), parallel, judges=(criterion,), crash=crash)
    value = called.value
    if not isinstance(value, dict):
        wrong = exam.which(
            {
                "printed": value is None and called.printed != "",
                "none-is-auto": given is None,
                "none-lost": is_none and value is None,
                "string-kept": isinstance(value, str),
            },
            otherwise="not-a-dict",
        )
        return exam.expect(criterion, False, wrong, value)
    bare = {key: item for key, item in value.items() if key != _SWITCH}
    kind = bare.get("type")
    tools = definitions(exam, [choice.get("name", exam.fresh("get")), exam.fresh("set")])
    refusal = objection(exam, question(exam), tools=tools, tool_choice=value)
    went = f"{given} → {value}"
    is_named = kind == "tool" and criterion == "tool" and isinstance(bare.get("name"), str)
    slip = exam.slip(
        {
            "required-kept": kind == "required",
            "function-type-kept": kind == "function",
            "none-is-auto": given is None,
            "other-choice": kind != choice["type"],
            "other-name": (is_named and bare["name"] != choice["name"], went),
            "name-misplaced": (kind == "tool" and bare.get("name") != choice["name"], value),
        },
        otherwise="refused",
        observed=value,
    )
    if slip.mistake in ("refused", "other-choice"):
        slip = Slip(slip.mistake, refusal if slip.mistake == "refused" else went)
    is_right = exam.expect(criterion, is_same(bare, choice), slip)
    is_switched = True
    if is_right and is_none:
        # `none` judges the switch here; `parallel` judges the API's answer below.
        is_switched = exam.expect("none", _SWITCH not in value, "parallel-on-none", value)
    if not is_none:
        is_switched = _switches(exam, value.get(_SWITCH), value, parallel, was_right=was_right)
    if is_right:
        wrong = exam.which({"parallel-on-none": is_none}, otherwise="refused")
        exam.expect("parallel", refusal is None, wrong, value if is_none else refusal or "")
    after = called.arguments[0]
    exam.expect(criterion, is_same(after, given), "mutated", after)
    return is_right and is_switched


def _switches(exam: Exam, mine: Json, value: Json, parallel: bool, *, was_right: bool) -> bool:  # noqa: FBT001
    """Judge the switch of a choice that takes one; mine: what it is set to."""
    is_right = not mine if parallel else mine is True
    wrong = exam.which(
        {
            "switch-as-text": isinstance(mine, str),
            "left-over": parallel and was_right,
            "parallel-inverted": mine is parallel,
        },
        otherwise="parallel-lost",
    )
    went = f"parallel={parallel} → {_SWITCH}: {mine!r}"
    return exam.expect("parallel", is_right, wrong, value if wrong == "parallel-lost" else went)


def _refuses(exam: Exam, case: Case) -> None:
    """Judge what happens to a choice that has no counterpart."""
    given = _given(exam, case, case.other)
    called = exam.call(
        copy.deepcopy(given),
        case.parallel is not False,
        judges=("unknown",),
        may_raise=("Exception",),
    )
    is_passed = called.raised is None
    wrong = exam.which({"unknown-passed": is_passed}, otherwise="unknown-other-error")
    observed = f"{given} → {called.value if is_passed else called.raised}"
    exam.expect("unknown", "ValueError" in called.raised_kinds, wrong, observed)
    after = called.arguments[0]
    exam.expect("unknown", is_same(after, given), "mutated", after)
