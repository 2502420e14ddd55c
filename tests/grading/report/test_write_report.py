"""The files of a report, and whose points they hold."""

import csv
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.gradebook import open_gradebook
from grader.grading.report import write_report
from tests.grading.class_folder import START
from tests.grading.made_results import result, solution_notebook
from tests.grading.report.made_class import write_class


def points_of(path: Path) -> dict[str, str]:
    """Return the points of the first lesson in Moodle's file."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row["Username"]: row[START] for row in csv.DictReader(file)}


def test_four_files_are_written(tmp_path: Path) -> None:
    """And report.json holds what the page shows."""
    report = write_report(write_class(tmp_path))
    assert [each.name for each in report.paths] == [
        "report.html",
        "report.json",
        "canvas.csv",
        "moodle.csv",
    ]
    assert report.gradebook == ""
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["lessons"][0]["points"] == [0, 2, 5, 7]
    assert written["misconceptions"][0]["diagnosis"] == "returned-block"
    assert points_of(tmp_path / "moodle.csv") == {
        "ada": "7",
        "ben": "5",
        "cho": "2",
        "dee": "0",
        "eve": "",
    }
    assert not list(tmp_path.glob("*.partial"))


def test_the_gradebook_has_the_last_word(tmp_path: Path) -> None:
    """What a person gave by hand is what goes to Canvas and Moodle."""
    from nbgrader.api import Gradebook

    write_class(tmp_path)
    with open_gradebook(tmp_path) as book:
        book.register(find_lesson(START), solution_notebook())
        book.write(
            result("ben", first_call="returned-block"), b"{}", submitted_at=datetime.now(UTC)
        )
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("check_first_call", START, START, "ben")
        grade.manual_score = 3.5
        gradebook.db.commit()
    report = write_report(tmp_path)
    assert report.gradebook.endswith("gradebook.db")
    assert points_of(tmp_path / "moodle.csv")["ben"] == "6.5"
    assert points_of(tmp_path / "moodle.csv")["ada"] == "7"


def test_what_came_late_is_listed(tmp_path: Path) -> None:
    """By how much, and what is left of the points; an extension counts."""
    from nbgrader.api import Gradebook

    write_class(tmp_path)
    due = datetime(2026, 11, 28, 12, tzinfo=UTC)
    with open_gradebook(tmp_path) as book:
        book.register(find_lesson(START), solution_notebook(), due=due)
        for student, hours in (("ada", -1), ("ben", 27), ("cho", 27)):
            came = due + timedelta(hours=hours)
            book.write(result(student), b"{}", submitted_at=came)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.grant_extension(START, "cho", days=2)
    write_report(tmp_path)
    [late] = json.loads((tmp_path / "report.json").read_text())["late"]
    assert late == {
        "student": "ben",
        "lesson": START,
        "seconds": 27 * 3600,
        "penalty": 0.0,
        "points": 7.0,
    }
    assert "<td>1 d 3 h</td>" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_without_matplotlib_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A learner's environment has none, and only the report draws."""
    write_class(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(GradingError, match=r"drawn by matplotlib.*pip install 'grader\[teach\]'"):
        write_report(tmp_path)
    assert not (tmp_path / "report.html").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Nothing half-written is left in the place of a report."""
    (write_class(tmp_path) / "canvas.csv").mkdir()
    with pytest.raises(GradingError, match=r"canvas\.csv.* cannot be written"):
        write_report(tmp_path)
