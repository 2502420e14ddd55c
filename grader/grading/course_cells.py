"""Give a submission's exercise cells back what belongs to the course.

nbgrader finds check cells by metadata that lies in the learner's file: points, tags, and whether
a cell counts at all. It stops at metadata that is torn, and at an id that stands on two cells. So
all of it is taken from the gradebook instead. Sources are not touched here: nbgrader's next step
restores those of check cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

_SCHEMA_VERSION = 3


class CourseCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Mark each exercise cell as the course does, and put back check cells that are missing."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Mark the cells of one submission by what the gradebook knows of the lesson."""
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            own = _cells_of(gradebook.find_notebook(place["notebook"], place["assignment"]))
        mark_cells(nb, own)
        return nb, resources


def mark_cells(notebook: NotebookNode, own: Mapping[str, NotebookNode]) -> None:
    """Mark the last cell of each grade_id as the course does, in place.

    own: the course's cells by their grade_id. Any other cell loses its marks and stays as a free
    cell; check cells that are missing are put at the end.
    """
    last = {_grade_id(cell): cell for cell in notebook.cells}
    for cell in notebook.cells:
        name = _grade_id(cell)
        cell.metadata.pop("nbgrader", None)
        if name is not None and name in own and cell is last[name]:
            _mark(cell, own[name])
    for name, course_cell in own.items():
        if name not in last and course_cell.metadata.nbgrader.grade:
            notebook.cells.append(_as_in(notebook, course_cell))


def _cells_of(notebook: Any) -> dict[str, NotebookNode]:
    """Return the exercise cells of a course notebook, as the gradebook has them."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    cells = {}
    for cell in notebook.source_cells:
        is_check = cell.name in points
        marks = {
            "grade": is_check,
            "grade_id": cell.name,
            "locked": cell.locked,
            "schema_version": _SCHEMA_VERSION,
            "solution": cell.name in solutions,
            "task": False,
            **({"points": points[cell.name]} if is_check else {}),
        }
        cells[cell.name] = new_code_cell(  # type: ignore[no-untyped-call]
            cell.source, id=cell.name, metadata={"nbgrader": marks}
        )
    return cells


def _mark(cell: NotebookNode, course_cell: NotebookNode) -> None:
    if course_cell.metadata.nbgrader.grade:
        # A tag such as skip-execution would keep the check from running.
        cell.metadata = {}
    cell.metadata["nbgrader"] = course_cell.metadata.nbgrader


def _as_in(notebook: NotebookNode, cell: NotebookNode) -> NotebookNode:
    """Return a cell that fits a notebook: ids came with minor version 5 of the format."""
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]
    return cell


def _grade_id(cell: NotebookNode) -> str | None:
    marks = cell.metadata.get("nbgrader")
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None
