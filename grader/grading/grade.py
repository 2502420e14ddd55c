"""Grade a class, one submission after another, and write down what came of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.grading.gathering import Class, Submission
from grader.grading.nbgrader_course import CellPoints, NbgraderCourse


@dataclass(frozen=True, order=True)
class GradedSubmission:
    """Hold what came of one submission.

    points: None where there is no result. trouble: one sentence, "" when there is none.
    feedback: the page's path, None where there is no result.
    """

    student: str
    lesson: str
    points: float | None
    maximum: float
    exercises: tuple[CellPoints, ...] = ()
    trouble: str = ""
    feedback: Path | None = None


@dataclass(frozen=True)
class GradeReport:
    """Hold the results of a class; results: the path of the JSON file that says the same."""

    graded: tuple[GradedSubmission, ...]
    results: Path
    db_url: str

    @property
    def is_complete(self) -> bool:
        """Tell whether everything that was handed in has a result."""
        return all(each.points is not None for each in self.graded)

    @property
    def feedback(self) -> tuple[Path, ...]:
        """Return the paths of all feedback pages."""
        return tuple(each.feedback for each in self.graded if each.feedback is not None)


def grade_class(
    gathered: Class,
    course: Path,
    out: Path,
    *,
    db_url: str | None = None,
    on_graded: Callable[[GradedSubmission], None] | None = None,
) -> GradeReport:
    """Grade every submission of a class with nbgrader, whatever happens to single ones.

    course: the repository. out: the folder of results. db_url: out's own SQLite file unless given.
    on_graded: called with each result. Raises GradingError when nothing can be graded at all.
    """
    nbgrader = NbgraderCourse(course, out, db_url)
    for lesson in sorted({each.lesson for each in gathered.submissions}):
        nbgrader.register(lesson)
    maxima = {lesson.name: float(lesson.points) for lesson in gathered.lessons}
    graded = [
        GradedSubmission(
            each.student, each.lesson, None, maxima.get(each.lesson, 0.0), trouble=each.sentence
        )
        for each in gathered.troubles
    ]
    told = on_graded or (lambda _graded: None)
    for trouble in graded:
        told(trouble)
    for submission in gathered.submissions:
        result = _grade_one(nbgrader, submission, maxima[submission.lesson])
        graded.append(result)
        told(result)
    ordered = tuple(sorted(graded, key=lambda each: (each.student, each.lesson)))
    results = nbgrader.out / "results.json"
    _write_results(ordered, results)
    return GradeReport(ordered, results, nbgrader.db_url)


def _grade_one(
    nbgrader: NbgraderCourse, submission: Submission, maximum: float
) -> GradedSubmission:
    student, lesson = submission.student, submission.lesson
    trouble = nbgrader.grade(student, lesson, submission.notebook)
    if trouble:
        return GradedSubmission(student, lesson, None, maximum, trouble=trouble)
    exercises = nbgrader.points(student, lesson)
    return GradedSubmission(
        student,
        lesson,
        sum(each.points for each in exercises),
        maximum,
        exercises,
        submission.remarks,
        nbgrader.feedback(student, lesson),
    )


def _write_results(graded: tuple[GradedSubmission, ...], path: Path) -> None:
    rows = [asdict(each) for each in graded]
    for row in rows:
        row["feedback"] = None if row["feedback"] is None else str(row["feedback"])
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(partial, path)
