"""Feedback pages as one archive, named as the system that the submissions came from wants them.

Canvas takes it with Upload Submissions, and finds the student by the two numbers in a file's name.
Moodle takes it with Upload multiple feedback files in a zip, and finds the student by the folder's
name. `grader collect` has written beside each notebook what the system called it.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GradingError
from grader.grading.intake.clues import CANVAS, MOODLE, name_for_feedback
from grader.grading.intake.planning import ORIGIN
from grader.grading.results_folder import ResultsFolder

_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class FeedbackZip:
    """Hold an archive of feedback pages; without: students who have a page and no known origin."""

    content: bytes
    pages: int
    without: tuple[str, ...]


def feedback_zip(grades: Path, submitted: Path, lesson: str) -> FeedbackZip:
    """Return the feedback pages of a lesson, for Canvas or Moodle.

    grades: the folder of results. submitted: what `grader collect` made. The same pages make the
    same bytes. Raises GradingError when there are none.
    """
    folder = ResultsFolder(grades.resolve())
    written, pages, without = io.BytesIO(), 0, []
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in sorted(submitted.glob(f"*/{lesson}")):
            student = place.parent.name
            page = folder.feedback(student, lesson)
            if not page.is_file():
                continue
            name = _name(place / ORIGIN, page.name)
            if not name:
                without.append(student)
                continue
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, page.read_bytes())
            pages += 1
    if not pages and not without:
        raise GradingError(
            f"There is no feedback page of {lesson} in {grades} for a student of {submitted}. "
            f"Grade first: grader grade {submitted} --out {grades}"
        )
    return FeedbackZip(written.getvalue(), pages, tuple(without))


def _name(origin: Path, page: str) -> str:
    """Return what the system has to find as a page's name; "" if it is not from one."""
    try:
        told = json.loads(origin.read_text(encoding="utf-8"))
        system, way = str(told["system"]), str(told["from"]).split("/")
    except (OSError, ValueError, LookupError, TypeError):
        return ""
    return name_for_feedback(way, page) if system in (CANVAS, MOODLE) else ""
