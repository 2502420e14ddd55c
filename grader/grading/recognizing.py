"""Match a submission's cells to the course's, even after an editor changed them.

A cell is known by its mark (nbgrader's grade_id), else by its id, else by its source; a check by
its call; and a solution, last of all, by the name it defines. Several cells may have one mark:
JupyterLab copies it when a cell is split or pasted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grader.grading.definitions import defined_in, is_python, is_untouched

Json = Any

START = ""
"""The place before the course's first cell."""
_CHECK = "check_"
_CALL = re.compile(r"""check\([ \t]{0,9}["'](\w{1,200})["'][ \t]{0,9},?[ \t]{0,9}\)[ \t]{0,9};?""")


def source_of(cell: Json) -> str:
    """Return a cell's source, which a file may keep as one text or as lines, or ""."""
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source if isinstance(source, str) else ""


def is_check(cell: Json) -> bool:
    """Return whether a cell of the course is a check cell."""
    return bool(cell["metadata"].get("nbgrader", {}).get("grade"))


def is_solution(cell: Json) -> bool:
    """Return whether a cell of the course holds a learner's solution."""
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def is_code(cell: Json) -> bool:
    """Return whether a cell holds code."""
    return bool(cell.get("cell_type") == "code")


def marks_of(cell: Json) -> Iterator[str]:
    """Yield the names that a cell says it has: its grade_id first, then its id."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    for each in (name, cell.get("id")):
        if isinstance(each, str):
            yield each


def check_called_in(source: str) -> str:
    """Return the exercise for which a cell calls `check` and does nothing else, or ""."""
    match = _CALL.fullmatch(source.strip())
    return match[1] if match else ""


class CourseCells:
    """The cells of a lesson as learners get it, in their order, by their names."""

    def __init__(self, cells: Sequence[Json]) -> None:
        self.cells = {cell["id"]: cell for cell in cells}
        self.names = list(self.cells)
        self.place = {START: -1, **{name: place for place, name in enumerate(self.names)}}
        self.exercises = [name for name, cell in self.cells.items() if is_solution(cell)]
        self.checks = {
            name: name.removeprefix(_CHECK) for name, cell in self.cells.items() if is_check(cell)
        }

    def stub(self, exercise: str) -> str:
        """Return what an exercise's cell holds before a learner writes in it."""
        return source_of(self.cells[exercise])

    def before(self, name: str) -> str:
        """Return the place before a cell."""
        at = self.place[name]
        return self.names[at - 1] if at else START

    def is_given(self, name: str) -> bool:
        """Return whether a cell is neither a solution's nor a check's."""
        return name not in self.checks and not is_solution(self.cells[name])


@dataclass(eq=False)
class SubmittedCell:
    """Hold one cell of a submission.

    place: its number. name: that of the course's cell it is, None for a cell that was added.
    is_code: whether it is run; a solution turned into text by accident may be run too.
    is_marked: whether it is recognized by its mark or its id.
    """

    place: int
    cell: Json
    source: str
    is_code: bool
    name: str | None = None
    is_marked: bool = False

    @cached_property
    def defined(self) -> frozenset[str]:
        """Return the names that its code defines."""
        return defined_in(self.source)

    def defines(self, name: str) -> bool:
        """Return whether its code defines a name."""
        return name in self.source and name in self.defined


