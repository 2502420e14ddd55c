"""Whatever editors do to an honest notebook, each check finds the learner's own answer."""

import ast
from functools import cache
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, example, given, settings

from grader.exercises import find_lesson
from grader.grading.rebuild import rebuild, refuse_other_lesson, remarks_on
from tests.grading import editing
from tests.grading.class_folder import START, STRUCTURE, course_notebook
from tests.grading.editing import Edit, edited, edits, solved, text_of

ANSWERS = {
    "first_call": """MAX_TOKENS = 300


def _texts(blocks):
    return [block.text for block in blocks if block.type == "text"]


def first_call(client, prompt):
    reply = client.messages.create(
        model=MODEL, max_tokens=MAX_TOKENS, messages=[{"role": "user", "content": prompt}]
    )
    return "".join(_texts(reply.content))
""",
    "describe_reply": """from operator import attrgetter

_FIELDS = ("id", "model", "stop_reason")


def describe_reply(message):
    facts = dict(zip(_FIELDS, attrgetter(*_FIELDS)(message), strict=True))
    return facts | {"block_types": [block.type for block in message.content]}
""",
}
COURSES = {lesson: course_notebook(lesson) for lesson in (START, STRUCTURE)}
SOLVED = {START: solved(START, ANSWERS), STRUCTURE: solved(STRUCTURE)}
Json = Any


@cache
def named_statements(source: str) -> tuple[tuple[str, str], ...]:
    """Return the statements of a cell: the name of each that has one, and its syntax tree."""
    return tuple((getattr(it, "name", ""), ast.dump(it)) for it in ast.parse(source).body)


def statements(sources: list[str]) -> list[str]:
    """Return the statements of some cells, as their syntax trees."""
    return [tree for source in sources for _, tree in named_statements(source)]


def is_in_order(wanted: list[str], found: list[str]) -> bool:
    """Return whether all of some statements are there, in their order."""
    left = iter(found)
    return all(each in left for each in wanted)


def last_definition(name: str, sources: list[str]) -> str:
    """Return the last function or class of a name, as its syntax tree; "" where there is none."""
    found = [tree for source in sources for each, tree in named_statements(source) if each == name]
    return found[-1] if found else ""


def assert_each_check_finds_its_answer(lesson: str, notebook: Json) -> None:
    """Assert that all that was written of each exercise runs before its check, stubs never last."""
    refuse_other_lesson(notebook, find_lesson(lesson))
    made = rebuild(notebook, COURSES[lesson])
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    ids = [cell["id"] for cell in code]
    for exercise in find_lesson(lesson).exercises:
        [place] = [at for at, id in enumerate(ids) if id == f"check_{exercise.name}"]
        ran = [cell["source"] for cell in code[:place]]
        [own] = [
            text_of(cell)
            for cell in SOLVED[lesson]["cells"]
            if editing.mark_of(cell) == exercise.name
        ]
        assert is_in_order(statements([own]), statements(ran))
        assert last_definition(exercise.name, ran) == last_definition(exercise.name, [own])
    assert not any("0 points" in each for each in remarks_on(notebook, COURSES[lesson]))


@pytest.mark.parametrize("lesson", COURSES)
def test_an_answer_outlives_every_editor(lesson: str) -> None:
    """Split, merged, copied, rewritten, moved, retyped, re-saved, and all of that in a row."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(edits())
    @example([("lose all", editing.resave_as_kaggle)])
    @example([("ids", editing.lose_ids), ("metadata", editing.lose_metadata)])
    @example([("badge", editing.resave_as_colab), ("no marks", editing.lose_metadata)])
    def prove(steps: list[tuple[str, Edit]]) -> None:
        notebook = edited(SOLVED[lesson], steps)
        assert_each_check_finds_its_answer(lesson, notebook)
        nbformat.validate(nbformat.from_dict(rebuild(notebook, COURSES[lesson])))

    prove()


@pytest.mark.parametrize("lesson", COURSES)
@pytest.mark.parametrize("save", [editing.resave_as_kaggle, editing.new_ids, editing.lose_ids])
def test_an_answer_outlives_each_edit_of_its_cell(lesson: str, save: Edit) -> None:
    """Every single edit of every cell, and a program that forgets the marks after it."""
    whole = SOLVED[lesson]
    for place in range(len(whole["cells"])):
        for edit in (
            editing.split,
            editing.merge,
            editing.copy_paste,
            editing.delete_and_rewrite,
            editing.retype,
        ):
            notebook = edit(whole, place)
            if notebook == whole:
                continue
            for each in (notebook, save(notebook)):
                assert_each_check_finds_its_answer(lesson, each)


@pytest.mark.parametrize("lesson", COURSES)
def test_a_blank_notebook_stays_blank(lesson: str) -> None:
    """Editing defines nothing: the stub, or no definition at all, is what a check finds."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(edits())
    def prove(steps: list[tuple[str, Edit]]) -> None:
        made = rebuild(edited(course_notebook(lesson), steps), COURSES[lesson])
        code = [cell["source"] for cell in made["cells"] if cell["cell_type"] == "code"]
        stubs = {
            each["id"]: last_definition(each["id"], [text_of(each)])
            for each in COURSES[lesson]["cells"]
            if editing.mark_of(each) == each["id"]
        }
        for exercise in find_lesson(lesson).exercises:
            assert last_definition(exercise.name, code) in ("", stubs[exercise.name])

    prove()
