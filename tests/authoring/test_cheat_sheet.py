"""The cheat sheet: gathered from the ends of the lessons, and from nowhere else."""

from grader.authoring.cheat_sheet import HEADER, cheat_sheet, closing_of, rows_of
from grader.authoring.lesson_source import Cell, LessonSource
from grader.exams import Lesson

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
