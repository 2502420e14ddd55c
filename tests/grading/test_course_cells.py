"""What becomes of the marks in a submission's cells."""

import json
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from grader.grading.course_cells import mark_cells

CHECK = {"grade": True, "grade_id": "check_x", "points": 4, "solution": False}
SOLUTION = {"grade": False, "grade_id": "x", "solution": True}
OWN = {
    "x": new_code_cell("stub", id="x", metadata={"nbgrader": SOLUTION}),
    "check_x": new_code_cell('check("x")', id="check_x", metadata={"nbgrader": CHECK}),
}


def marked(*cells: tuple[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Return the sources and metadata of a submission's cells after they were marked."""
    made = [new_code_cell(source, metadata=metadata) for source, metadata in cells]
    notebook = new_notebook(cells=made)
    mark_cells(notebook, {name: nbformat.from_dict(cell) for name, cell in OWN.items()})
    return [(cell.source, json.loads(json.dumps(cell.metadata))) for cell in notebook.cells]


def test_an_untouched_notebook_stays_as_it_is() -> None:
    """Honest submissions keep their cells, their order and their tags."""
    cells = [
        ("import anthropic", {"tags": ["mine"]}),
        ("def x(): ...", {"nbgrader": SOLUTION, "tags": ["mine"]}),
        ('check("x")', {"nbgrader": CHECK}),
    ]
    assert marked(*cells) == cells


@pytest.mark.parametrize(
    "metadata",
    [
        {"nbgrader": {**CHECK, "points": 400}},
        {"nbgrader": {**CHECK, "grade": False}},
        {"nbgrader": {**CHECK, "solution": True}},
        {"nbgrader": {"grade_id": "check_x"}},
        {"nbgrader": CHECK, "tags": ["skip-execution"]},
    ],
    ids=["more points", "no check", "a solution", "torn", "skipped"],
)
def test_a_check_cell_is_what_the_course_says(metadata: dict[str, Any]) -> None:
    """No edit of metadata changes what a check counts, or keeps it from running."""
    [_, check] = marked(("", {"nbgrader": SOLUTION}), ('check("x")', metadata))
    assert check == ('check("x")', {"nbgrader": CHECK})


def test_of_two_cells_with_one_id_the_last_is_marked() -> None:
    """A copied cell runs and counts once."""
    copies = marked(("a = 1", {"nbgrader": CHECK}), ("a = 2", {"nbgrader": CHECK}))
    assert copies == [("a = 1", {}), ("a = 2", {"nbgrader": CHECK})]


def test_marks_that_the_course_does_not_know_are_dropped() -> None:
    """A made-up exercise is a free cell, and so is one whose marks are no marks."""
    unknown = {"nbgrader": {**CHECK, "grade_id": "check_y"}}
    cells = marked(("5", unknown), ("6", {"nbgrader": 7}), ("", {"nbgrader": CHECK}))
    assert [metadata for _, metadata in cells] == [{}, {}, {"nbgrader": CHECK}]


def test_a_deleted_check_is_put_back() -> None:
    """The function is judged although its check was lost."""
    assert marked(("def x(): ...", {"nbgrader": SOLUTION})) == [
        ("def x(): ...", {"nbgrader": SOLUTION}),
        ('check("x")', {"nbgrader": CHECK}),
    ]


def test_a_deleted_solution_is_not_put_back() -> None:
    """What was not handed in earns nothing, and no stub is run in its place."""
    assert marked(('check("x")', {"nbgrader": CHECK})) == [('check("x")', {"nbgrader": CHECK})]


@pytest.mark.parametrize(("minor", "has_id"), [(4, False), (5, True)])
def test_a_restored_cell_fits_the_notebooks_format(minor: int, has_id: bool) -> None:
    """Cells have ids from minor version 5 on, and before it an id is refused."""
    notebook: NotebookNode = new_notebook(nbformat_minor=minor)
    mark_cells(notebook, {"check_x": nbformat.from_dict(OWN["check_x"])})
    assert [("id" in cell) for cell in notebook.cells] == [has_id]
    nbformat.validate(notebook)
