"""Lesson sources as notebooks: the one with solutions, and the one that learners get.

Everything here gives the same bytes for the same source, on every machine and every Python.
nbgrader's own preprocessors make the learner's notebook, so that it is what
`nbgrader generate_assignment` would release, without a database.
"""

import copy
import hashlib
from collections.abc import Mapping, Sequence

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from grader.authoring.lesson_source import CHECK_PREFIX, Cell, LessonSource
from grader.authoring.tables import with_joints

STUB = "raise NotImplementedError"

_SCHEMA_VERSION = 3
_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def solution_notebook(source: LessonSource, points: Mapping[str, int]) -> NotebookNode:
    """Return a lesson's notebook with its solutions; `points` are those of each exercise."""
    taken = {cell.grade_id for cell in source.cells if cell.grade_id}
    cells = []
    for cell in source.cells:
        cell_id = cell.grade_id or _free_id(cell, taken)
        taken.add(cell_id)
        outputs: dict[str, object] = (
            {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
        )
        cells.append(
            {
                "cell_type": cell.kind,
                "id": cell_id,
                "metadata": _cell_metadata(cell, points),
                "source": cell.source if cell.kind == "code" else with_joints(cell.source),
                **outputs,
            }
        )
    return _as_node({"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5})


def course_notebook(solved: NotebookNode) -> NotebookNode:
    """Return the notebook that learners get: stubs for solutions, checks locked.

    The order of steps is that of nbgrader's `GenerateAssignment.preprocessors`.
    """
    notebook = copy.deepcopy(solved)
    for step in (
        LockCells(),
        ClearSolutions(code_stub={"python": STUB}),
        ClearOutput(),
        CheckCellMetadata(),
        ComputeChecksums(),
        ClearHiddenTests(),
        ClearMarkScheme(),
        ComputeChecksums(),
        CheckCellMetadata(),
    ):
        notebook, _ = step.preprocess(notebook, {})
    return notebook


def prose_notebook(texts: Sequence[str]) -> NotebookNode:
    """Return a notebook of Markdown cells."""
    taken: set[str] = set()
    cells = []
    for text in texts:
        cell = Cell("markdown", text.strip(), 1)
        taken.add(cell_id := _free_id(cell, taken))
        cells.append(
            {
                "cell_type": "markdown",
                "id": cell_id,
                "metadata": {},
                "source": with_joints(cell.source),
            }
        )
    return _as_node({"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5})


def render(notebook: NotebookNode) -> bytes:
    """Return a notebook's file: keys sorted, indent 1, a newline at the end."""
    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return (text.rstrip("\n") + "\n").encode()


def _as_node(notebook: dict[str, object]) -> NotebookNode:
    node: NotebookNode = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    return node


def _cell_metadata(cell: Cell, points: Mapping[str, int]) -> dict[str, object]:
    metadata: dict[str, object] = {}
    if cell.tags:
        metadata["tags"] = list(cell.tags)
    if cell.grade_id is None:
        return metadata
    is_check = cell.role == "check"
    nbgrader: dict[str, object] = {
        "grade": is_check,
        "grade_id": cell.grade_id,
        "locked": is_check,
        "schema_version": _SCHEMA_VERSION,
        "solution": not is_check,
        "task": False,
    }
    if is_check:
        nbgrader["points"] = points[cell.grade_id.removeprefix(CHECK_PREFIX)]
    metadata["nbgrader"] = nbgrader
    return metadata


def _free_id(cell: Cell, taken: set[str]) -> str:
    """Return an id that no other cell has, and that stays as long as the cell's text does."""
    digest = hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:12]
    cell_id, count = digest, 1
    while cell_id in taken:
        count += 1
        cell_id = f"{digest}-{count}"
    return cell_id
