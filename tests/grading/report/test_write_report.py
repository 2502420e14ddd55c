"""The files of a report, and whose points they hold."""

import csv
import json
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.exams import Finding, common
from grader.grading.journal import known_seed
from grader.grading.one_run import one_run
from grader.grading.report import SPREADSHEETS, write_report
from grader.grading.result import CELL
from grader.grading.versions import keep_versions, lesson_version
from tests.grading.class_folder import ROOT, START, STRUCTURE
from tests.grading.made_results import result, verdict
from tests.grading.made_standings import NOON, MadeClass
from tests.grading.report.made_class import ADAS_POINTS, write_class


def points_of(path: Path) -> dict[str, str]:
    """Return the points of the first lesson in Moodle's file."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row["Username"]: row[START] for row in csv.DictReader(file)}


def test_a_page_json_and_each_export_are_written(tmp_path: Path) -> None:
    """And report.json holds what the page shows."""
    report = write_report(write_class(tmp_path))
    assert [each.name for each in report.paths] == [
        "report.html",
        "report.json",
        *(f"{name}.csv" for name in SPREADSHEETS),
    ]
    assert report.gradebook == ""
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["lessons"][0]["points"] == [0, 2, 5, 7]
    assert written["misconceptions"][0]["diagnosis"] == "returned-block"
    assert points_of(tmp_path / "moodle.csv") == {"ada": "7"}
    assert "ben, cho, dee are left out" in " ".join(report.notes)
    write_report(tmp_path, per="lesson")
    assert points_of(tmp_path / f"moodle-{START}.csv") == {
        "ada": "7",
        "ben": "5",
        "cho": "2",
        "dee": "0",
    }
    assert not list(tmp_path.glob("*.partial"))


def test_the_gradebook_has_the_last_word(tmp_path: Path) -> None:
    """What a person gave by hand goes to Canvas and Moodle, and onto the student's page."""
    made = MadeClass(tmp_path)
    for each in (result("ada"), result("ben", first_call="returned-block")):
        made.hand_in(each)
    made.settle()
    made.give_by_hand("ben", points=3.5, comment="Nearly.")
    report = write_report(tmp_path)
    assert report.gradebook.endswith("gradebook.db")
    assert points_of(tmp_path / "moodle.csv") == {"ada": "7", "ben": "6.5"}
    page = made.folder.feedback("ben", START).read_text(encoding="utf-8")
    assert "6.5 of 7 points." in page
    assert "Nearly." in page


def test_what_came_late_is_listed(tmp_path: Path) -> None:
    """By how much, and what is left of the points; an extension counts."""
    made = MadeClass(tmp_path)
    for student, hours in (("ada", -1), ("ben", 27), ("cho", 27)):
        made.hand_in(result(student), NOON + timedelta(hours=hours))
    made.say(due={START: NOON}, extensions={("cho", START): timedelta(days=2)})
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


def test_csv_files_of_one_lesson_are_named_after_it(tmp_path: Path) -> None:
    """The others are left alone."""
    report = write_report(write_class(tmp_path), lesson=STRUCTURE)
    assert [each.name for each in report.paths[2:]] == [
        f"{name}-01_structure.csv" for name in SPREADSHEETS
    ]
    assert (tmp_path / "moodle-01_structure.csv").read_text() == (
        f'"Username","01_structure"\n"ada",{ADAS_POINTS}\n'
    )
    assert not (tmp_path / "moodle.csv").exists()
    with pytest.raises(GradingError, match="has no result of 03_tool_use"):
        write_report(tmp_path, lesson="03_tool_use")


def test_remarks_and_what_stopped_are_told(tmp_path: Path) -> None:
    """With a link to the page of whom it is about."""
    failed = verdict("first_call", "returned-block")
    finding = Finding(
        common("cell-failed"), "Python says: `SyntaxError: expected ':' (line 1)`", ()
    )
    trace = f'''Traceback (most recent call last):
  File "{CELL}", line 3, in first_call
    return read(message)
           ^^^^
  File "{CELL}", line 9, in read
    return message.content[0].words
  File "/opt/pydantic/main.py", line 1110, in __getattr__
    raise AttributeError(item)
AttributeError: words
'''
    crashed = replace(failed, outcome="Crashed", finding=finding, traceback=trace)
    ada = result("ada & co")
    ada = replace(
        ada,
        exercises=(replace(ada.exercises[0], verdict=crashed), *ada.exercises[1:]),
        remarks=("Cell [3] failed: `!pip` cannot run here.",),
    )
    write_report(write_class(tmp_path, [ada]))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Cell [3] failed: `!pip` cannot run here." in page
    assert 'href="feedback/ada%20%26%20co/00_start_here/00_start_here.html"' in page
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["stopped"] == [
        {
            "lesson": START,
            "exercise": "first_call",
            "what": "SyntaxError",
            "count": 1,
            "lines": ["return message.content[0].words"],
        }
    ]
    assert "<code>return message.content[0].words</code>" in page
    assert "What stopped" in page


def test_a_report_says_what_a_class_was_graded_with(tmp_path: Path) -> None:
    """The seed is folded away: whoever looks over a shoulder shouldn't learn it."""
    made = MadeClass(tmp_path)
    made.hand_in(result("ada"))
    made.settle()
    versions = lesson_version(ROOT, START), lesson_version(ROOT, STRUCTURE)
    keep_versions(tmp_path, versions)
    write_report(tmp_path)
    told = json.loads((tmp_path / "report.json").read_text())
    seed = known_seed(tmp_path / "journal.jsonl")
    assert told["seed"] == seed != ""
    assert [each["course"] for each in told["versions"]] == [each.course for each in versions]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"<details><summary>show it</summary><code>{seed}</code>" in page
    assert versions[0].libraries[0] in page


def test_a_report_reads_while_a_run_is_at_work(tmp_path: Path) -> None:
    """It holds what was written before, and says so; nothing of the run is touched."""
    made = MadeClass(tmp_path)
    made.hand_in(result("ada"))
    made.settle()
    made.hand_in(result("ben"))
    with one_run(tmp_path):
        report = write_report(tmp_path)
    assert "Another run is at work" in report.notes[0]
    assert points_of(tmp_path / "moodle.csv") == {"ada": "7"}
    assert write_report(tmp_path).notes == ()
    assert points_of(tmp_path / "moodle.csv") == {"ada": "7", "ben": "7"}


def test_without_matplotlib_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A learner's environment has none, and only the report draws."""
    write_class(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(GradingError, match=r"need matplotlib.*pip install 'grader\[teach\]'"):
        write_report(tmp_path)
    assert not (tmp_path / "report.html").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Nothing half-written is left in the place of a report."""
    (write_class(tmp_path) / "canvas.csv").mkdir()
    with pytest.raises(GradingError, match=r"canvas\.csv.* cannot be written"):
        write_report(tmp_path)
