"""Rebuild a submission from the course, taking from it only what a learner was asked to write.

The submission gives the sources of solution cells and of free code cells. All else (check cells,
metadata, tags, order) is the course's own. So deleting, doubling, forging or retagging a check
changes nothing.

Nothing that a learner wrote is lost. Every cell with an exercise's mark is run, in its order, and
the course's stub is never run over a learner's own definition: each check finds what it would find
after "Restart & Run All".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.exercises import COURSE
from grader.grading.definitions import defined_in, is_untouched, rest_of
from grader.grading.recognizing import (
    START,
    CourseCells,
    Recognized,
    SubmittedCell,
    check_called_in,
    is_check,
    is_code,
    is_solution,
    marks_of,
    source_of,
)

Json = Any

MAX_SOURCE = 200_000
"""How many characters of code one cell may have; nobody types more."""
_NO_LIMIT = float("inf")
_LOST = "The course's marks are gone: the exercises were found by the names that cells define."
_LACKING = "It lacks the code cell of {}: 0 points for it."
_LATE = "It lacks the code cell of {}, and defines it only below its check: 0 points for it."
_ANEW = "The cell of {} was replaced: the learner's own definition in another cell counts."
_LEFT_OUT = "The untouched cell of {} stands below the learner's own definition, which counts."
_BROUGHT = "The cell of {} stands below its check, and was run before it."
_RETYPED = "The cell of {} was turned into text, and was graded as code."
_BEHIND = "A copy of the cell of {} stands below its check: the one above the check counts."


def rebuild(submission: Json, course: Json) -> Json:
    """Return a notebook to run, without outputs; both arguments stay as they are.

    submission: a notebook of format 4; nothing else about it is trusted. course: the lesson's
    notebook as learners get it. If nothing defines an exercise's name, the course's stub stays.
    Cells that the learner added keep their place after the course's cell that they follow; what
    is not code becomes plain text.
    Raises GradingError if nothing says which cells are the exercises', and for a cell of more
    than MAX_SOURCE characters.
    """
    plan = _Plan(submission, course)
    plan.refuse()
    return {
        "cells": list(plan.cells()),
        "metadata": deepcopy(course["metadata"]),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def remarks_on(submission: Json, course: Json) -> tuple[str, ...]:
    """Return what is wrong in a submission but was graded anyway, a sentence each."""
    return _Plan(submission, course).remarks()


def refuse_other_lesson(submission: Json, lesson: Lesson) -> None:
    """Raise GradingError if it is another lesson's notebook: 0 points would be wrong."""
    for names in _names_in(submission):
        if _counted(lesson, names):
            return
        best = _best(names, COURSE)
        if best is not None:
            raise GradingError(
                f"This is the notebook of {best.name}, not of {lesson.name}. Ask for the right one."
            )


def best_lesson(submission: Json, lessons: Iterable[Lesson]) -> Lesson | None:
    """Return the lesson of which a notebook has most marks, else most checks, or None."""
    known = tuple(lessons)
    return next(filter(None, (_best(names, known) for names in _names_in(submission))), None)


def _best(names: set[str], lessons: Iterable[Lesson]) -> Lesson | None:
    best = max(lessons, key=lambda each: _counted(each, names), default=None)
    return best if best is not None and _counted(best, names) else None


def is_of_lesson(submission: Json, lesson: Lesson) -> bool:
    """Return whether a notebook's marks or checks say that it is this lesson's."""
    return any(_counted(lesson, names) for names in _names_in(submission))


def _names_in(submission: Json) -> tuple[set[str], set[str]]:
    """Return the marks of a notebook's code cells, and the exercises that they check."""
    cells = [cell for cell in submission["cells"] if is_code(cell)]
    return (
        {name for cell in cells for name in marks_of(cell)},
        {check_called_in(source_of(cell)) for cell in cells},
    )


def _counted(lesson: Lesson, names: set[str]) -> int:
    return sum(each.name in names for each in lesson.exercises)


@dataclass
class _Exercise:
    """Hold what was decided about one exercise.

    source: the course's cell, unless a learner's cell, the holder, replaces it. rest: what the
    stubs left out define besides. behind: its cells below the check. brought: those of them that
    run before it. definitions: cells that define its name before the check. is_late: whether cells
    define it only below.
    """

    name: str
    source: str
    holder: SubmittedCell | None = None
    rest: str = ""
    left_out: list[SubmittedCell] = field(default_factory=list)
    behind: list[SubmittedCell] = field(default_factory=list)
    brought: list[SubmittedCell] = field(default_factory=list)
    definitions: list[SubmittedCell] = field(default_factory=list)
    is_lacking: bool = False
    is_late: bool = False


