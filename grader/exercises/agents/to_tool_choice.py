"""OpenAI's choice of tools, in this API's form."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, exercise
from grader.exercises.agents.calls import definitions
from grader.exercises.agents.lesson import CHOICE, NAME
from grader.exercises.readings import is_same
from grader.exercises.shared_mistakes import printed

Json = Any

_SWITCH = "disable_parallel_tool_use"


@exercise(
    lesson=NAME,
    minutes=5,
    criteria=[
        Criterion("auto", "`auto`, and no choice at all, leave it to Claude"),
        Criterion("any", "`required` is `any`: some tool must be used"),
        Criterion("tool", "a named function is `tool`, with its name"),
        Criterion("none", "`none` allows no tool, and says nothing of parallel calls"),
        Criterion("parallel", "without parallel calls the other three say so, and only then"),
        Criterion("unknown", "what has no counterpart raises a `ValueError`"),
    ],
    mistakes=[
        printed(CHOICE),
        Diagnosis(
            "string-kept",
            title="A choice is an object here, never a string.",
            saw="Your function returned `{observed}`.",
            why="The API answers 400: tool_choice: Input should be an object.",
            next='Wrap the word: `{"type": "auto"}`.',
            where=CHOICE,
            hints=(
                "What type has `tool_choice` in the cells of the lesson?",
                "The table under “Which tool, if any” has both forms, line by line.",
                '`{"type": …}`, for the words as for the named function.',
            ),
        ),
        Diagnosis(
            "none-is-auto",
            title="No choice at all is a choice: the model decides.",
            saw="For `None` it came to this: `{observed}`",
            why="OpenAI's code often leaves `tool_choice` out, and means `auto` by it.",
            next="Treat `None` like `auto`.",
            where=CHOICE,
        ),
        Diagnosis(
            "not-a-dict",
            title="The function should return a dict.",
            saw="It returned `{observed}`.",
            why="The caller passes it on as `tool_choice`.",
            next='Return a dict such as `{"type": "auto"}`.',
            where=CHOICE,
        ),
        Diagnosis(
            "required-kept",
            title="`required` is OpenAI's word.",
            saw="Your function returned `{observed}`.",
            why="The API knows the types `auto`, `any`, `tool` and `none`; another is a 400.",
            next="Say `any` for `required`.",
            where=CHOICE,
        ),
        Diagnosis(
            "function-kept",
            title="`function` is OpenAI's type.",
            saw="Your function returned `{observed}`.",
            why="A tool that must be used has the type `tool` here; another type is a 400.",
            next='Build a new dict: `{"type": "tool", "name": …}`.',
            where=CHOICE,
        ),
        Diagnosis(
            "name-misplaced",
            title="The name of the tool is not where the API looks for it.",
            saw="Your function returned `{observed}`.",
            why="OpenAI wraps the name in `function`; here it stands beside the type, else a 400.",
            next="Take the name out of `function`, and put it under `name`.",
            where=CHOICE,
            hints=(
                "How many dicts lie around the name in OpenAI's form, and how many in this one?",
                "Look at the choice of the type `tool` under “Which tool, if any”.",
                '`{"type": "tool", "name": openai_choice[…][…]}`',
            ),
        ),
        Diagnosis(
            "other-choice",
            title="The choice became another one.",
            saw="It went like this: `{observed}`.",
            why="A model that must call a tool, and one that may, behave differently.",
            next="Compare your four cases with the table, one by one.",
            where=CHOICE,
        ),
        Diagnosis(
            "parallel-on-none",
            title="`none` takes no switch for parallel calls.",
            saw="`none` became `{observed}`.",
            why="Where no tool may be used, nothing can be parallel: the extra key is a 400.",
            next="Leave the switch out when the type is `none`.",
            where=CHOICE,
            hints=(
                "What can be parallel where nothing is called?",
                "The last column of the table under “Which tool, if any” says where it may stand.",
                '`if not parallel and choice["type"] != "none": …`',
            ),
        ),
        Diagnosis(
            "parallel-inverted",
            title="The switch says the opposite.",
            saw="It went like this: `{observed}`.",
            why="OpenAI's flag allows parallel calls; this one disables them.",
            next="Set it to true when `parallel` is false.",
            where=CHOICE,
            hints=(
                "Read the two names aloud: `parallel_tool_calls`, `disable_parallel_tool_use`.",
                "The table under “Which tool, if any” has the switch in its last column.",
                '`choice["disable_parallel_tool_use"] = True`, and when?',
            ),
        ),
        Diagnosis(
            "parallel-lost",
            title="The wish for one call at a time got lost.",
            saw="With `parallel=False` your function returned `{observed}`.",
            why="Without the switch Claude may ask for several tools in one turn.",
            next="Add `disable_parallel_tool_use` to the choice when `parallel` is false.",
            where=CHOICE,
        ),
        Diagnosis(
            "refused",
            title="The API does not take this choice.",
            saw="It answers: `{observed}`",
            why="A choice has its type, for `tool` the name, and the switch; "
            "any other key is a 400.",
            next="Build a new dict, with those keys and no other.",
            where=CHOICE,
        ),
        Diagnosis(
            "unknown-passed",
            title="A choice that this API does not have went through.",
            saw="For a choice that only OpenAI has your function returned `{observed}`.",
            why="The caller would believe that the choice holds, and get a 400, or other tools.",
            next="Raise `ValueError` for everything that is not in your table.",
            where=CHOICE,
        ),
        Diagnosis(
            "unknown-other-error",
            title="Your function raises, but not a `ValueError`.",
            saw="For a choice that only OpenAI has: `{observed}`.",
            why="Any other error reads like a slip in your code, not like news about the choice.",
            next='Ask for the type `function` before you read `["function"]`, and raise otherwise.',
            where=CHOICE,
        ),
        Diagnosis(
            "mutated",
            title="Your function changed the caller's choice.",
            saw="After the call it was `{observed}`.",
            why="The caller may use it for the next request to OpenAI.",
            next="Build a new dict, and leave the one you were given alone.",
            where=CHOICE,
        ),
    ],
    hints=(
        "Three words, one dict, and no choice at all: five cases, and a switch.",
        "“Which tool, if any” has a table with both forms.",
        "First the type (a dict of words helps), then the switch, then the return.",
    ),
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
    # In this order a switch that says the opposite is not taken for one that was left out.
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
        exam.expect(criterion, False, wrong, value)
        exam.expect("parallel", False, wrong, value)
        return
    bare = {key: item for key, item in value.items() if key != _SWITCH}
    kind, is_none = bare.get("type"), choice["type"] == "none"
    refusal = exam.send(_request(exam, value, choice))
    wrong = exam.which(
        {
            "required-kept": kind == "required",
            "function-kept": kind == "function",
            "none-is-auto": given is None,
            "other-choice": kind != choice["type"],
            "name-misplaced": kind == "tool" and bare.get("name") != choice["name"],
        },
        otherwise="refused",
    )
    observed = {"other-choice": f"{given} → {value}", "refused": refusal}.get(wrong, value)
    is_right = exam.expect(criterion, is_same(bare, choice), wrong, observed)
    if is_right and is_none:
        # Its own criterion says so; as one of the parallel calls it is judged below.
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
    """Judge what becomes of a choice of OpenAI's without a counterpart, and of a new word."""
    allowed = {"mode": "auto", "tools": [{"type": "function", "function": {"name": name}}]}
    for given in ({"type": "allowed_tools", "allowed_tools": allowed}, exam.fresh("word")):
        called = exam.call(given, True, judges=("unknown",), may_raise=("Exception",))
        is_passed = called.raised is None
        wrong = exam.which({"unknown-passed": is_passed}, otherwise="unknown-other-error")
        observed = called.value if is_passed else called.raised
        exam.expect("unknown", "ValueError" in called.raised_kinds, wrong, observed)


def _request(exam: Exam, value: Json, choice: dict[str, Json]) -> Json:
    """Return a request with this choice; choice: the right one, whose tool must be there."""
    names = [choice.get("name", exam.fresh("get")), exam.fresh("set")]
    return {
        "model": "claude-sonnet-4-6",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "Look it up."}],
        "tools": definitions(exam, names),
        "tool_choice": value,
    }
