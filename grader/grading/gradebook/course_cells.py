"""Put the cells that nbgrader keeps track of from a lesson's notebook into the gradebook.

They are what `nbgrader generate_assignment` would put there; we run its preprocessors by
themselves, because the whole command takes a second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson


@dataclass(frozen=True)
class Source:
    """Hold what nbgrader restores in a submission: a cell as learners get it."""

    cell_type: str
    locked: bool
    source: str
    checksum: str | None


@dataclass(frozen=True)
class BookedCells:
    """Hold a lesson's cells by their grade_id.

    grades: the most points of each check cell, and its type.
    kernelspec: the notebook's, as JSON text.
    """

    grades: Mapping[str, tuple[float, str]]
    solutions: frozenset[str]
    sources: Mapping[str, Source]
    kernelspec: str


def read_course_cells(lesson: Lesson, notebook: bytes, config: Any) -> BookedCells:
    """Return the cells of a lesson's solution notebook; config: nbgrader's options.

    Raises GradingError if it is not a notebook, or checks other exercises than the lesson has.
    """
    from nbgrader import utils

    try:
        cleared = _without_solutions(notebook, config)
    except Exception as error:
        raise GradingError(
            f"The solution notebook of {lesson.name} cannot be read: {error} Run `grader build`."
        ) from error
    marked = {cell.metadata.nbgrader.grade_id: cell for cell in cleared.cells if _counts(cell)}
    grades = {
        name: (float(cell.metadata.nbgrader.points), cell.cell_type)
        for name, cell in marked.items()
        if utils.is_grade(cell)
    }
    expected = {f"check_{each.name}": float(each.points) for each in lesson.exercises}
    found = {name: points for name, (points, _) in grades.items()}
    if found != expected:
        raise GradingError(
            f"The notebook of {lesson.name} checks {_listed(found)}, and the lesson has "
            f"{_listed(expected)}. Run `grader build`, then grade again."
        )
    return BookedCells(
        grades=grades,
        solutions=frozenset(name for name, cell in marked.items() if utils.is_solution(cell)),
        sources={
            name: Source(
                cell.cell_type,
                utils.is_locked(cell),
                cell.source,
                cell.metadata.nbgrader.get("checksum"),
            )
            for name, cell in marked.items()
        },
        kernelspec=json.dumps(cleared.metadata.get("kernelspec", {})),
    )


def refuse_change(lesson: str, notebook: Any, cells: BookedCells) -> None:
    """Raise GradingError where a notebook of the gradebook has other exercises."""
    before = {each.name for each in notebook.source_cells}
    after = set(cells.sources)
    if before != after:
        raise GradingError(
            f"The gradebook holds submissions of {lesson} with other exercises: it lost "
            f"{_names(before - after)} and gained {_names(after - before)}. Choose another "
            "gradebook, with --out or --db, for the lesson as it is now."
        )


def bring_up_to_date(db: Any, notebook: Any, cells: BookedCells) -> None:
    """Make the cells of a notebook in the gradebook those of the course."""
    from nbgrader.api import GradeCell, SolutionCell, SourceCell

    grades = {each.name: each for each in notebook.grade_cells}
    solutions = {each.name: each for each in notebook.solution_cells}
    sources = {each.name: each for each in notebook.source_cells}
    gone = (
        *(each for name, each in grades.items() if name not in cells.grades),
        *(each for name, each in solutions.items() if name not in cells.solutions),
        *(each for name, each in sources.items() if name not in cells.sources),
    )
    for cell in gone:
        db.delete(cell)
    for name, (points, cell_type) in cells.grades.items():
        cell = grades.get(name) or GradeCell(name=name, notebook=notebook)
        cell.max_score, cell.cell_type = points, cell_type
        db.add(cell)
    for name in sorted(cells.solutions - solutions.keys()):
        db.add(SolutionCell(name=name, notebook=notebook))
    for name, source in cells.sources.items():
        cell = sources.get(name) or SourceCell(name=name, notebook=notebook)
        for field, value in asdict(source).items():
            setattr(cell, field, value)
        db.add(cell)
    db.flush()
    db.expire(notebook)


def _without_solutions(notebook: bytes, config: Any) -> Any:
    import nbformat
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    steps = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)
    made = nbformat.reads(notebook.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    resources = {"nbgrader": {"notebook": "", "assignment": "", "student": "."}}
    for step in steps:
        made, resources = step(config=config).preprocess(made, resources)
    return made


def _counts(cell: Any) -> bool:
    from nbgrader import utils

    return any(
        is_kind(cell)
        for is_kind in (utils.is_grade, utils.is_solution, utils.is_locked, utils.is_task)
    )


def _listed(points: Mapping[str, float]) -> str:
    return ", ".join(f"{name} ({each:g})" for name, each in sorted(points.items())) or "nothing"


def _names(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
