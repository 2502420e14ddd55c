"""Rebuild a submission from the course: only what a learner was to write is taken from it.

Of the submission come the sources of solution cells, found by their grade_id, and of free code
cells. All else, the check cells, the metadata, the tags, the order, is the course's own. So a cell
that was deleted, doubled, forged or given another tag changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.exercises import COURSE

Json = Any

MAX_SOURCE = 200_000
"""How many characters of one cell are taken; nobody types more."""
_START = ""


def rebuild(submission: Json, course: Json) -> Json:
    """Return a notebook to be run, without outputs; both notebooks are left as they are.

    submission: a notebook of format 4, of which nothing else is believed. course: the lesson's
    notebook as learners get it. Where a solution cell is missing, the course's stub stands. Cells
    that the learner added keep their place behind the course's cell that they follow; what is
    not code is kept as plain text.
    """
    found = _Found(submission["cells"], course["cells"])
    cells = list(found.added(_START))
    for cell in course["cells"]:
        made = {**deepcopy(cell), "source": source_of(cell)}
        if cell["cell_type"] == "code":
            made |= {"outputs": [], "execution_count": None}
            if not is_check(cell):
                made["source"] = found.source(cell["id"], made["source"])
        cells += [made, *found.added(cell["id"])]
    return {
        "cells": cells,
        "metadata": deepcopy(course["metadata"]),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def remarks_on(submission: Json, course: Json) -> tuple[str, ...]:
    """Return what a submission lacks or has twice, a sentence each; it is graded all the same."""
    exercises = [cell["id"] for cell in course["cells"] if is_solution(cell)]
    count = Counter(_names(submission))
    missing = [name for name in exercises if not count[name]]
    doubled = [name for name in exercises if count[name] > 1]
    remarks = []
    if missing:
        remarks.append(f"It lacks the code cell of {', '.join(missing)}: 0 points for it.")
    if doubled:
        remarks.append(f"It has the cell of {', '.join(doubled)} twice: the last one counts.")
    return tuple(remarks)


def refuse_other_lesson(submission: Json, lesson: Lesson) -> None:
    """Raise GradingError where it is another lesson's notebook: 0 points would be untrue."""
    names = set(_names(submission))
    counts = {each.name: sum(it.name in names for it in each.exercises) for each in COURSE}
    best = max(counts, key=lambda name: counts[name])
    if counts[best] and not counts[lesson.name]:
        raise GradingError(
            f"This is the notebook of {best}, not of {lesson.name}. Ask for the right one."
        )


def _names(submission: Json) -> list[str]:
    """Return the names by which a submission's code cells may be exercises."""
    names = [_grade_id(cell) or cell.get("id") for cell in submission["cells"] if _is_code(cell)]
    return [name for name in names if isinstance(name, str)]


def is_check(cell: Json) -> bool:
    """Tell whether a cell of the course is a check cell."""
    return bool(cell["metadata"].get("nbgrader", {}).get("grade"))


def is_solution(cell: Json) -> bool:
    """Tell whether a cell of the course is one that holds a learner's solution."""
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def source_of(cell: Json) -> str:
    """Return a cell's source, which a file may keep as one text or as lines; else ""."""
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source[:MAX_SOURCE] if isinstance(source, str) else ""


class _Found:
    """What is taken of a submission: the sources of the course's cells, and added cells."""

    def __init__(self, cells: Iterable[Json], course: Iterable[Json]) -> None:
        self._sources: dict[str, str] = {}
        self._added: dict[str, list[Json]] = {}
        own = {cell["id"]: cell for cell in course}
        # A file of an older format has no ids: there a cell that was left alone is known by that.
        by_source = {source_of(cell): name for name, cell in own.items() if not is_solution(cell)}
        place = _START
        for cell in cells:
            name = self._name_of(cell, own, by_source)
            if name is None or (_is_code(cell) and not _is_code(own[name])):
                self._added.setdefault(place, []).append(cell)
                continue
            place = name
            if _is_code(cell):
                self._sources[name] = source_of(cell)

    def source(self, name: str, otherwise: str) -> str:
        """Return the source of the last cell of this name."""
        return self._sources.get(name, otherwise)

    def added(self, place: str) -> Iterator[Json]:
        """Return the cells that were added behind the course's cell of this name, cleaned."""
        for number, cell in enumerate(self._added.get(place, ()), 1):
            yield _cleaned(cell, f"{place[:40] or 'first'}-added-{number}")

    @staticmethod
    def _name_of(cell: Json, own: Mapping[str, Json], by_source: Mapping[str, str]) -> str | None:
        name = _grade_id(cell)
        if name is None or name not in own:
            name = cell.get("id")
        if isinstance(name, str) and name in own:
            return name
        return by_source.get(source_of(cell))


def _cleaned(cell: Json, id: str) -> Json:
    source = source_of(cell)
    if _is_code(cell):
        code: Json = {"outputs": [], "execution_count": None}
        return {"cell_type": "code", "id": id, "metadata": {}, "source": source, **code}
    # Markdown may hold HTML, which formgrader would let run. A fence is longer than any inside.
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", source)), default=2))
    text = f"{ticks}text\n{source}\n{ticks}"
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": text}


def _is_code(cell: Json) -> bool:
    return bool(cell.get("cell_type") == "code")


def _grade_id(cell: Json) -> str | None:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None
