"""Which lesson a notebook is of, by its cells; names lie. And whether anything was done in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.definitions import defined_in
from grader.grading.notebook_file import read_notebook
from grader.grading.rebuild import best_lesson
from grader.grading.recognizing import is_code, source_of

Json = Any

_MOST_BEFORE = 2


@dataclass(frozen=True)
class Read:
    """Hold what a file's bytes say.

    lesson: "" if its cells do not say it. is_untouched: whether it is as the course gave it.
    is_solution: whether it is the course's own solution. trouble: why it cannot be read, or "".
    """

    digest: str
    lesson: str = ""
    is_untouched: bool = False
    is_solution: bool = False
    trouble: str = ""


class NotebookReader:
    """Read notebooks of a course; course: the repository."""

    def __init__(self, lessons: Sequence[Lesson], course: Path) -> None:
        self._lessons = lessons
        self._course = course
        self._given: dict[str, tuple[list[str], list[str]]] = {}

    def read(self, name: str, data: bytes) -> Read:
        """Return what a file holds; name: what to call it."""
        from grader.grading.keys import digest_of

        try:
            notebook = json.loads(read_notebook(name, data).content)
        except GradingError as error:
            return Read(digest_of(data), trouble=str(error))
        lesson = self._lesson_of(notebook)
        sources = [source_of(cell).strip() for cell in notebook["cells"]]
        released, solved = self._sources(lesson)
        return Read(digest_of(data), lesson, _is(sources, released), _is(sources, solved))

    def _lesson_of(self, notebook: Json) -> str:
        found = best_lesson(notebook, self._lessons)
        if found is None:
            # All marks and checks are lost: the names that the cells define are left.
            defined = {
                name
                for cell in notebook["cells"]
                if is_code(cell)
                for name in defined_in(source_of(cell))
            }
            counts = {
                each.name: sum(one.name in defined for one in each.exercises)
                for each in self._lessons
            }
            best = max(counts, key=lambda name: counts[name], default="")
            return best if best and counts[best] else ""
        return found.name

    def _sources(self, lesson: str) -> tuple[list[str], list[str]]:
        """Return the sources of a lesson as learners get it, and of its solution."""
        if lesson and lesson not in self._given:
            released = read_course_notebook(self._course, lesson)
            path = self._course / "solutions" / lesson / f"{lesson}.ipynb"
            solved = json.loads(path.read_bytes()) if path.is_file() else {"cells": []}
            first, second = (
                [source_of(cell).strip() for cell in each["cells"]] for each in (released, solved)
            )
            self._given[lesson] = first, second
        return self._given.get(lesson, ([], []))


def _is(sources: list[str], given: list[str]) -> bool:
    """Return whether a notebook is as it was given, but for what a program puts around it.

    Colab's and Kaggle's begin with a cell that installs the course, and an empty cell at the end
    appears when the last one is run.
    """
    while sources and not sources[-1]:
        sources = sources[:-1]
    before = len(sources) - len(given)
    return bool(given) and 0 <= before <= _MOST_BEFORE and sources[before:] == given
