"""Find a student's result, with the code that was graded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.rebuild import source_of
from grader.grading.report.reading import full_standings
from grader.grading.results_folder import ResultsFolder
from grader.grading.roster import read_class_list
from grader.grading.standing import Standing


@dataclass(frozen=True)
class FoundResult:
    """Hold what counts for a student and lesson.

    code: what was graded, by exercise. who: the student, for people.
    """

    standing: Standing
    code: Mapping[str, str]
    who: str


def find_result(folder: Path, student: str, lesson: str) -> FoundResult:
    """Return what counts for a student, named by id or as the roster names them.

    Raises GradingError, with the nearest names, if there is none.
    """
    people = read_class_list(folder)
    known: dict[str, str] = {}
    for standing in full_standings(folder):
        name = standing.place[0]
        known |= {name: name, people.name_of(name) or name: name}
        if standing.place[1] == lesson and student in (name, people.name_of(name)):
            return FoundResult(standing, code_of(folder, standing), people.shown(name))
    if student in known:
        raise GradingError(
            f"{student} has no result of {lesson} in {folder}. `grader grade` grades what is new."
        )
    near = get_close_matches(student, known, n=3, cutoff=0.4)
    advice = f"Did you mean: {', '.join(near)}?" if near else f"See {folder / 'results.json'}."
    raise GradingError(f"Nobody named {student!r} is in {folder}. {advice}")


def code_of(folder: Path, standing: Standing) -> Mapping[str, str]:
    """Return what was graded, by exercise; empty if the graded notebook is gone."""
    (student, lesson), digest = standing.place, standing.result.digest
    path = ResultsFolder(folder.resolve()).graded_try(student, lesson, digest)
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise GradingError(
            f"{path} cannot be read ({error}). Remove it and grade again: it's written anew."
        ) from error
    names = {each.name for each in find_lesson(lesson).exercises}
    return {each["id"]: source_of(each) for each in cells if each["id"] in names}