class _Plan:
    """Decide which cell of a submission runs where."""

    def __init__(self, submission: Json, course: Json) -> None:
        self._course = CourseCells(course["cells"])
        self._found = Recognized(submission["cells"], self._course)
        self._checks = {name: self._check_of(name) for name in self._course.exercises}
        self._exercises = {name: self._decided(name) for name in self._course.exercises}
        # The learner's cell in the place of one of the course's, and what is run behind that.
        self._holders: dict[str, SubmittedCell] = {}
        self._added: dict[str, list[SubmittedCell]] = {}
        self._place_all()

    def refuse(self) -> None:
        """Raise GradingError for a submission whose points would be wrong."""
        if self._found.is_lost():
            names = ", ".join(self._course.exercises)
            raise GradingError(
                "The course's marks are gone from this notebook, and no cell defines one of its "
                f"exercises ({names}). Ask for the answers in a fresh copy of the lesson."
            )
        long = [
            each for each in self._found.cells if each.is_code and len(each.source) > MAX_SOURCE
        ]
        if long:
            raise GradingError(
                f"Cell {long[0].place + 1} of the notebook has {len(long[0].source):,} characters; "
                f"{MAX_SOURCE:,} is the most. Ask for its data to be made by code."
            )

    def remarks(self) -> tuple[str, ...]:
        """Return the remarks on this submission, a sentence each."""
        exercises = self._exercises.values()
        anew = [
            each.name
            for each in exercises
            if each.definitions and not any(it.is_marked for it in self._found.of(each.name))
        ]
        are_lost = bool(anew) and not self._found.has_marks
        said = {
            _LACKING: [each.name for each in exercises if each.is_lacking],
            _LATE: [each.name for each in exercises if each.is_late],
            _ANEW: [] if are_lost else anew,
            _LEFT_OUT: [each.name for each in exercises if each.left_out],
            _BROUGHT: [each.name for each in exercises if each.brought],
            _RETYPED: self._found.retyped,
            _BEHIND: [each.name for each in exercises if self._has_other_copy(each)],
        }
        listed = [words.format(", ".join(names)) for words, names in said.items() if names]
        return (*((_LOST,) if are_lost else ()), *listed)

    def cells(self) -> Iterator[Json]:
        """Yield the cells of the rebuilt notebook."""
        for number, (name, item) in enumerate(self._order()):
            if item is None:
                yield self._course_cell(name)
            else:
                yield _cleaned(item, f"{name[:40] or 'first'}-added-{number}")

    # Which cells count for an exercise.

    def _check_of(self, exercise: str) -> float:
        """Return where an exercise's check stands, or a place beyond all cells if it is missing.

        A check cell may be copied: the first one after the exercise's last cell counts.
        """
        checks = [each.place for each in self._found.of(f"check_{exercise}")]
        last = max((each.place for each in self._found.of(exercise)), default=-1)
        behind = [place for place in checks if place > last]
        return behind[0] if behind else max(checks, default=_NO_LIMIT)

    def _decided(self, name: str) -> _Exercise:
        check, stub = self._checks[name], self._course.stub(name)
        made = _Exercise(name, stub)
        own = [each for each in self._found.of(name) if each.is_code]
        definitions = self._found.defining(name)
        counting = [each for each in own if each.place < check]
        made.behind = [each for each in own if each.place > check]
        made.definitions = [each for each in definitions if each.place < check]
        if not made.definitions and (not counting or set(definitions) & set(made.behind)):
            made.brought, made.behind = made.behind, []
            counting += made.brought
            made.definitions = [each for each in counting if each in definitions]
        first = min((each.place for each in made.definitions), default=_NO_LIMIT)
        stubs = [each for each in counting if is_untouched(each.source, stub)]
        made.left_out = [each for each in stubs if each.place > first]
        written = [each for each in counting if each not in stubs]
        best = [each for each in written if each in definitions] or written or stubs
        made.holder = best[-1] if best and best[-1] not in made.left_out else None
        made.is_late = not own and not made.definitions and bool(definitions)
        made.is_lacking = not own and not definitions
        if made.definitions and (made.left_out or made.holder is None):
            ran = [it for it in self._found.cells if it.place < check and it not in made.left_out]
            known = {each for each in defined_in(stub) if any(it.defines(each) for it in ran)}
            rest = rest_of(stub, frozenset({name, *known}))
            comment = f"# The learner defines {name} in another cell.\n"
            made.source, made.rest = f"{comment}{rest}", rest if made.holder else ""
        return made

    def _has_other_copy(self, exercise: _Exercise) -> bool:
        source = exercise.holder.source if exercise.holder else ""
        copies = (each for each in exercise.behind if each.source != source)
        return any(self._found.is_definition(each, exercise.name) for each in copies)

    # Where each cell is run.

    def _place_all(self) -> None:
        place = START
        for cell in self._found.cells:
            name = cell.name
            if name is None or (name in self._holders and name not in self._exercises):
                self._added.setdefault(place, []).append(cell)
            elif name in self._exercises:
                place = self._place_solution(cell, self._exercises[name], place)
            elif name not in self._course.checks:
                self._holders[name] = cell
                place = name
            elif cell.place == self._checks[self._course.checks[name]]:
                place = name

    def _place_solution(self, cell: SubmittedCell, exercise: _Exercise, place: str) -> str:
        """Put a solution's cell where it is run, and return the place of what follows it."""
        name, holder, places = exercise.name, exercise.holder, self._course.place
        if cell is holder:
            self._holders[name] = cell
            return name
        if cell in exercise.left_out or not cell.is_code:
            # It takes the place of the course's cell, unless another one does.
            return place if holder else name
        at, check = places[name], places[f"check_{name}"]
        # If cells were moved about, keep both the course's order and the learner's.
        if cell in exercise.behind:
            fits, otherwise = places[place] >= check, f"check_{name}"
        elif holder is not None and cell.place > holder.place:
            fits, otherwise = at <= places[place] < check, name
        else:
            fits, otherwise = places[place] < at, self._course.before(name)
        self._added.setdefault(place if fits else otherwise, []).append(cell)
        return place

    def _order(self) -> list[tuple[str, SubmittedCell | str | None]]:
        """Return what is run, one after the other, each with its place in the course.

        None stands for the course's cell of that name, a text for code of the course.
        """
        order: list[tuple[str, SubmittedCell | str | None]] = []
        waiting: list[tuple[str, SubmittedCell | str | None]] = []
        waiting += [(START, each) for each in self._added.get(START, ())]
        for name in self._course.names:
            # A missing cell of the course runs before what was added in its place.
            if name in self._holders or name in self._course.checks:
                order += waiting
                waiting = []
            if name in self._course.checks:
                order += self._moved_before(name, order)
            elif name in self._exercises and self._exercises[name].rest:
                order.append((name, self._exercises[name].rest))
            order.append((name, None))
            waiting += [(name, each) for each in self._added.get(name, ())]
        return order + waiting

    def _moved_before(
        self, check: str, order: Iterable[tuple[str, SubmittedCell | str | None]]
    ) -> list[tuple[str, SubmittedCell | str | None]]:
        """Return the definition that a check would miss, because cells were moved about."""
        definitions = self._exercises[self._course.checks[check]].definitions
        ran = {self._holders.get(name) if item is None else item for name, item in order}
        return [(check, definitions[-1])] if definitions and ran.isdisjoint(definitions) else []

    def _course_cell(self, name: str) -> Json:
        cell, holder = self._course.cells[name], self._holders.get(name)
        source = self._exercises[name].source if name in self._exercises else source_of(cell)
        made = {**deepcopy(cell), "source": source}
        if is_code(cell):
            made |= {"outputs": [], "execution_count": None}
            if holder is not None and holder.is_code:
                made["source"] = holder.source
        return made


def _cleaned(item: SubmittedCell | str, id: str) -> Json:
    """Return an added cell, or added code, of which nothing but the source is kept."""
    source = item if isinstance(item, str) else item.source
    if isinstance(item, str) or item.is_code:
        code: Json = {"outputs": [], "execution_count": None}
        return {"cell_type": "code", "id": id, "metadata": {}, "source": source, **code}
    left = len(source) - MAX_SOURCE
    if left > 0:
        source = f"{source[:MAX_SOURCE]}\n… and {left:,} more characters"
    # Markdown may hold HTML, which formgrader would run. The fence is longer than any inside.
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", source)), default=2))
    text = f"{ticks}text\n{source}\n{ticks}"
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": text}


__all__ = [
    "MAX_SOURCE",
    "is_check",
    "is_of_lesson",
    "is_solution",
    "rebuild",
    "refuse_other_lesson",
    "remarks_on",
    "source_of",
]
