"""Parity: what a learner's own checks show after "Restart & Run All" is what grading gives.

Each notebook is run in a plain kernel of Jupyter, with the course's own `check`, and graded at
every level of containment; the points agree. `make test` tries many habits at a time and few
sequences of edits; `make proofs` each habit by itself, and many sequences.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from nbclient import NotebookClient

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.examination import examine_notebook
from grader.grading.kernels import WarmParent
from grader.grading.rebuild import rebuild
from grader.grading.recognizing import check_called_in
from grader.grading.sandbox import Level, Limits
from tests.grading import habits
from tests.grading.class_folder import ROOT, START
from tests.grading.editing import Edit, add_cells, edited, edits, solved, text_of
from tests.grading.kernels.levels import EVERY, skip_unless_it_holds

Json = Any
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("parity")]

EACH = "EVERY" in os.environ
TOGETHER = 1 if EACH else 40
"""How many habits one notebook has."""
EXAMPLES = 60 if EACH else 2
LIMITS = Limits(cell_seconds=60, notebook_seconds=300)

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "first_call": (
        "",
        "def first_call(client, prompt):\n    raise NotImplementedError",
        "def first_call(client, prompt):\n    return prompt",
        (
            "def first_call(client, prompt: str) -> str:\n    reply = client.messages.create("
            "model='claude-sonnet-4-6', max_tokens=50,\n        messages=[{'role': 'user', "
            "'content': prompt}])\n    return reply"
        ),
        "def first_call(client, prompt):\n    return undefined",
        "first_call = 3",
        "def first_call(client, prompt:\n",
    ),
    "describe_reply": (
        "",
        "def describe_reply(message):\n    return {'text': message.content[0].text}",
        "describe_reply = lambda message: 'lambda'",
    ),
}
"""Answers of every kind, beside the solutions."""


@pytest.fixture(scope="module")
def parents() -> Iterator[Mapping[Level, WarmParent]]:
    """Return a warm parent of every level that holds here."""
    with ExitStack() as stack:
        started = {}
        for level in EVERY:
            try:
                skip_unless_it_holds(level)
            except pytest.skip.Exception:
                continue
            started[level] = stack.enter_context(WarmParent(level, LIMITS))
        yield started


def seen_by_the_learner(notebook: Json) -> dict[str, int]:
    """Return the points that the checks of a notebook show, run from top to bottom."""
    # As a file is read: sources of lines become texts.
    made = nbformat.reads(json.dumps(notebook), as_version=4)
    with TemporaryDirectory() as folder:
        client = NotebookClient(
            made,
            kernel_name="python3",
            allow_errors=True,
            timeout=300,
            resources={"metadata": {"path": folder}},
        )
        client.execute()
    return {
        name: int(output["data"]["text/plain"])
        for cell in made["cells"]
        if cell["cell_type"] == "code" and (name := check_called_in(text_of(cell)))
        for output in cell["outputs"]
        if output["output_type"] == "execute_result"
    }


def graded(
    notebook: Json, parents: Mapping[Level, WarmParent], lesson: str = START
) -> dict[str, dict[str, int]]:
    """Return the points that each level gives."""
    rebuilt = rebuild(json.loads(json.dumps(notebook)), read_course_notebook(ROOT, lesson))
    return {
        level.value: {
            each.exercise: each.verdict.points
            for each in examine_notebook(
                rebuilt, find_lesson(lesson), parent, seed="parity", limits=LIMITS
            ).exercises
        }
        for level, parent in parents.items()
    }


def assert_parity(notebook: Json, parents: Mapping[Level, WarmParent], lesson: str = START) -> None:
    """Compare what a learner sees with what each level gives."""
    seen = seen_by_the_learner(notebook)
    found = graded(notebook, parents, lesson)
    assert found == {level.value: seen for level in parents}


def chunks(names: list[str]) -> list[Any]:
    """Return names of habits, as many as go together, each group with an id."""
    return [
        pytest.param(tuple(names[at : at + TOGETHER]), id=names[at].replace(" ", "-"))
        for at in range(0, len(names), TOGETHER)
    ]


def needs_plots(source: str) -> bool:
    """Return whether a cell loads matplotlib, which lists the fonts for seconds, four times."""
    return "matplotlib" in source or "InlineBackend" in source


@pytest.mark.parametrize(
    "names",
    chunks([name for name, cells in habits.HABITS.items() if EACH or not needs_plots(cells[0])]),
)
def test_no_habit_costs_a_point(
    names: tuple[str, ...], parents: Mapping[Level, WarmParent]
) -> None:
    """In a cell of its own on top, whatever it does to the kernel or to its names."""
    sources = [source for name in names for source in habits.HABITS[name]]
    notebook = add_cells(solved(), [(place + 1, each) for place, each in enumerate(sources)])
    assert_parity(notebook, parents)


@pytest.mark.parametrize("names", chunks(list(habits.WRAPPED)))
def test_no_habit_of_an_answer_costs_a_point(
    names: tuple[str, ...], parents: Mapping[Level, WarmParent]
) -> None:
    """What a function prints, starts or warns of is nobody's answer."""
    notebook = solved()
    for name in names:
        source = habits.WRAPPED[name].replace("_mine", f"_mine{names.index(name)}")
        place = next(
            place
            for place, cell in enumerate(notebook["cells"])
            if check_called_in(text_of(cell)) == "first_call"
        )
        notebook = add_cells(notebook, [(place, source)])
    assert_parity(notebook, parents)


