"""The course's own notebooks, which submissions are rebuilt from."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.grading.keys import digest_of

Json = Any


def released_path(course: Path, lesson: str) -> Path:
    """Return the path of the notebook that learners get; course: the repository."""
    return course / "course" / lesson / f"{lesson}.ipynb"


@lru_cache(maxsize=32)
def read_course_notebook(course: Path, lesson: str) -> Json:
    """Return a lesson's notebook as learners get it; callers share it, so don't change it.

    Raises GradingError if it has not been built.
    """
    return json.loads(_read(course, lesson))


def course_digest(course: Path, lesson: str) -> str:
    """Return the digest of a lesson's notebook as learners get it."""
    try:
        found = released_path(course, lesson).stat()
    except OSError:
        return digest_of(_read(course, lesson))
    return _digest(course, lesson, (found.st_ino, found.st_size, found.st_mtime_ns))


@lru_cache(maxsize=32)
def _digest(course: Path, lesson: str, _stamp: tuple[int, ...]) -> str:
    return digest_of(_read(course, lesson))


def _read(course: Path, lesson: str) -> bytes:
    path = released_path(course, lesson)
    try:
        return path.read_bytes()
    except OSError as error:
        raise GradingError(
            f"There is no {path}, which submissions are graded against. Run `grader build`."
        ) from error
