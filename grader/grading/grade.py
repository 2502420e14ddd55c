"""Grade a class, one submission after another, and write down what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.gathering import Class, Submission
from grader.grading.nbgrader_course import CellPoints, NbgraderCourse, open_course
from grader.grading.notebook_file import read_notebook_file
from grader.grading.results_folder import ResultsFolder, prepare_folder


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
    """Hold the results of a class; results: the path of the JSON file that says the same.

    db_url: the gradebook's, without its password.
    """

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
    on_graded: called with each result. What an earlier run left in the folder of other students
    and lessons stays. Raises GradingError when nothing can be graded at all.
    """
    folder = prepare_folder(out, gathered.folder, db_url)
    lessons = {lesson.name: lesson for lesson in gathered.lessons}
    used = [lessons[name] for name in sorted({each.lesson for each in gathered.submissions})]
    folder.copy_lessons(course, used)
    graded = [
        GradedSubmission(
            each.student, each.lesson, None, _maximum(lessons, each.lesson), trouble=each.sentence
        )
        for each in gathered.troubles
    ]
    told = on_graded or (lambda _graded: None)
    for trouble in graded:
        told(trouble)
    with open_course(folder) as nbgrader:
        for lesson in used:
            nbgrader.register(lesson.name)
        for submission in gathered.submissions:
            result = _grade_one(nbgrader, folder, submission, lessons[submission.lesson])
            graded.append(result)
            told(result)
    ordered = tuple(sorted(graded, key=lambda each: (each.student, each.lesson)))
    folder.write(folder.results.name, _as_json(ordered, folder.path))
    return GradeReport(ordered, folder.results, folder.shown_db_url)


def _maximum(lessons: dict[str, Lesson], name: str) -> float:
    return float(lessons[name].points) if name in lessons else 0.0


def _grade_one(
    nbgrader: NbgraderCourse, folder: ResultsFolder, submission: Submission, lesson: Lesson
) -> GradedSubmission:
    student = submission.student
    try:
        folder.collect(student, lesson.name, read_notebook_file(submission.notebook))
        cause = nbgrader.grade(student, lesson.name)
    except GradingError as error:
        # The file changed since it was gathered.
        return _without_result(submission, lesson, str(error))
    except OSError as error:
        sentence = (
            f"{error.filename} cannot be written ({error.strerror}). Mend it and grade again."
        )
        return _without_result(submission, lesson, sentence)
    if cause:
        return _without_result(
            submission,
            lesson,
            f"nbgrader cannot grade {submission.notebook.name}: {cause} Ask for it to be handed "
            f"in again from a fresh copy of the lesson; the whole story is in {folder.log}.",
        )
    exercises = nbgrader.points(student, lesson)
    return GradedSubmission(
        student,
        lesson.name,
        sum(each.points for each in exercises),
        float(lesson.points),
        exercises,
        submission.remarks,
        folder.feedback(student, lesson.name),
    )


def _without_result(submission: Submission, lesson: Lesson, trouble: str) -> GradedSubmission:
    return GradedSubmission(
        submission.student, lesson.name, None, float(lesson.points), trouble=trouble
    )


def _as_json(graded: Iterable[GradedSubmission], root: Path) -> str:
    """Return the results as JSON; feedback pages are named from the folder of results."""
    rows = [asdict(each) for each in graded]
    for row in rows:
        page = row["feedback"]
        row["feedback"] = None if page is None else page.relative_to(root).as_posix()
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