@pytest.mark.parametrize(
    "line",
    ["!pip install -q anthropic"]
    if not EACH
    else [
        # Alone: what a habit's later cells say needs the first.
        cells[0]
        for group in (habits.MAGICS, habits.SHELL_LINES)
        for cells in group.values()
        if not cells[0].startswith("%%")
    ],
)
def test_a_line_on_top_of_the_imports_costs_no_point(
    line: str, parents: Mapping[Level, WarmParent]
) -> None:
    """There all that follows depends on the cell's other lines."""
    notebook = solved()
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    first["source"] = f"{line}\n{text_of(first)}"
    assert_parity(notebook, parents)


@given(
    steps=edits(),
    answers=st.fixed_dictionaries(
        {name: st.one_of(st.none(), st.sampled_from(some)) for name, some in ANSWERS.items()}
    ),
)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    # An example takes seconds; to shrink one takes many.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    # `make test` tries the same few each time, `make proofs` many others.
    derandomize=not EACH,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_no_edit_changes_what_grading_gives(
    parents: Mapping[Level, WarmParent],
    steps: list[tuple[str, Edit]],
    answers: dict[str, str | None],
) -> None:
    """Of right, wrong and unfinished answers, or there is no result.

    An answer that was turned into text counts all the same, and so may get more.
    """
    own = {name: source for name, source in answers.items() if source is not None}
    notebook = edited(solved(answers=own), steps)
    note("\n".join(name for name, _ in steps))
    seen = seen_by_the_learner(notebook)
    try:
        found = graded(notebook, parents)
    except GradingError as error:
        note(f"no result: {error}")
        return
    assert len({json.dumps(each) for each in found.values()}) == 1
    for points in found.values():
        if any(name.startswith("retype") for name, _ in steps):
            assert all(points[name] >= seen.get(name, 0) for name in points)
        else:
            assert points == seen


@pytest.mark.skipif(not EACH, reason="make proofs tries it: every lesson takes a minute")
@pytest.mark.parametrize("lesson", sorted(each.name for each in (ROOT / "course").glob("0*")))
def test_every_lesson_is_graded_as_its_learner_sees_it(
    lesson: str, parents: Mapping[Level, WarmParent]
) -> None:
    """With a habit in its first cell, and the solutions."""
    notebook = add_cells(solved(lesson), [(1, "!pip install -q anthropic\nint = 3")])
    assert_parity(notebook, parents, lesson)


def test_the_comparison_can_fail(parents: Mapping[Level, WarmParent]) -> None:
    """A wrong answer is seen as one by both, and is no right one."""
    notebook = solved(answers={"first_call": ANSWERS["first_call"][2]})
    seen = seen_by_the_learner(notebook)
    assert seen["first_call"] < 4
    assert graded(solved(), parents) != {level.value: seen for level in parents}
