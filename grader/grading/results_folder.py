"""The folder of results: a whole nbgrader course of its own, apart from what was handed in."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.gradebook import shown_url
from grader.grading.journal import Entry
from grader.grading.options import AUTOGRADED, COLLECTED, FEEDBACK, FOLDERS, SOURCE
from grader.grading.result import Result, result_to_json

Json = Any

_SQLITE = "sqlite:///"
_GLOB_CHARACTERS = frozenset("*?[")
_TITLE = '"""Written by `grader grade`: what nbgrader needs to open the grades in this folder."""'
_CONFIG = """{title}

from pathlib import Path

from grader.grading import configure

c = get_config()  # noqa: F821  # nbgrader puts it there
configure(c, root=Path(__file__).resolve().parent, db_url={db_url!r})
"""


@dataclass(frozen=True)
class ResultsFolder:
    """Hold where results lie; path is absolute, chosen_db_url None for the folder's own file."""

    path: Path
    chosen_db_url: str | None = None

    @property
    def db_url(self) -> str:
        """Return the gradebook's URL."""
        return self.chosen_db_url or f"{_SQLITE}{self.path / 'gradebook.db'}"

    @property
    def shown_db_url(self) -> str:
        """Return the gradebook's URL without its password."""
        return shown_url(self.db_url)

    @property
    def has_gradebook(self) -> bool:
        """Tell whether the gradebook is there; of one on a server that is taken for granted."""
        name = self.db_url.removeprefix(_SQLITE)
        return name == self.db_url or Path(name).exists()

    @property
    def log(self) -> Path:
        """Return where workers write what went wrong in them."""
        return self.path / "grading.log"

    @property
    def journal(self) -> Path:
        """Return where results are kept as soon as they are found."""
        return self.path / "journal.jsonl"

    @property
    def results(self) -> Path:
        """Return where results are written as JSON."""
        return self.path / "results.json"

    @property
    def runs(self) -> Path:
        """Return where it is written how results were found."""
        return self.path / "runs.json"

    def source(self, lesson: str) -> Path:
        """Return where the copy of a lesson's solution notebook lies."""
        return self.path / SOURCE / lesson / f"{lesson}.ipynb"

    def graded(self, student: str, lesson: str) -> Path:
        """Return where the graded notebook of a submission lies, for formgrader to show."""
        return self.path / AUTOGRADED / student / lesson / f"{lesson}.ipynb"

    def feedback(self, student: str, lesson: str) -> Path:
        """Return where the feedback page of a submission lies."""
        return self.path / FEEDBACK / student / lesson / f"{lesson}.html"

    def no_result(self, student: str, lesson: str) -> Path:
        """Return where the page lies that says why a submission has no result."""
        return self.path / FEEDBACK / student / lesson / "no-result.html"

    def write(self, path: Path, text: str, *, mode: int = 0o666) -> None:
        """Write a file of the folder whole or not at all; its own folder is made if need be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.partial")
        part.unlink(missing_ok=True)
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(opened, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, path)

    def keep_graded(self, student: str, lesson: str, notebook: Json) -> None:
        """Write the graded notebook of a submission."""
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
        self.write(self.graded(student, lesson), f"{text}\n")

    def write_results(self, results: Iterable[Result], entries: Iterable[Entry]) -> None:
        """Write what was found of a class, and beside it how, both in the order of the results."""
        runs = {(each.result.student, each.result.lesson): each for each in entries}
        told = []
        for result in results:
            entry = runs.get((result.student, result.lesson))
            if entry is not None:
                handed_in = entry.handed_in.isoformat()
                who = {"student": result.student, "lesson": result.lesson}
                told.append({**who, **asdict(entry.run), "handed_in": handed_in})
        for path, rows in (
            (self.results, [result_to_json(each) for each in results]),
            (self.runs, told),
        ):
            self.write(path, json.dumps(rows, indent=1, ensure_ascii=True) + "\n")

    def copy_lessons(self, course: Path, lessons: Iterable[Lesson]) -> None:
        """Copy the solution notebooks that submissions are graded against; course: its root.

        Raises GradingError where one has not been built.
        """
        for lesson in lessons:
            built = course / "solutions" / lesson.name / f"{lesson.name}.ipynb"
            copy = self.source(lesson.name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                content = built.read_bytes()
                if not copy.exists() or copy.read_bytes() != content:
                    copy.write_bytes(content)
            except FileNotFoundError as error:
                raise GradingError(
                    f"There is no {built}, which submissions are graded against. "
                    "Run `grader build`."
                ) from error

    def collect(self, student: str, lesson: str, notebook: bytes) -> None:
        """Put a submission's notebook where nbgrader's Autograde button looks for it.

        What an earlier try left there, and its feedback page, go.
        """
        # The notebook alone: no other file that was handed in is needed to grade it, and one
        # named json.py would be imported in the place of Python's own.
        copy = self.path / COLLECTED / student / lesson / f"{lesson}.ipynb"
        if copy.exists() and copy.read_bytes() == notebook:
            return
        for folder in (COLLECTED, FEEDBACK):
            shutil.rmtree(self.path / folder / student / lesson, ignore_errors=True)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(notebook)


def prepare_folder(out: Path, submitted: Path, db_url: str | None = None) -> ResultsFolder:
    """Return the folder of results, made ready to be opened with nbgrader.

    db_url: an SQLAlchemy URL; a file of the folder unless given.
    Raises GradingError when the folder cannot be written, is another nbgrader course, or lies
    among what was handed in.
    """
    path, handed_in = out.resolve(), submitted.resolve()
    _refuse_overlap(path, handed_in)
    if _GLOB_CHARACTERS & set(str(path)):
        raise GradingError(
            f"nbgrader finds no files in {path}, because of its *, ? or [. "
            "Choose a folder with another name: --out grades."
        )
    folder = ResultsFolder(path, None if db_url is None else _absolute(db_url))
    config = path / "nbgrader_config.py"
    try:
        if config.exists() and not config.read_text(encoding="utf-8").startswith(_TITLE):
            raise GradingError(
                f"{path} is an nbgrader course already: its {config.name} is not of "
                "`grader grade`. Choose another folder: --out grades."
            )
        path.mkdir(parents=True, exist_ok=True)
        # The URL may hold a password.
        mode = 0o666 if folder.chosen_db_url is None else 0o600
        written = _CONFIG.format(title=_TITLE, db_url=folder.chosen_db_url)
        folder.write(config, written, mode=mode)
    except OSError as error:
        raise GradingError(
            f"{path} cannot be written ({error.strerror}). "
            "Choose another folder with --out, or mend its permissions."
        ) from error
    return folder


def _refuse_overlap(out: Path, submitted: Path) -> None:
    if submitted == out or submitted in out.parents:
        raise GradingError(
            f"{out} lies in {submitted}, and nothing is ever changed there. "
            "Choose a folder outside: --out grades."
        )
    for name in FOLDERS:
        if out / name == submitted or out / name in submitted.parents:
            raise GradingError(
                f"{submitted} belongs to the results of an earlier run in {out}. Give the folder "
                "that was handed in, or choose another one for the results: --out grades."
            )


def _absolute(db_url: str) -> str:
    """Return a URL that means the same from every folder; nbgrader changes to its own."""
    if not db_url.startswith("sqlite:"):
        return db_url
    name = db_url.removeprefix(_SQLITE)
    if name in ("", ":memory:") or not db_url.startswith(_SQLITE):
        raise GradingError(
            f"A gradebook at {db_url} would be gone after the run. "
            "Name a file: --db sqlite:///gradebook.db."
        )
    return f"{_SQLITE}{Path(name).absolute()}"