class Recognized:
    """A submission's cells, each with the name of the course's cell that it is."""

    def __init__(self, cells: Iterable[Json], course: CourseCells) -> None:
        self.course = course
        self.cells = [
            SubmittedCell(place, cell, source_of(cell), is_code(cell))
            for place, cell in enumerate(cells)
        ]
        self.retyped: list[str] = []
        self._by_marks()
        self._by_sources()
        self._definitions_in_checks()
        self.has_marks = any(
            each.is_marked and each.name is not None and not course.is_given(each.name)
            for each in self.cells
        )
        self.by_name = [name for name in course.exercises if self._by_definition(name)]
        for name in course.exercises:
            self._take_back_from_text(name)

    def of(self, name: str) -> list[SubmittedCell]:
        """Return the cells that are this cell of the course, in their order."""
        return [each for each in self.cells if each.name == name]

    def defining(self, exercise: str) -> list[SubmittedCell]:
        """Return the cells in which a learner defines an exercise's name."""
        return [each for each in self.cells if self.is_definition(each, exercise)]

    def is_definition(self, cell: SubmittedCell, exercise: str) -> bool:
        """Tell whether a cell defines an exercise's name, other than as the course's stub does."""
        return (
            cell.is_code
            and not self._is_the_courses(cell)
            and cell.defines(exercise)
            and not is_untouched(cell.source, self.course.stub(exercise))
        )

    def is_lost(self) -> bool:
        """Return whether nothing in a notebook with own code says which cells are exercises'."""
        names = {each.name for each in self.cells}
        return (
            not self.has_marks
            and names.isdisjoint(self.course.exercises)
            and not any(self.defining(name) for name in self.course.exercises)
            and any(
                each.is_code and each.name is None and each.source.strip() for each in self.cells
            )
        )

    def _is_the_courses(self, cell: SubmittedCell) -> bool:
        return (
            cell.name is not None
            and self.course.is_given(cell.name)
            and _plain(cell.source) == _plain(source_of(self.course.cells[cell.name]))
        )

    def _by_marks(self) -> None:
        for each in self.cells:
            name = next((it for it in marks_of(each.cell) if it in self.course.cells), None)
            if name is None or (each.is_code and not is_code(self.course.cells[name])):
                continue
            # An editor may keep the mark and change what kind of cell it is.
            each.name, each.is_marked = name, True

    def _by_sources(self) -> None:
        """Name the cells that kept only their source, each name once and in the course's order."""
        taken = {each.name for each in self.cells}
        left: dict[tuple[bool, str], list[str]] = {}
        for name, cell in self.course.cells.items():
            if name not in taken and self.course.is_given(name):
                left.setdefault((is_code(cell), _plain(source_of(cell))), []).append(name)
        stubs = [name for name in self.course.exercises if name not in taken]
        for each in self.cells:
            if each.name is not None:
                continue
            names = left.get((each.is_code, _plain(each.source)))
            called = f"{_CHECK}{check_called_in(each.source)}" if each.is_code else ""
            if names:
                each.name = names.pop(0)
            elif called in self.course.checks:
                each.name = called
            elif each.is_code:
                each.name = next(
                    (it for it in stubs if is_untouched(each.source, self.course.stub(it))), None
                )

    def _definitions_in_checks(self) -> None:
        """Treat code that was merged into a check's cell as a cell before it."""
        cells = []
        for each in self.cells:
            is_check = each.is_code and each.name in self.course.checks
            if is_check and is_python(each.source) and each.defined:
                cells.append(SubmittedCell(0, each.cell, each.source, is_code=True))
            cells.append(each)
        self.cells = cells
        for place, each in enumerate(cells):
            each.place = place

    def _by_definition(self, exercise: str) -> bool:
        """Name the cells that define an exercise whose cells are gone, if they replace it.

        They do in the gap where the course's cell belongs: elsewhere they run where they stand.
        If all marks are lost and nothing stands before the check, take the cells after it.
        """
        if self.of(exercise):
            return False
        found = [each for each in self.defining(exercise) if each.name is None]
        taken = [each for each in found if self._is_in_gap(each, exercise)]
        if not taken and not self.has_marks:
            checks = [each.place for each in self.of(f"{_CHECK}{exercise}")]
            behind = [each for each in found if checks and each.place > min(checks)]
            taken = behind if behind == found else []
        for each in taken:
            each.name = exercise
        return bool(taken)

    def _is_in_gap(self, cell: SubmittedCell, exercise: str) -> bool:
        places, last = self.course.place, len(self.course.names)
        before = (it.name for it in reversed(self.cells[: cell.place]) if it.name is not None)
        after = (it.name for it in self.cells[cell.place + 1 :] if it.name is not None)
        follows, precedes = places[next(before, START)], next(map(places.get, after), last)
        return follows <= places[exercise] < (precedes or 0)

    def _take_back_from_text(self, exercise: str) -> None:
        """Run a solution's cell that was turned into text as code, if there is no other."""
        own = self.of(exercise)
        texts = [each for each in own if not each.is_code]
        if not own:
            texts = [each for each in self.cells if each.name is None and not each.is_code]
        texts = [each for each in texts if each.defines(exercise) and is_python(each.source)]
        if not texts or self.defining(exercise):
            return
        for each in texts:
            each.name, each.is_code = exercise, True
        self.retyped.append(exercise)


def _plain(source: str) -> str:
    """Return a source without what editors change unasked: line ends, and blanks before them."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip()
