"""Grade what one student handed in, in the same sealed kernel as a whole class."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading.gathering import Class
from grader.grading.grade import grade_class
from grader.grading.intake import Walk, look_into, place, plan
from grader.grading.result import Result
from grader.grading.standing import Standing

STUDENT = "student"


def grade_one(
    submission: Path, course: Path, lesson: str, *, allow_unsandboxed: bool = False
) -> Standing:
    """Return what counts for one student and lesson.

    submission: a file, archive or folder, in which the notebook may have any name. course: the
    repository. A submission that cannot be graded has a standing with the reason.
    Raises GradingError when nothing can be graded here.
    """
    with TemporaryDirectory(prefix="grader-") as made:
        submitted = Path(made, "submitted")
        with Walk([submission]) as walk:
            looked = look_into(walk, COURSE, course, lesson=lesson, student=STUDENT)
            planned = plan(looked, submitted)
            left = [*planned.left, *place(planned)]
        if not any(each.target.exists() for each in planned.moves):
            reasons = sorted({each.reason for each in left if each.is_trouble})
            why = " ".join(reasons[:3]) or "There is no notebook in it."
            trouble = f"Nothing of {lesson} was found. {why}"
            return Standing(Result(STUDENT, lesson, trouble=trouble), trouble=trouble)
        report = grade_class(
            Class.gather(submitted, COURSE, lesson=lesson),
            course,
            Path(made, "grades"),
            jobs=1,
            allow_unsandboxed=allow_unsandboxed,
        )
        found = [each for each in report.standings if each.place == (STUDENT, lesson)]
        if len(found) != 1:
            raise GradingError(f"{submission} has {len(found)} results of {lesson} instead of one.")
        return found[0]
