"""Which versions a class was graded with, so that it can be said later what has changed since.

A result's key tells that something is otherwise; `versions.json` in the folder of results, a few
lines long, tells what.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.grading.course_notebooks import course_digest
from grader.grading.keys import grader_digest, key_of, library_versions
from grader.grading.result import Result
from grader.grading.whole_file import write_whole

Json = Any

NAME = "versions.json"
UNCHANGED = "Nothing that a result depends on has changed since."
_UNKNOWN = "It was graded by an earlier version, of which only that is known."


@dataclass(frozen=True)
class LessonVersion:
    """Hold what results of a lesson depend on, besides submission and seed.

    course: digest of its notebook. code: of the grader. libraries: with their versions.
    """

    lesson: str
    course: str
    code: str
    libraries: tuple[str, ...]

    def key(self, result: Result, seed: str) -> str:
        """Return the key of a result that was found with this version."""
        return key_of(
            result.student,
            result.lesson,
            result.digest,
            course=self.course,
            seed=seed,
            code=self.code,
            libraries=self.libraries,
        )


def lesson_version(course: Path, lesson: str) -> LessonVersion:
    """Return the version that is here; course: the repository."""
    return LessonVersion(
        lesson, course_digest(course, lesson), grader_digest(lesson), library_versions()
    )


def keep_versions(folder: Path, versions: Iterable[LessonVersion]) -> None:
    """Remember in a folder of results that lessons were graded with these."""
    known = list(read_versions(folder))
    new = [each for each in dict.fromkeys(versions) if each not in known]
    if new:
        rows = [asdict(each) for each in (*known, *new)]
        write_whole(folder / NAME, (json.dumps(rows, indent=1) + "\n").encode())


def read_versions(folder: Path) -> tuple[LessonVersion, ...]:
    """Return what is remembered; nothing if the file is gone or from elsewhere."""
    try:
        rows = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return tuple(
            LessonVersion(**{**each, "libraries": tuple(each["libraries"])}) for each in rows
        )
    except (OSError, ValueError, LookupError, TypeError):
        return ()


def changed_since(
    key: str, old: Result, now: LessonVersion, known: Iterable[LessonVersion], *, seed: str
) -> str:
    """Return in words what has changed since a result was found; key: the result's."""
    if key == now.key(old, seed):
        return UNCHANGED
    for each in known:
        if each.lesson == now.lesson and each.key(old, seed) == key:
            return f"Since then there is {_difference(each, now)}."
    return _UNKNOWN


def _difference(then: LessonVersion, now: LessonVersion) -> str:
    told = []
    if then.code != now.code:
        told.append("another version of the grader's code that this lesson uses")
    if then.course != now.course:
        told.append("another notebook of the lesson")
    told += [
        f"{new} instead of {old}"
        for old, new in zip(then.libraries, now.libraries, strict=False)
        if old != new
    ]
    return ", ".join(told)
