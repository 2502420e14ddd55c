"""The folder of results: a complete nbgrader course, apart from what was handed in."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from errno import EACCES
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.gradebook import shown_url
from grader.grading.keys import digest_of, results_digest
from grader.grading.known_files import KnownFile, stamp_of
from grader.grading.notebook_file import NotebookFile
from grader.grading.options import (
    AUTOGRADED,
    COLLECTED,
    FEEDBACK,
    FOLDERS,
    MADE,
    OWN,
    SOURCE,
    load_config,
    made_config,
    own_config,
    refuse_other_course,
)
from grader.grading.result import Result, Run, result_to_json
from grader.grading.standing import Standing, standing_to_json
from grader.grading.whole_file import whole_file, write_whole, writing

Json = Any

PREDICTIONS = "predictions"
"""Where what was predicted in a file is kept for the report. Nothing that grades reads it."""
ATTEMPTS = "attempts"
"""Where files and graded notebooks are if a student handed in a lesson more than once."""

_STAMP = "results.stamp.json"
_SQLITE = "sqlite:///"
_GLOB_CHARACTERS = frozenset("*?[")
_HANDED_IN, _GRADED = ".ipynb", ".graded.ipynb"


@dataclass(frozen=True)
class ResultsFolder:
    """Hold where results are; path is absolute, chosen_db_url None for the folder's own file."""

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
        """Return whether the gradebook exists; one on a server is assumed to."""
        name = self.db_url.removeprefix(_SQLITE)
        return name == self.db_url or Path(name).exists()

    @property
    def log(self) -> Path:
        """Return where workers log their errors."""
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
        """Return the file that says how results were found."""
        return self.path / "runs.json"

    def source(self, lesson: str) -> Path:
        """Return the path of the copy of a lesson's solution notebook."""
        return self.path / SOURCE / lesson / f"{lesson}.ipynb"

    def graded(self, student: str, lesson: str) -> Path:
        """Return the path of a submission's graded notebook, for formgrader to show."""
        return self.path / AUTOGRADED / student / lesson / f"{lesson}.ipynb"

    def feedback(self, student: str, lesson: str) -> Path:
        """Return the path of a submission's feedback page."""
        return self.path / FEEDBACK / student / lesson / f"{lesson}.html"

    def no_result(self, student: str, lesson: str) -> Path:
        """Return the path of the page that says why a submission has no result."""
        return self.path / FEEDBACK / student / lesson / "no-result.html"

    @property
    def by_hand(self) -> Path:
        """Return the file that keeps what a person gave, as the gradebook had it last."""
        return self.path / "by_hand.json"

    def write(self, path: Path, text: str | bytes, *, mode: int = 0o666) -> None:
        """Write a file of the folder whole or not at all, making its own folder if needed.

        Raises GradingError, with the fix, if it cannot be written.
        """
        write_whole(path, text if isinstance(text, bytes) else text.encode(), mode=mode)

    def forget(self, student: str) -> None:
        """Remove everything of a student from this folder."""
        for name in (COLLECTED, AUTOGRADED, FEEDBACK, ATTEMPTS, PREDICTIONS):
            path = self.path / name / student
            if path.is_dir():
                with writing(path):
                    shutil.rmtree(path)

    def remove(self, path: Path) -> None:
        """Remove a file of the folder, if it exists."""
        with writing(path):
            path.unlink(missing_ok=True)

    def _aside(self, student: str, lesson: str, digest: str, kind: str) -> Path:
        return self.path / ATTEMPTS / student / lesson / f"{digest}{kind}"

    def graded_try(self, student: str, lesson: str, digest: str) -> Path:
        """Return the path of one file's graded notebook.

        That is where formgrader looks, until a second file makes a folder for several tries.
        """
        aside = self._aside(student, lesson, digest, _GRADED)
        return aside if aside.parent.is_dir() else self.graded(student, lesson)

    def keep_graded(self, student: str, lesson: str, digest: str, notebook: Json) -> None:
        """Write the graded notebook of one file; digest: the file's."""
        text = json.dumps(notebook, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.write(self.graded_try(student, lesson, digest), f"{text}\n")

    def kept_try(self, student: str, lesson: str, digest: str) -> bytes | None:
        """Return what was read from an earlier file, or None if it is gone or was changed."""
        folder = self.path / ATTEMPTS / student / lesson
        for path in folder.glob(f"{digest}-*{_HANDED_IN}"):
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if path.name == _kept_name(digest, content):
                return content
        return None

    def kept_copy(self, student: str, lesson: str, digest: str, content: bytes) -> Path:
        """Return where what was read from one of several files is kept."""
        return self.path / ATTEMPTS / student / lesson / _kept_name(digest, content)

    def write_results(
        self, rows: Iterable[tuple[Standing, Result, Run | None]], *, of: str
    ) -> None:
        """Write what counts for a class, and beside it how it was found, both in the same order.

        rows: what counts, its result with the evidence, and the run. One is in memory at a time.
        of: the digest of all that they are made from; if both files were written from that last,
        they stay, and no row is asked for.
        """
        if self._written_from(of) == self._kept_stamp():
            return
        with (
            # The stamp says later that they are whole.
            whole_file(self.results, is_kept_at_once=True) as to_results,
            whole_file(self.runs, is_kept_at_once=True) as to_runs,
            _json_list(to_results) as add_result,
            _json_list(to_runs) as add_run,
        ):
            for standing, result, run in rows:
                add_result({**result_to_json(result), "standing": standing_to_json(standing)})
                one = standing.counting
                if run is not None and one is not None:
                    who = dict(zip(("student", "lesson"), standing.place, strict=True))
                    came = {"handed_in": one.handed_in.isoformat(), "source": one.source}
                    add_run({**who, **asdict(run), **came})
        self.write(self.path / _STAMP, json.dumps(self._written_from(of)) + "\n")

    def _written_from(self, of: str) -> Json:
        """Return what the stamp says if the files are those that were written from `of`."""
        files = [path.stat() for path in (self.results, self.runs) if path.is_file()]
        times = [[each.st_mtime_ns, each.st_size] for each in files]
        return {"of": of, "code": results_digest(), "results and runs": times}

    def _kept_stamp(self) -> Json:
        try:
            return json.loads((self.path / _STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def copy_lessons(self, course: Path, lessons: Iterable[Lesson]) -> None:
        """Copy the solution notebooks that submissions are graded against; course: its root.

        Raises GradingError if one has not been built.
        """
        for lesson in lessons:
            built = course / "solutions" / lesson.name / f"{lesson.name}.ipynb"
            copy = self.source(lesson.name)
            try:
                content = built.read_bytes()
            except FileNotFoundError as error:
                raise GradingError(
                    f"There is no {built}, which submissions are graded against. "
                    "Run `grader build`."
                ) from error
            if not copy.exists() or copy.read_bytes() != content:
                self.write(copy, content)

    def collected(self, student: str, lesson: str) -> Path:
        """Return where the notebook of a submission is kept."""
        return self.path / COLLECTED / student / lesson / f"{lesson}.ipynb"

    def has_collected(self, student: str, lesson: str, known: KnownFile) -> bool:
        """Return whether all that `collect` keeps of a file is in its place; known: the file."""
        folder = self.path / ATTEMPTS / student / lesson
        is_aside = folder.is_dir()
        try:
            return (
                stamp_of(self.collected(student, lesson)) == known.copy
                and self._predictions(student, lesson).exists() == known.has_predictions
                and (
                    not is_aside or (folder / _name_kept(known.digest, known.text_digest)).exists()
                )
            )
        except OSError:
            return False

    def collect(self, student: str, lesson: str, read: NotebookFile, *, earlier: str) -> Path:
        """Put a submission's notebook where nbgrader's Autograde button looks for it.

        Returns that place. earlier: the digest of the file before it, or "". That file is set
        aside with its graded notebook, and can still count or be graded again.
        """
        # Only the notebook: grading needs no other file that was handed in, and one named
        # json.py would be imported instead of Python's own.
        copy = self.collected(student, lesson)
        if copy.exists() and earlier != read.digest:
            with writing(copy):
                before = copy.read_bytes()
            if earlier:
                self._set_aside(student, lesson, earlier, before)
            with writing(copy.parent):
                shutil.rmtree(copy.parent)
            self._put_aside(student, lesson, read.digest, read.content)
        elif (self.path / ATTEMPTS / student / lesson).is_dir():
            self._put_aside(student, lesson, read.digest, read.content)
        if not copy.exists() or copy.read_bytes() != read.content:
            self.write(copy, read.content)
        self._keep_predictions(student, lesson, read)
        return copy

    def _predictions(self, student: str, lesson: str) -> Path:
        return self.path / PREDICTIONS / student / f"{lesson}.json"

    def _keep_predictions(self, student: str, lesson: str, read: NotebookFile) -> None:
        path = self._predictions(student, lesson)
        if read.predicted:
            text = json.dumps([asdict(each) for each in read.predicted])
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                self.write(path, text)
        elif path.exists():
            self.remove(path)

    def _set_aside(self, student: str, lesson: str, digest: str, notebook: bytes) -> None:
        is_first = not (self.path / ATTEMPTS / student / lesson).is_dir()
        graded = self.graded(student, lesson)
        if is_first and graded.exists():
            self.write(self._aside(student, lesson, digest, _GRADED), graded.read_bytes())
        self._put_aside(student, lesson, digest, notebook)

    def _put_aside(self, student: str, lesson: str, digest: str, notebook: bytes) -> None:
        path = self.kept_copy(student, lesson, digest, notebook)
        if not path.exists():
            self.write(path, notebook)

    def write_configs(self, late_penalty: str) -> None:
        """Write nbgrader's config if there is none, and update the one that it loads."""
        own, made = self.path / OWN, self.path / MADE
        before = own.read_text(encoding="utf-8") if own.exists() else None
        # The URL may hold a password.
        mode = 0o666 if self.chosen_db_url is None else 0o600
        for path, text, bits in (
            (made, made_config(self.chosen_db_url, late_penalty), mode),
            (own, own_config(before), 0o666),
        ):
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                self.write(path, text, mode=bits)


@contextmanager
def _json_list(write: Callable[[bytes], object]) -> Iterator[Callable[[Json], None]]:
    """Give what adds to a list in a file, written as `json.dumps` with an indent of 1 does."""
    ends = {True: b"[]\n", False: b"\n]\n"}
    is_empty = True

    def add(value: Json) -> None:
        nonlocal is_empty
        text = json.dumps([value], indent=1, ensure_ascii=True)
        write(b"[" if is_empty else b",")
        write(text[1:-2].encode())
        is_empty = False

    yield add
    write(ends[is_empty])


def _kept_name(digest: str, content: bytes) -> str:
    # What was read from a file lacks its outputs, so its digest is another one.
    return _name_kept(digest, digest_of(content))


def _name_kept(digest: str, text_digest: str) -> str:
    return f"{digest}-{text_digest[:16]}{_HANDED_IN}"


def choose_folder(out: Path, submitted: Path, db_url: str | None = None) -> ResultsFolder:
    """Return the folder of results, made if needed; nothing in it is changed.

    db_url: an SQLAlchemy URL; by default the last run's, else a file of the folder.
    Raises GradingError if the folder cannot be written, is another nbgrader course, or lies
    among what was handed in.
    """
    path, handed_in = out.resolve(), submitted.resolve()
    _refuse_overlap(path, handed_in)
    if _GLOB_CHARACTERS & set(str(path)):
        raise GradingError(
            f"nbgrader finds no files in {path}, because of its *, ? or [. "
            "Choose a folder with another name: --out grades."
        )
    try:
        refuse_other_course(path)
        path.mkdir(parents=True, exist_ok=True)
        if not os.access(path, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES), str(path))
    except OSError as error:
        raise GradingError(
            f"{path} cannot be written ({error.strerror}). "
            "Choose another folder with --out, or fix its permissions."
        ) from error
    return ResultsFolder(path, None if db_url is None else _absolute(db_url))


def known_folder(path: Path, db_url: str | None = None) -> ResultsFolder:
    """Return a folder of results with the gradebook that its configs name, unless one is given."""
    folder = path.resolve()
    if db_url is None:
        found = load_config(folder).CourseDirectory.get("db_url")
        return ResultsFolder(folder, found)
    return ResultsFolder(folder, _absolute(db_url))


def _refuse_overlap(out: Path, submitted: Path) -> None:
    if submitted == out or submitted in out.parents:
        raise GradingError(
            f"{out} is inside {submitted}, and grading never changes anything there. "
            "Choose a folder outside: --out grades."
        )
    for name in FOLDERS:
        if out / name == submitted or out / name in submitted.parents:
            raise GradingError(
                f"{submitted} belongs to the results of an earlier run in {out}. Give the folder "
                "that was handed in, or choose another one for the results: --out grades."
            )


def _absolute(db_url: str) -> str:
    """Return a URL that means the same in every folder: nbgrader changes to its own."""
    if not db_url.startswith("sqlite:"):
        return db_url
    name = db_url.removeprefix(_SQLITE)
    if name in ("", ":memory:") or not db_url.startswith(_SQLITE):
        raise GradingError(
            f"A gradebook at {db_url} would be gone after the run. "
            "Name a file: --db sqlite:///gradebook.db."
        )
    return f"{_SQLITE}{Path(name).absolute()}"
