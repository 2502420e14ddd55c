"""Gather a class from a folder: what can be graded, and what cannot and why.

The folder has nbgrader's layout, `SUBMITTED/<student>/<lesson>/<lesson>.ipynb`. It is only read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.errors import GradingError
from grader.exams import Lesson
from grader.exercises import find_lesson
from grader.grading.notebook_file import objection_to_file, remarks_on

LAYOUT = "SUBMITTED/<student>/<lesson>/<lesson>.ipynb"
_MAX_NAME_BYTES = 200


@dataclass(frozen=True, order=True)
class Submission:
    """Hold one student's notebook of one lesson; remarks: what is amiss and still graded."""

    student: str
    lesson: str
    notebook: Path
    remarks: str = ""


@dataclass(frozen=True, order=True)
class Trouble:
    """Say why something handed in cannot be graded, and what mends it; lesson: "" if unknown."""

    student: str
    lesson: str
    sentence: str


@dataclass(frozen=True)
class Class:
    """Hold everything that was handed in, in the order of students and lessons."""

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
        found = [
            each
            for student in sorted(submitted.iterdir())
            if not student.name.startswith(".")
            for each in _of_student(student, lessons, {each.name for each in course})
        ]
        if not found:
            raise GradingError(f"Nothing was handed in under {submitted}. Expected: {LAYOUT}.")
        return cls(
            submissions=tuple(sorted(each for each in found if isinstance(each, Submission))),
            troubles=tuple(sorted(each for each in found if isinstance(each, Trouble))),
            lessons=lessons,
        )


def _of_student(
    folder: Path, lessons: tuple[Lesson, ...], known: set[str]
) -> Iterator[Submission | Trouble]:
    objection = _objection_to_name(folder.name)
    if objection:
        yield Trouble(_printable(folder.name), "", objection)
        return
    if folder.is_symlink() or not folder.is_dir():
        yield Trouble(
            folder.name,
            "",
            f"{folder.name} is no folder of a student. Move it away, or put it where it "
            f"belongs: {LAYOUT}.",
        )
        return
    inside = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    if not inside:
        yield Trouble(
            folder.name, "", f"The folder {folder.name} is empty. Ask the student to hand in again."
        )
    wanted = {each.name: each for each in lessons}
    for each in inside:
        if each.name in wanted and not each.is_symlink() and each.is_dir():
            yield _of_lesson(folder.name, each, wanted[each.name])
        elif each.name not in known:
            near = get_close_matches(each.name, known, n=1, cutoff=0.5)
            fix = f"Rename it to {near[0]}." if near else f"The lessons are: {_listed(known)}."
            sentence = f"{_printable(each.name)} is the name of no lesson. {fix}"
            yield Trouble(folder.name, _printable(each.name), sentence)
        elif each.name in wanted:
            sentence = f"{each.name} is no folder, and links are not followed. Expected: {LAYOUT}."
            yield Trouble(folder.name, each.name, sentence)


def _of_lesson(student: str, folder: Path, lesson: Lesson) -> Submission | Trouble:
    path = folder / f"{lesson.name}.ipynb"
    if path.is_symlink() or path.exists():
        objection = objection_to_file(path)
        if objection:
            return Trouble(student, lesson.name, objection)
        return Submission(student, lesson.name, path, remarks_on(path, lesson))
    others = sorted(
        _printable(each.name) for each in folder.iterdir() if not each.name.startswith(".")
    )
    if not others:
        sentence = "The folder is empty. Ask the student to hand in again."
    else:
        sentence = f"There is {_listed(others[:3])}, but no {path.name}. Rename the right file."
    return Trouble(student, lesson.name, sentence)


def _objection_to_name(name: str) -> str:
    """Return why a folder's name can be no student id, or ""."""
    odd = [each for each in name if unicodedata.category(each).startswith("C")]
    try:
        too_long = len(name.encode()) > _MAX_NAME_BYTES
    except UnicodeEncodeError:
        return f"{_printable(name)} is not UTF-8, so it can be no student's id. Rename it."
    if odd or too_long or "/" in name or "\\" in name:
        return (
            f"{_printable(name)[:60]} can be no student's id: control characters, slashes and "
            f"more than {_MAX_NAME_BYTES} bytes are not allowed. Rename it."
        )
    return ""


def _printable(name: str) -> str:
    return "".join(
        each if each.isprintable() else "�" for each in name.encode("utf-8", "replace").decode()
    )


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names))
