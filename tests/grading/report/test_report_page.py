"""The report: every number as text, every plot with its table, nothing that runs."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.grading.report import read_class_results, summarize
from grader.grading.report.plots import points_plot
from grader.grading.report.report_page import report_page
from grader.grading.report.summary import LessonPoints
from tests.grading.made_results import HOSTILE, hostile_result
from tests.grading.report.made_class import RUNS, write_class
from tests.grading.test_feedback_page import Seen


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
    assert not {"script", "img", "link", "iframe", "b"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "src"]
    assert seen.tags.count("meta") == 4
    assert not [each for each in page if ord(each) < 32 and each != "\n"]
    assert HOSTILE[0] in seen.text


def test_an_empty_class_has_a_page(tmp_path: Path) -> None:
    """Nothing to draw is no error."""
    page = report_page(summarize(read_class_results(write_class(tmp_path, [], []))))
    assert "0 students, 0 submissions" in page
    assert "<svg" not in page
