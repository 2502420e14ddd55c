"""nbgrader at work in a folder of results: assignments, autograding, feedback, points.

The converters are called as its own commands call them. What they say goes to a log file; what
stopped one comes back as a sentence.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.options import configure
from grader.grading.results_folder import ResultsFolder


@dataclass(frozen=True)
class CellPoints:
    """Hold the points of one exercise, as the gradebook has them."""

    exercise: str
    points: float
    maximum: float


class NbgraderCourse:
    """Grade single submissions in a folder of results; use `open_course` to make one."""

    def __init__(self, folder: ResultsFolder, log: logging.Logger, causes: _Causes) -> None:
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import Config

        self._folder = folder
        self._causes = causes
        config = Config()
        configure(config, root=folder.path, db_url=folder.chosen_db_url)
        self._options = {"config": config, "log": log}
        self._coursedir = CourseDirectory(**self._options)

    def register(self, lesson: str) -> None:
        """Put a lesson and its exercises into the gradebook.

        Raises GradingError, among others when the gradebook holds submissions of a lesson that
        had other exercises.
        """
        from nbgrader.converters import GenerateAssignment

        self._coursedir.assignment_id = lesson
        cause = self._run(GenerateAssignment)
        if cause:
            raise GradingError(
                f"nbgrader cannot make the assignment {lesson}: {cause} "
                "Run `grader check`; if all is well, the gradebook is of an older course: choose "
                f"another folder with --out. Its log is {self._folder.log}."
            )

    def grade(self, student: str, lesson: str) -> str:
        """Grade a collected submission and write its feedback; return why not, or ""."""
        from nbgrader.converters import Autograde, GenerateFeedback

        self._coursedir.assignment_id = lesson
        self._coursedir.student_id = student
        return self._run(Autograde) or self._run(GenerateFeedback)

    def points(self, student: str, lesson: Lesson) -> tuple[CellPoints, ...]:
        """Return the points of each exercise of a graded submission.

        Raises GradingError when the lesson's notebook was built from other exercises.
        """
        from nbgrader.api import Gradebook

        with Gradebook(self._folder.db_url) as gradebook:
            graded = gradebook.find_submission_notebook(lesson.name, lesson.name, student)
            grades = {grade.name: (grade.score, grade.max_score) for grade in graded.grades}
        if grades.keys() != {f"check_{each.name}" for each in lesson.exercises}:
            raise GradingError(
                f"The notebook of {lesson.name} checks {', '.join(sorted(grades))}, and the lesson "
                "has other exercises. Run `grader build`, then grade again."
            )
        names = [each.name for each in lesson.exercises]
        return tuple(CellPoints(name, *grades[f"check_{name}"]) for name in names)

    def _run(self, converter: Any) -> str:
        from nbgrader.converters.base import NbGraderException

        self._causes.last = ""
        step = converter(coursedir=self._coursedir, **self._options)
        step.force = True
        try:
            step.start()
        except NbGraderException as error:
            return self._causes.last or _sentence(error)
        except Exception as error:  # noqa: BLE001 - one submission may not stop the class
            return _sentence(error)
        return ""


class _Causes(logging.Handler):
    """Keep the last exception that nbgrader logged: what it raises afterwards says less."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        if error is not None and record.levelno >= logging.ERROR:
            self.last = _sentence(error)


@contextmanager
def open_course(folder: ResultsFolder) -> Iterator[NbgraderCourse]:
    """Give nbgrader a folder of results to work in, and keep what it says off the terminal.

    Raises GradingError when the gradebook cannot be opened.
    """
    log = logging.getLogger("grader.nbgrader")
    log.propagate = False
    log.setLevel(logging.INFO)
    file = logging.FileHandler(folder.log, mode="w", encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    causes = _Causes()
    # Some parts of Jupyter have loggers of their own; those end at the root.
    heard = ((log, file), (log, causes), (logging.getLogger(), file))
    for logger, handler in heard:
        logger.addHandler(handler)
    try:
        with warnings.catch_warnings(), _alembic_on_path():
            # nbgrader's own, about its use of SQLAlchemy and of Jupyter; they help no instructor.
            warnings.simplefilter("ignore")
            _open_gradebook(folder)
            yield NbgraderCourse(folder, log, causes)
    finally:
        for logger, handler in heard:
            logger.removeHandler(handler)
        file.close()


def _open_gradebook(folder: ResultsFolder) -> None:
    from nbgrader.api import Gradebook

    try:
        with Gradebook(folder.db_url):
            pass
    except Exception as error:
        raise GradingError(
            f"The gradebook {folder.shown_db_url} cannot be opened: {_sentence(error)} Expected "
            "a URL such as sqlite:///gradebook.db or postgresql://user@host/name; see --db."
        ) from error


@contextmanager
def _alembic_on_path() -> Iterator[None]:
    # nbgrader starts alembic by its name, and the command may run without its venv on the path.
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _sentence(error: BaseException) -> str:
    first = next(iter(str(error).strip().splitlines()), "").rstrip(".")
    return f"{type(error).__name__}: {first}." if first else f"{type(error).__name__}."
