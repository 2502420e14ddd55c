"""The cheat sheet: gathered from the ends of the lessons, and from nowhere else."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from grader.authoring import find_root
from grader.authoring.cheat_sheet import (
    HEADER,
    SHORT_MINUTES,
    SHORT_WAY,
    cheat_sheet,
    closing_of,
    rows_of,
    section_minutes,
    short_way,
)
from grader.authoring.lesson_source import Cell, LessonSource, read_source
from grader.exams import Lesson
from grader.exercises import COURSE
from grader.sources import source_path

ROOT = find_root(Path(__file__))
LESSONS = [
    (lesson, read_source(lesson.name, (ROOT / source_path(lesson.name)).read_bytes()))
    for lesson in COURSE
]

ROW = "| Ask | `a` | `b` | `c` |"
CLOSING = f"""Before it.

## In short

Three sentences.

{HEADER}
|---|---|---|---|
{ROW}
{ROW}

*Reference:* here."""


def _source(*texts: str) -> LessonSource:
    return LessonSource("00_a", tuple(Cell("markdown", text, 1) for text in texts))


def _lesson(name: str, title: str) -> Lesson:
    return Lesson(name, title, 10, (), ())


def test_the_last_section_is_found_with_its_rows() -> None:
    """Whatever stands before it, and in how many cells it is written."""
    source = _source("# A", CLOSING)
    assert closing_of(source).startswith("## In short")
    assert rows_of(source) == [ROW, ROW]
    assert rows_of(_source("# A", "## In short", f"{HEADER}\n|---|---|---|---|\n{ROW}")) == [ROW]


def test_tables_elsewhere_are_no_part_of_the_sheet() -> None:
    """A lesson may show the table of its topic in the middle."""
    source = _source(f"{HEADER}\n|---|---|---|---|\n{ROW}", "## In short\n\nNo table.")
    assert rows_of(source) == []
    assert closing_of(_source("# A")) == ""


def test_the_sheet_has_a_part_for_each_lesson_with_rows() -> None:
    """With a link to where it is explained."""
    lessons = [
        (_lesson("00_a", "First"), _source(CLOSING)),
        (_lesson("01_b", "Second"), _source("# B")),
        (_lesson("02_c", "Third"), _source(CLOSING)),
    ]
    sheet = cheat_sheet(lessons)
    assert sheet is not None
    title, first, third = (cell.source for cell in sheet.cells)
    assert title.startswith("# Cheat sheet")
    assert first.startswith("## [00 · First](00_a/00_a.ipynb)")
    assert third.count(ROW) == 2
    assert "Second" not in first + third


def test_without_rows_there_is_no_sheet() -> None:
    """An empty page helps nobody."""
    assert cheat_sheet([(_lesson("00_a", "First"), _source("# A"))]) is None


def test_the_short_way_fits_its_minutes() -> None:
    """With what is to be read before its exercises, each of another lesson."""
    minutes = [
        section_minutes(source, each)
        for lesson, source in LESSONS
        for each in lesson.exercises
        if each.name in SHORT_WAY
    ]
    assert len(minutes) == len(SHORT_WAY)
    assert sum(minutes) <= SHORT_MINUTES - 2  # for the page itself
    homes = [
        lesson.name for lesson in COURSE for each in lesson.exercises if each.name in SHORT_WAY
    ]
    assert len(set(homes)) == len(homes)


def test_the_short_way_leads_to_headings_that_are_there() -> None:
    """Each link names the notebook and a heading above its exercise."""
    way = short_way(LESSONS)
    links = re.findall(r"`(\w+)` \| \[lesson \d\d\]\((\w+)/\2\.ipynb#(\S+)\), “(.+?)”", way)
    assert [name for name, *_ in links] == list(SHORT_WAY)
    sources = {lesson.name: source for lesson, source in LESSONS}
    for name, lesson, anchor, title in links:
        above = "\n".join(cell.source for cell in sources[lesson].cells).partition(f"def {name}(")[
            0
        ]
        headings = [line[3:] for line in above.splitlines() if line.startswith("## ")]
        assert title in headings
        assert title == (SHORT_WAY[name][0] or headings[-1])
        assert unquote(anchor) == title.replace(" ", "-")


def test_a_part_of_the_course_has_no_short_way() -> None:
    """A link to a lesson that isn't there helps nobody."""
    assert short_way(LESSONS[:2]) == ""


@pytest.mark.parametrize(
    "page", ["README.md", "course/README.md", source_path("00_start_here")], ids=str
)
def test_the_first_pages_lead_to_the_short_way(page: str) -> None:
    """With the minutes that it takes."""
    line = next(
        line
        for line in (ROOT / page).read_text("utf-8").splitlines()
        if "cheat_sheet.ipynb" in line
    )
    assert f"{SHORT_MINUTES} minutes" in line
