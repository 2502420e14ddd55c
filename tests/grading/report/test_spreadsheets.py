"""Points as CSV: the columns that Canvas and Moodle want, and no formula."""

import csv
import io

import pytest

from grader.grading.report import SPREADSHEETS
from grader.grading.report.spreadsheets import (
    Export,
    canvas_csv,
    left_out,
    moodle_csv,
    safe_cell,
)

_POINTS = {
    ("ada", "00_start_here"): 7.0,
    ("ada", "01_structure"): 12.5,
    ("ben, jr", "00_start_here"): 0.0,
    ("cho", "01_structure"): None,
}
_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_MAXIMUM = {"01_structure": 25.0, "00_start_here": 7.0}


def rows(text: str) -> list[list[str]]:
    """Return what a spreadsheet reads."""
    return list(csv.reader(io.StringIO(text, newline="")))


def test_canvas_gets_its_five_columns_and_what_each_lesson_is_worth() -> None:
    """A student is found by the login; who lacks a result has no row, which would clear a grade."""
    assert rows(canvas_csv(_POINTS, _MAXIMUM)) == [
        [*_COLUMNS, "00_start_here", "01_structure"],
        ["Points Possible", "", "", "", "", "7", "25"],
        ["ada", "", "", "ada", "", "7", "12.5"],
    ]
    assert left_out(_POINTS, _MAXIMUM) == ["ben, jr"]


def test_moodle_gets_a_username_and_a_column_for_each_lesson() -> None:
    """Moodle asks which column is what; a row of nothing could only make it refuse the file."""
    assert rows(moodle_csv(_POINTS, _MAXIMUM)) == [
        ["Username", "00_start_here", "01_structure"],
        ["ada", "7", "12.5"],
    ]


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1+1",
        "=cmd|'/c calc'!A0",
        '=HYPERLINK("https://evil.invalid","x")',
        "\N{FULLWIDTH EQUALS SIGN}1+1",
    ],
)
def test_no_cell_is_a_formula(name: str) -> None:
    """Each gets an apostrophe in front, in every file."""
    for make in SPREADSHEETS.values():
        text = make({(name, "a"): 1}, {"a": 1}, None)
        cells = [cell for row in rows(text) for cell in row]
        assert not [each for each in cells if each.strip()[:1] in set("=+-@")]
        assert any(each.startswith("'") for each in cells)


def test_names_cannot_leave_their_cell() -> None:
    """Quotes, commas, semicolons and line ends stay inside; every text is quoted."""
    name = 'x",=1;=2;"\n=3'
    text = moodle_csv({(name, "a"): 1}, {"a": 1})
    assert rows(text)[1:] == [['x",=1;=2;" =3', "1"]]
    assert text.splitlines()[1].startswith('"x"",=1')


def test_control_characters_do_nothing() -> None:
    """A file may be looked at in a terminal."""
    assert safe_cell("\x1b[31mada\x07") == "␛[31mada␇"
    assert safe_cell("Zoë  Ó 漢") == "Zoë  Ó 漢"


def test_no_student_is_taken_for_the_row_of_points() -> None:
    """Canvas knows that row by its words; the login keeps them."""
    [_, _, row] = rows(canvas_csv({("Points Possible", "a"): 1}, {"a": 1}))
    assert (row[0], row[3]) == ("Points_Possible", "Points Possible")


@pytest.mark.parametrize("made", SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_a_file_of_one_lesson_has_only_who_has_a_result_of_it(made: Export) -> None:
    """No cell under a name is empty, so nothing is cleared and nobody unknown is named."""
    for lesson, students in (("00_start_here", ["ada", "ben, jr"]), ("01_structure", ["ada"])):
        names = [row[0] for row in rows(made(_POINTS, {lesson: 7.0}, None))]
        assert [each for each in names if each in {"ada", "ben, jr", "cho"}] == students
