"""Write the report on a class into its folder of results."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.grading.gradebook import OWN_FILE, Score, open_gradebook, shown_url
from grader.grading.report.reading import ClassResults, Place, read_class_results
from grader.grading.report.report_page import report_page
from grader.grading.report.spreadsheets import canvas_csv, moodle_csv
from grader.grading.report.summary import Summary, summarize

Json = Any


@dataclass(frozen=True)
class Report:
    """Hold what was written; gradebook: the URL of the one whose points count, "" for none."""

    paths: tuple[Path, ...]
    gradebook: str


def write_report(folder: Path, *, db_url: str | None = None) -> Report:
    """Write report.html, report.json, canvas.csv and moodle.csv into a folder of results.

    db_url: the gradebook; the folder's own SQLite file, where there is one, unless given. It
    knows what a person gave by hand and what was late, and so has the last word in the CSV files.
    Raises GradingError when the folder has no results, or cannot be written.
    """
    found = read_class_results(folder)
    scores: Mapping[Place, Score] = {}
    has_gradebook = db_url is not None or (folder / OWN_FILE).is_file()
    if has_gradebook:
        with open_gradebook(folder, db_url) as book:
            scores = book.scores()
    shown = shown_url(db_url or str(folder / OWN_FILE)) if has_gradebook else ""
    return Report(_written(folder, found, scores), shown)


def _written(folder: Path, found: ClassResults, scores: Mapping[Place, Score]) -> tuple[Path, ...]:
    summary = summarize(found, scores)
    points = {
        (each.name, lesson): found
        for each in summary.grades
        for lesson, found in each.points.items()
    }
    maximum = {each.lesson: float(each.maximum) for each in summary.lessons}
    written = {
        "report.html": report_page(summary),
        "report.json": json.dumps(report_json(summary), indent=1) + "\n",
        "canvas.csv": canvas_csv(points, maximum),
        "moodle.csv": moodle_csv(points, maximum),
    }
    try:
        for name, text in written.items():
            part = folder / f"{name}.partial"
            # Line ends as they are: a CSV file has those of its standard.
            part.write_text(text, encoding="utf-8", newline="")
            os.replace(part, folder / name)
    except OSError as error:
        raise GradingError(
            f"{error.filename} cannot be written ({error.strerror}). Mend its permissions."
        ) from error
    return tuple(folder / name for name in written)


def report_json(summary: Summary) -> Json:
    """Return the report as JSON: every number of the page, and every misconception."""
    return {
        "students": summary.students,
        "submissions": summary.submissions,
        "lessons": [
            {
                "lesson": each.lesson,
                "maximum": each.maximum,
                "points": list(each.points),
                "mean": each.mean,
                "median": each.median,
                "bins": list(each.bins),
            }
            for each in summary.lessons
        ],
        "grades": [asdict(each) for each in summary.grades],
        "exercises": [asdict(each) for each in summary.exercises],
        "misconceptions": [asdict(each) for each in summary.misconceptions],
        "stuck": [asdict(each) for each in summary.stuck],
        "late": [asdict(each) for each in summary.late],
        "stages": [asdict(each) for each in summary.stages],
        "levels": dict(summary.levels),
        "troubles": [
            {"student": each.student, "lesson": each.lesson, "trouble": each.trouble}
            for each in summary.troubles
        ],
    }
