"""What a worker must have in common with whoever asks it, so that its results are the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from grader.exercises import COURSE
from grader.grading.course_notebooks import course_digest
from grader.grading.keys import digest_of, grader_digest, library_versions

Json = Any

_FOLDER = Path(__file__).parent


@cache
def version_of(course: Path) -> Json:
    """Return what the results of a course depend on, besides submission and seed.

    course: the repository. Raises GradingError if a lesson has not been built.
    """
    files = (*sorted(_FOLDER.glob("*.py")), _FOLDER.parent / "crew.py")
    return {
        "libraries": list(library_versions()),
        "lessons": {each.name: course_digest(course, each.name) for each in COURSE},
        "code": {each.name: grader_digest(each.name) for each in COURSE},
        # Not of the results, but both sides must speak the same way.
        "way": digest_of(b"".join(each.read_bytes() for each in files)),
    }


def difference(wanted: Json, here: Json) -> str:
    """Return in words what differs, "" if nothing does."""
    told = [
        f"{has} instead of {asked}"
        for asked, has in zip(wanted["libraries"], here["libraries"], strict=False)
        if asked != has
    ]
    lessons = wanted["lessons"]
    if lessons.keys() != here["lessons"].keys():
        told.append("other lessons")
    else:
        changed = [name for name in lessons if lessons[name] != here["lessons"][name]]
        told += [f"another notebook of {', '.join(changed)}"] if changed else []
    if (wanted["code"], wanted["way"]) != (here["code"], here["way"]):
        told.append("another version of the grader")
    return ", ".join(told)
