"""Keys: what a result depends on, as one hash. The same key means the same result.

A result depends on the file, the lesson's notebook, the class's seed, the code that can change a
verdict, and the libraries that the learner's code calls. It doesn't depend on how a result is
written down, so adding a column to a report re-examines nobody.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import grader
from grader.grading.result import canonical

NO_VERDICT = (
    "authoring",
    "certificates",
    "classroom/certifying.py",
    "cli",
    "classroom/widgets",
    "grading/README.md",
    "grading/__init__.py",
    "grading/agreed.py",
    "grading/autograde.py",
    "grading/autograders",
    "grading/cluster",
    "grading/crew.py",
    "grading/demo.py",
    "grading/entries.py",
    "grading/feedback_page.py",
    "grading/gathering.py",
    "grading/grade.py",
    "grading/gradebook",
    "grading/hand_in_times.py",
    "grading/intake",
    "grading/journal.py",
    "grading/keys.py",
    "grading/late_penalty.py",
    "grading/known_files.py",
    "grading/lean.py",
    "grading/lesson_names.py",
    "grading/looking_up.py",
    "grading/merging.py",
    "grading/one_run.py",
    "grading/options.py",
    "grading/report",
    "grading/results_folder.py",
    "grading/roster",
    "grading/second_look",
    "grading/shards.py",
    "grading/standing.py",
    "grading/verifying.py",
    "grading/versions.py",
    "grading/whole_file.py",
    "grading/writer.py",
    "look/page.py",
)
"""Files and folders of the grader that no verdict depends on. All others are part of the key."""

_PAGE = (
    "grading/feedback_page.py",
    "grading/hand_in_times.py",
    "grading/standing.py",
    "look/page.py",
)
_RESULTS = (
    "exams/evidence.py",
    "exams/verdict_json.py",
    "grading/entries.py",
    "grading/result.py",
    "grading/results_folder.py",
    "grading/standing.py",
)
_READING = (
    "grading/gathering.py",
    "grading/known_files.py",
    "grading/looking_up.py",
    "grading/notebook_file.py",
    "grading/rebuild.py",
    "grading/recognizing.py",
    "grading/results_folder.py",
)
_EXERCISES = "exercises"
_PREDICTIONS = ("predictions.md", "predictions.py")
_TAKEN = re.compile(r"\bgrader\.exercises\.(\w+)")
_LIBRARIES = ("anthropic", "openai", "ipython", "ipykernel", "pydantic")
_ROOT = Path(grader.__file__).parent


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def key_of(
    student: str,
    lesson: str,
    digest: str,
    *,
    course: str,
    seed: str,
    code: str | None = None,
    libraries: Sequence[str] | None = None,
) -> str:
    """Return the key of a submission's result.

    digest: that of the file handed in. course: that of the lesson's notebook. seed: the class's.
    code, libraries: the grader's digest and the versions, by default those that are here.
    """
    grader_now = grader_digest(lesson) if code is None else code
    versions = library_versions() if libraries is None else libraries
    parts = [student, lesson, digest, course, seed, grader_now, list(versions)]
    return digest_of(canonical(parts).encode())


@cache
def grader_digest(lesson: str, root: Path = _ROOT) -> str:
    """Return the digest of the code that a lesson's verdicts depend on; root: of the package."""
    lessons = _lesson_folders(lesson, root)
    described = [
        (name, digest_of(file.read_bytes()))
        for name, file in _files(root)
        if not _is_aside(name, lessons)
    ]
    return digest_of(canonical(described).encode())


@cache
def page_digest() -> str:
    """Return the digest of the code that turns a result into a feedback page."""
    return digest_of(b"".join((_ROOT / name).read_bytes() for name in _PAGE))


@cache
def results_digest() -> str:
    """Return the digest of the code that writes results as JSON."""
    return digest_of(b"".join((_ROOT / name).read_bytes() for name in _RESULTS))


@cache
def reading_digest() -> str:
    """Return the digest of the code that reads what was handed in."""
    return digest_of(b"".join((_ROOT / name).read_bytes() for name in _READING))


@cache
def library_versions() -> tuple[str, ...]:
    """Return the versions of Python and of the libraries that a learner's code calls."""
    found = [f"python {sys.version_info.major}.{sys.version_info.minor}"]
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} none")
    return tuple(found)


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(root.rglob("*")):
        if file.is_file() and file.suffix != ".pyc" and "__pycache__" not in file.parts:
            yield file.relative_to(root).as_posix(), file


def _is_aside(name: str, lessons: Collection[str]) -> bool:
    """Return whether no verdict depends on a file; lessons: the lesson folders that count."""
    if any(name == each or name.startswith(f"{each}/") for each in NO_VERDICT):
        return True
    parts = name.split("/")
    if parts[0] == _EXERCISES and parts[-1] in _PREDICTIONS:
        return True
    is_of_a_lesson = parts[0] == _EXERCISES and len(parts) > 2
    return is_of_a_lesson and parts[1] not in lessons


def _lesson_folders(lesson: str, root: Path) -> set[str]:
    """Return a lesson's folder of exercises, and the folders that it imports from."""
    folders = {each.name for each in (root / _EXERCISES).iterdir() if each.is_dir()}
    own = lesson.partition("_")[2]
    found: set[str] = set()
    waiting = {own} if own in folders else folders
    while waiting:
        name = waiting.pop()
        found.add(name)
        text = "".join(each.read_text("utf-8") for each in (root / _EXERCISES / name).rglob("*.py"))
        waiting |= {each for each in _TAKEN.findall(text) if each in folders} - found
    return found
