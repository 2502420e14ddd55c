"""A course as nbgrader sees it, in a folder of its own: config, gradebook, feedback.

The folder gets an `nbgrader_config.py`, so that formgrader and every nbgrader command work in it.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GradingError

COLLECTED = "collected"
"""The folder of our own copies of what was handed in; the originals are never touched."""

CELL_SECONDS = 60
"""How long one cell of a submission may run."""

PREPROCESSORS = (
    "nbgrader.preprocessors.Execute",
    "grader.grading.only_points.OnlyPoints",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)
"""nbgrader's own steps of autograding, with ours after the execution."""

_PRIVATE = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "OPENAI_API_KEY")

_CONFIG = '''"""Written by `grader grade`: what nbgrader needs to open the results here."""

from pathlib import Path

from grader.grading import configure

c = get_config()  # noqa: F821  # nbgrader puts it there
configure(c, course={course!r}, out=str(Path(__file__).parent), db_url={db_url!r})
'''


@dataclass(frozen=True)
class CellPoints:
    """Hold the points of one exercise, as the gradebook has them."""

    exercise: str
    points: float
    maximum: float


def configure(config: Any, *, course: str, out: str, db_url: str) -> None:
    """Set nbgrader's options for grading; course: the repository; out: the folder of results."""
    config.CourseDirectory.root = out
    config.CourseDirectory.source_directory = str(Path(course) / "solutions")
    config.CourseDirectory.release_directory = "release"
    config.CourseDirectory.submitted_directory = COLLECTED
    config.CourseDirectory.db_url = db_url
    # The lesson sources hold the solutions and must not lie beside a submission.
    config.CourseDirectory.ignore = [".*", "*.pyc", "__pycache__", "*.nb.py"]
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    config.Autograde.autograde_preprocessors = list(PREPROCESSORS)
    config.Execute.timeout = CELL_SECONDS
    # In a kernel's log a warning about its own transport would hide what matters.
    config.Execute.extra_arguments = [
        "--HistoryManager.hist_file=:memory:",
        "--IPKernelApp.log_level=40",
    ]


class NbgraderCourse:
    """Grade single submissions with nbgrader, in a folder of results.

    course: the repository; out: the folder; db_url: the gradebook.
    Raises GradingError when the folder cannot be written.
    """

    def __init__(self, course: Path, out: Path, db_url: str | None) -> None:
        self.out = out.resolve()
        self.db_url = db_url or f"sqlite:///{self.out / 'gradebook.db'}"
        self._course = course
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            written = _CONFIG.format(course=str(course), db_url=self.db_url)
            (self.out / "nbgrader_config.py").write_text(written, encoding="utf-8")
        except OSError as error:
            raise GradingError(
                f"{self.out} cannot be written ({error.strerror}). "
                "Choose another folder with --out, or mend its permissions."
            ) from error
        self._api = self._make_api()

    def _make_api(self) -> Any:
        from nbgrader.apps.api import NbGraderAPI
        from traitlets.config import Config

        config = Config()
        configure(config, course=str(self._course), out=str(self.out), db_url=self.db_url)
        with _instructors_environment():
            return NbGraderAPI(config=config)

    def register(self, lesson: str) -> None:
        """Put a lesson and its exercises into the gradebook; raises GradingError."""
        with _instructors_environment():
            said = self._api.generate_assignment(lesson, force=True, create=True)
        if not said["success"]:
            raise GradingError(
                f"nbgrader cannot make the assignment {lesson}: {_last_line(said)} "
                "Run `grader check`; it says what is wrong with the course."
            )

    def grade(self, student: str, lesson: str, notebook: Path) -> str:
        """Grade one notebook and write its feedback; return what went wrong, "" when nothing."""
        folder = self.out / COLLECTED / student / lesson
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        # The notebook alone: nothing else that was handed in is needed to grade it.
        shutil.copyfile(notebook, folder / notebook.name)
        with _instructors_environment():
            said = self._api.autograde(lesson, student, force=True, create=True)
            if said["success"]:
                said = self._api.generate_feedback(lesson, student, force=True)
        self._log(said)
        if said["success"]:
            return ""
        return (
            f"nbgrader cannot grade {notebook.name}: {_last_line(said)} "
            f"The whole story is in {self.out / 'nbgrader.log'}."
        )

    def points(self, student: str, lesson: str) -> tuple[CellPoints, ...]:
        """Return the points of each exercise of a graded submission."""
        from nbgrader.api import Gradebook

        with _instructors_environment(), Gradebook(self.db_url) as gradebook:
            graded = gradebook.find_submission_notebook(lesson, lesson, student)
            return tuple(
                CellPoints(grade.name.removeprefix("check_"), grade.score, grade.max_score)
                for grade in graded.grades
            )

    def feedback(self, student: str, lesson: str) -> Path:
        """Return where the feedback page of a submission lies."""
        return self.out / "feedback" / student / lesson / f"{lesson}.html"

    def _log(self, said: dict[str, Any]) -> None:
        with (self.out / "nbgrader.log").open("a", encoding="utf-8") as log:
            log.write(said.get("log") or "")
            log.write(said.get("error") or "")


def _last_line(said: dict[str, Any]) -> str:
    text = (said.get("error") or said.get("log") or "no reason given").strip()
    return text.splitlines()[-1]


@contextmanager
def _instructors_environment() -> Iterator[None]:
    """Run nbgrader without keys, with progress switched off and this Python's programs found."""
    before = dict(os.environ)
    for name in _PRIVATE:
        os.environ.pop(name, None)
    os.environ["GRADER_PROGRESS"] = "off"
    # nbgrader starts alembic by its name.
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])
    try:
        with warnings.catch_warnings():
            # nbgrader's own, about its use of SQLAlchemy and of Jupyter; they help no instructor.
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
