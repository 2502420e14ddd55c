"""The report: every number as text, every plot with its table, one script and it is ours."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.grading.report import read_class_results, summarize
from grader.grading.report.plots import points_plot
from grader.grading.report.reading import ClassResults
from grader.grading.report.report_page import report_page
from grader.grading.report.summary import LessonPoints
from grader.grading.standing import Standing
from tests.exercises.proof import ROOT
from tests.grading.made_results import HOSTILE, hostile_result, result
from tests.grading.report.made_class import RUNS, write_class
from tests.grading.test_feedback_page import Seen

_SCRIPT = ROOT / "grader" / "look" / "tables.js"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the report on a class of five."""
    return report_page(summarize(read_class_results(write_class(tmp_path_factory.mktemp("out")))))


def test_the_page_answers_the_five_questions(page: str) -> None:
    """Points, difficulty, misconceptions, who is stuck where, and time."""
    text = Seen(page).text
    for expected in (
        "5 students, 6 submissions, 1 of them without a result.",
        "00_start_here.ipynb is not JSON.",
        "How hard each exercise was",
        "You returned a block or a message instead of its text.",
        "returned-block",
        "Started, not solved",
        "ben, cho",
        "landlock (1), namespaces (2)",
        "Slowest",
        "Everybody's points",
    ):
        assert expected in text


def test_every_plot_has_a_name_and_a_table(page: str) -> None:
    """Whoever sees no picture reads the same numbers."""
    plots = re.findall(r'<svg role="img" aria-label="([^"]+)"', page)
    assert len(plots) == page.count("<svg ") == page.count("<summary>The numbers</summary>") == 3
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_plots_take_their_colours_from_the_theme(page: str) -> None:
    """No colour of a drawing is fixed, so that it reads in light and dark."""
    drawings = "".join(re.findall(r"<svg .*?</svg>", page, re.DOTALL))
    assert "var(--gr-ink)" in drawings
    assert not re.findall(r"(?:fill|stroke): #[0-9a-f]+", drawings)


def test_a_plot_is_xml_with_text() -> None:
    """What stands in it can be read aloud and searched; a dollar is a dollar."""
    drawn = points_plot([LessonPoints("a <b> $x^2$", 10, (1, 5))])
    words = ET.fromstring(drawn).itertext()
    assert "a <b> $x^2$: median 3" in [each.strip() for each in words]


def test_the_same_class_gives_the_same_page(page: str, tmp_path: Path) -> None:
    """No clock, no chance: the drawings' ids too."""
    assert report_page(summarize(read_class_results(write_class(tmp_path)))) == page


def test_nothing_a_submission_says_becomes_part_of_the_page(tmp_path: Path) -> None:
    """Names and titles are text, in the drawings too."""
    results = [hostile_result(said, said) for said in HOSTILE]
    runs = [{**RUNS[0], "student": said, "level": said, "seconds": {said: 1.0}} for said in HOSTILE]
    page = report_page(summarize(read_class_results(write_class(tmp_path, results, runs))))
    seen = Seen(page)
    assert not {"img", "link", "iframe", "b"} & set(seen.tags)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert (seen.tags.count("script"), script) == (1, _SCRIPT.read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'\"" in page
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "src"]
    assert seen.tags.count("meta") == 4
    assert not [each for each in page if ord(each) < 32 and each != "\n"]
    assert HOSTILE[0] in seen.text


def test_points_lead_to_the_page_of_feedback(page: str) -> None:
    """Of every submission that has one; who has no result has no link."""
    links = re.findall(r'<a href="feedback/(\w+)/(\w+)/\w+\.html">([\d.]+)</a>', page)
    assert ("ada", "00_start_here", "7") in links
    assert {student for student, _, _ in links} == {"ada", "ben", "cho", "dee"}


def test_a_lesson_says_when_it_was_due(page: str) -> None:
    """For most of the class, extensions aside; a class without due dates has no such column."""
    due = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
    late = due + timedelta(days=2)
    standings = [
        Standing(result(name), points=7, due=when)
        for name, when in (("ada", due), ("ben", due), ("cho", late))
    ]
    told = report_page(summarize(ClassResults(tuple(standings), {})))
    assert "2026-12-01 23:59:00 UTC" in told
    assert "2026-12-03" not in told
    assert ">Due<" not in page


def test_an_empty_class_has_a_page(tmp_path: Path) -> None:
    """Nothing to draw is no error."""
    page = report_page(summarize(read_class_results(write_class(tmp_path, [], []))))
    assert "0 students, 0 submissions" in page
    assert "<svg" not in page
