"""Write the report on a class into its folder of results."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.grading.grade import settle_class
from grader.grading.gradebook import shown_url
from grader.grading.one_run import RunAtWork
from grader.grading.report.reading import ClassResults, read_class_results
from grader.grading.report.report_page import report_page
from grader.grading.report.spreadsheets import SPREADSHEETS
from grader.grading.report.summary import Summary, summarize
from grader.grading.results_folder import known_folder
from grader.grading.whole_file import write_whole

Json = Any


@dataclass(frozen=True)
class Report:
    """Hold what was written; gradebook: the URL of the one whose points count, "" for none.

    notes: what else to know, and what the report could not take in, a sentence each.
    """

    paths: tuple[Path, ...]
    gradebook: str
    notes: tuple[str, ...] = ()


def write_report(folder: Path, *, db_url: str | None = None, lesson: str | None = None) -> Report:
    """Write report.html, report.json and each of SPREADSHEETS into a folder of results.

    It first takes in what a person changed in the gradebook since: feedback pages, results.json and
    the gradebook's penalties follow. db_url: the gradebook; by default the last run's.
    lesson: makes CSV files of one lesson, named after it. Raises GradingError when the folder has
    no results, or cannot be written.
    """
    known = known_folder(folder, db_url)
    notes: tuple[str, ...] = ()
    has_journal = known.journal.is_file()
    if has_journal:
        try:
            notes = settle_class(known.path, db_url)
        except RunAtWork as error:
            if not known.results.exists():
                raise
            notes = (f"{error.who} The report holds what was written before.",)
    found = read_class_results(folder)
    shown = shown_url(known.db_url) if has_journal and known.has_gradebook else ""
    return Report(_written(folder, found, lesson), shown, notes)


def _written(folder: Path, found: ClassResults, lesson: str | None) -> tuple[Path, ...]:
    summary = summarize(found)
    points = {
        (each.name, lesson): found
        for each in summary.grades
        for lesson, found in each.points.items()
    }
    maximum = {
        each.lesson: float(each.maximum)
        for each in summary.lessons
        if lesson in (None, each.lesson)
    }
    if lesson is not None and not maximum:
        raise GradingError(f"{folder} has no result of {lesson}. Grade it first.")
    end = f"-{lesson}.csv" if lesson else ".csv"
    written = {
        "report.html": report_page(summary),
        "report.json": json.dumps(report_json(summary), indent=1) + "\n",
        **{f"{name}{end}": make(points, maximum) for name, make in SPREADSHEETS.items()},
    }
    for name, text in written.items():
        # Line ends as they are: a CSV file has those of its standard.
        write_whole(folder / name, text.encode())
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
        "stopped": [asdict(each) for each in summary.stopped],
        "predictions": [asdict(each) for each in summary.asked],
        "remarks": [asdict(each) for each in summary.remarks],
        "stages": [asdict(each) for each in summary.stages],
        "levels": dict(summary.levels),
        "troubles": [
            {"student": each.student, "lesson": each.lesson, "trouble": each.trouble}
            for each in summary.troubles
        ],
    }
