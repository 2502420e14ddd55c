"""Write the report on a class into its folder of results."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.grading.grade import settle_class
from grader.grading.gradebook import shown_url
from grader.grading.journal import known_seed
from grader.grading.one_run import RunAtWork
from grader.grading.report.exports import CLASS, exports_of
from grader.grading.report.reading import read_class_results
from grader.grading.report.report_page import report_page
from grader.grading.report.summary import Summary, summarize
from grader.grading.results_folder import known_folder
from grader.grading.roster import Roster, keep_class_list, read_class_list
from grader.grading.versions import read_versions
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


def write_report(
    folder: Path,
    *,
    db_url: str | None = None,
    lesson: str | None = None,
    per: str = CLASS,
    roster: Roster | None = None,
    missing: str | None = None,
) -> Report:
    """Write report.html, report.json and the files for other programs into a folder of results.

    It first takes in what a person changed in the gradebook since: feedback pages, results.json and
    the gradebook's penalties follow. db_url: the gradebook; by default the last run's.
    lesson: makes CSV files of one lesson, named after it. per: what to make a file for, see
    `exports`. roster: who is in the class; missing: what counts for who handed in nothing; both
    are remembered. Raises GradingError when the folder has no results, or cannot be written.
    """
    known = known_folder(folder, db_url)
    notes: tuple[str, ...] = ()
    has_journal = known.journal.is_file()
    if has_journal:
        try:
            notes = settle_class(known.path, db_url, roster=roster, missing=missing)
        except RunAtWork as error:
            if not known.results.exists() or roster is not None or missing is not None:
                raise
            notes = (f"{error.who} The report holds what was written before.",)
        people = read_class_list(known.path)
    else:
        people = keep_class_list(known.path, roster, missing=missing)
    found = read_class_results(folder)
    shown = shown_url(known.db_url) if has_journal and known.has_gradebook else ""
    summary = replace(
        summarize(found, people),
        seed=known_seed(known.journal),
        versions=tuple(sorted(read_versions(folder), key=lambda each: each.lesson)),
    )
    if lesson is not None and not any(each.lesson == lesson for each in summary.lessons):
        raise GradingError(f"{folder} has no result of {lesson}. Grade it first.")
    exports = exports_of(found.standings, summary, lesson=lesson, per=per)
    written = {
        "report.html": report_page(summary),
        "report.json": json.dumps(report_json(summary), indent=1) + "\n",
        **exports.files,
    }
    for name, text in written.items():
        # Line ends as they are: a CSV file has those of its standard.
        write_whole(folder / name, text.encode())
    strangers = people.strangers(each.result.student for each in found.standings)
    paths = tuple(folder / name for name in written)
    return Report(paths, shown, (*notes, *strangers, *exports.notes))


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
        "no_shows": [asdict(each) for each in summary.no_shows],
        "sections": [asdict(each) for each in summary.sections],
        "remarks": [asdict(each) for each in summary.remarks],
        "stages": [asdict(each) for each in summary.stages],
        "levels": dict(summary.levels),
        "seed": summary.seed,
        "versions": [asdict(each) for each in summary.versions],
        "troubles": [
            {"student": each.student, "lesson": each.lesson, "trouble": each.trouble}
            for each in summary.troubles
        ],
    }
