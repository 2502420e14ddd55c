"""The course on disk: where it is, and its files read once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.authoring.manifest import COURSE, MANIFEST, read_manifest
from grader.authoring.plan import BuildPlan, plan_course
from grader.errors import AuthoringError
from grader.exams import Lesson, Verdict
from grader.sources import SOURCES

README = "README.md"
WORDS = "grader/exercises"
"""Where the checks keep their words, in Markdown."""

Examine = Callable[[str, Callable[..., Any]], Verdict]


@dataclass(frozen=True)
class Project:
    """Hold a course as the laws see it: its lessons, its files, and what a build would give.

    `recorded` is the manifest of the last build.
    `examine` judges a function as the exercise of that name.
    """

    course: tuple[Lesson, ...]
    files: Mapping[str, bytes]
    recorded: Mapping[str, str]
    plan: BuildPlan
    examine: Examine


def read_files(root: Path) -> dict[str, bytes]:
    """Return the bytes of every file the laws concern, by its path from the root.

    These are `solutions/`, `course/`, `README.md` and the words of the checks. Hidden files and
    caches are not part of the course, except the manifest.
    """
    files: dict[str, bytes] = {}
    for folder in (SOURCES, COURSE):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and (name == MANIFEST or not _is_aside(name)):
                files[name] = path.read_bytes()
    for path in sorted((root / WORDS).rglob("*.md")):
        files[path.relative_to(root).as_posix()] = path.read_bytes()
    if (root / README).is_file():
        files[README] = (root / README).read_bytes()
    return files


def read_project(root: Path, course: Sequence[Lesson], *, examine: Examine) -> Project:
    """Read a course from its folder; a file that is not a manifest counts as no build yet."""
    files = read_files(root)
    try:
        recorded = read_manifest(files.get(MANIFEST))
    except AuthoringError:
        recorded = {}
    plan = plan_course(files, course, recorded=recorded)
    return Project(tuple(course), files, recorded, plan, examine)


def _is_aside(name: str) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in name.split("/"))
