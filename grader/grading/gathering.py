"""Gather a class from a folder: what can be graded, and what cannot and why.

The folder has nbgrader's layout, `SUBMITTED/<student>/<lesson>/<lesson>.ipynb`. It is only read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.errors import GradingError
from grader.exams import Lesson
from grader.exercises import find_lesson
from grader.grading.notebook_file import read_notebook_file

LAYOUT = "SUBMITTED/<student>/<lesson>/<lesson>.ipynb"
_MAX_NAME_BYTES = 200
# What git and Jupyter leave behind.
_NEVER_STUDENTS = frozenset({".git", ".ipynb_checkpoints"})


@dataclass(frozen=True, order=True)
class Submission:
    """Hold where one student's notebook of one lesson lies."""

    student: str
    lesson: str
    notebook: Path


@dataclass(frozen=True, order=True)
class Trouble:
    """Say why something handed in cannot be graded, and what mends it.

    student: "" for what is no student's folder. lesson: "" where that is unknown.
    """

    student: str
    lesson: str
    sentence: str


@dataclass(frozen=True)
class Class:
    """Hold everything that was handed in to a folder, in the order of students and lessons."""

    folder: Path
    submissions: tuple[Submission, ...]
    troubles: tuple[Trouble, ...]
    lessons: tuple[Lesson, ...]

    @classmethod
    def gather(
        cls, submitted: Path, course: Sequence[Lesson], *, lesson: str | None = None
    ) -> Class:
        """Return the class in a folder, all lessons of it or one.

        Raises GradingError when the folder is not there or holds nothing, UnknownExercise for a
        lesson that does not exist.
        """
        lessons = tuple(course) if lesson is None else (find_lesson(lesson),)
        if not submitted.is_dir():
            raise GradingError(f"There is no folder {submitted}. Expected: {LAYOUT}.")
        known = {each.name for each in course}
        try:
            found = [
                each
                for entry in sorted(submitted.iterdir())
                if not _is_aside(entry)
                for each in _of_student(entry, lessons, known)
            ]
        except OSError as error:
            raise GradingError(
                f"{error.filename} cannot be read ({error.strerror}). Mend its permissions."
            ) from error
        if not found:
            raise GradingError(f"Nothing was handed in under {submitted}. Expected: {LAYOUT}.")
        return cls(
            folder=submitted,
            submissions=tuple(sorted(each for each in found if isinstance(each, Submission))),
            troubles=tuple(sorted(each for each in found if isinstance(each, Trouble))),
            lessons=lessons,
        )

    def __len__(self) -> int:
        """Return how many results there will be, with and without points."""
        return len(self.submissions) + len(self.troubles)


def _is_aside(entry: Path) -> bool:
    hidden = entry.name.startswith(".")
    return hidden and (entry.name in _NEVER_STUDENTS or not entry.is_dir())


def _of_student(
    folder: Path, lessons: tuple[Lesson, ...], known: set[str]
) -> Iterator[Submission | Trouble]:
    student = folder.name
    objection = _objection_to_student(folder, known)
    if objection:
        yield Trouble("", "", objection)
        return
    inside = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    if not inside:
        yield Trouble(
            student, "", f"The folder {student} is empty. Ask the student to hand in again."
        )
    elif not any(each.is_dir() or each.suffix == ".ipynb" for each in inside):
        yield Trouble(student, "", f"{student} holds no lesson's folder. Expected: {LAYOUT}.")
    wanted = {each.name: each for each in lessons}
    for each in inside:
        name = _printable(each.name)
        if each.name in wanted and not each.is_symlink() and each.is_dir():
            yield _of_lesson(student, each, wanted[each.name])
        elif each.name in wanted:
            sentence = f"{each.name} is no folder, and links are not followed. Expected: {LAYOUT}."
            yield Trouble(student, each.name, sentence)
        elif each.name not in known and each.is_dir():
            near = _nearest(each.name, known)
            if near and near not in wanted:
                continue
            advice = _renaming(each, near) if near else f"The lessons are: {_listed(known)}."
            yield Trouble(student, name, f"{name} is the name of no lesson. {advice}")
        elif each.suffix == ".ipynb" and not each.is_dir():
            sentence = f"{name} lies beside the lessons' folders. Expected: {LAYOUT}."
            yield Trouble(student, name.removesuffix(".ipynb"), sentence)


def _renaming(folder: Path, lesson: str) -> str:
    notebook = f"{lesson}.ipynb"
    too = "" if (folder / notebook).exists() else f", and the notebook in it to {notebook}"
    return f"Rename it to {lesson}{too}."


def _nearest(name: str, known: set[str]) -> str:
    return next(iter(get_close_matches(name.casefold(), known, n=1, cutoff=0.5)), "")


def _of_lesson(student: str, folder: Path, lesson: Lesson) -> Submission | Trouble:
    path = folder / f"{lesson.name}.ipynb"
    if path.is_symlink() or path.exists():
        try:
            read_notebook_file(path)
            return Submission(student, lesson.name, path)
        except GradingError as error:
            return Trouble(student, lesson.name, str(error))
    others = sorted(
        _printable(each.name) for each in folder.iterdir() if not each.name.startswith(".")
    )
    if not others:
        sentence = "The folder is empty. Ask the student to hand in again."
    else:
        sentence = f"There is {_listed(others[:3])}, but no {path.name}. Rename the right file."
    return Trouble(student, lesson.name, sentence)


def _objection_to_student(entry: Path, known: set[str]) -> str:
    objection = objection_to_name(entry.name)
    if objection:
        return objection
    if entry.is_symlink() or not entry.is_dir():
        return (
            f"{entry.name} is no folder of a student. Move it away, or put it where it "
            f"belongs: {LAYOUT}."
        )
    if entry.name in known:
        return f"{entry.name} is a lesson, and a student's folder belongs here. Expected: {LAYOUT}."
    return ""


def objection_to_name(name: str) -> str:
    """Return why a folder's name can be no student's id, with what mends it, or ""."""
    shown = _printable(name)[:60]
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return f"{shown} is not UTF-8, so it can be no student's id. Rename it."
    if size > _MAX_NAME_BYTES:
        return f"{shown}… has {size} bytes; {_MAX_NAME_BYTES} is the most. Rename it."
    if any(unicodedata.category(each) in ("Cc", "Zl", "Zp") for each in name):
        return f"{shown} holds control characters, so it can be no student's id. Rename it."
    # nbgrader strips spaces and reads *, ? and [ as patterns; it would find no such folder.
    if not name or name.startswith(".") or name != name.strip() or set(name) & set("/\\*?["):
        return (
            f"{shown!r} can be no student's id: a leading dot, spaces at the ends, slashes and "
            "any of *?[ are not allowed. Rename it."
        )
    return ""


def _printable(name: str) -> str:
    return "".join(
        each if each.isprintable() else "�" for each in name.encode("utf-8", "replace").decode()
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
