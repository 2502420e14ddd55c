"""Points as CSV, in the columns that Canvas and Moodle import.

A spreadsheet runs a cell that begins like a formula, so such a cell gets an apostrophe in front.
A student whose name begins like one must then be matched by hand.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from grader.grading.hand_in_times import Place
from grader.grading.inert import inert

_FULLWIDTH = tuple(
    "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", *_FULLWIDTH)
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_POINTS_POSSIBLE = "Points Possible"

_Cell = str | int | float


def canvas_csv(points: Mapping[Place, float | None], maximum: Mapping[str, float]) -> str:
    """Return points as Canvas's gradebook imports them.

    Canvas finds a student by the login; it wants the five columns in this order, and reads the
    row named Points Possible as what each lesson is worth (its lib/gradebook_importer.rb).
    points: None if there is no result; such a cell stays empty. maximum: by lesson.
    An empty cell clears a grade that Canvas has (its no_change_to_value?), so a student without a
    result in any of the lessons gets no row.
    """
    lessons = sorted(maximum)
    rows: list[list[_Cell]] = [
        [*_CANVAS, *lessons],
        [_POINTS_POSSIBLE, "", "", "", "", *(_number(maximum[each]) for each in lessons)],
    ]
    for student in _students(points, lessons):
        # Canvas takes any row with those words in its name for that row.
        name = student.replace(_POINTS_POSSIBLE, _POINTS_POSSIBLE.replace(" ", "_"))
        rows.append([name, "", "", student, "", *_of(student, points, lessons)])
    return _as_csv(rows)


def moodle_csv(points: Mapping[Place, float | None], maximum: Mapping[str, float]) -> str:
    """Return points as Moodle's grade import reads them: map Username to username.

    Each lesson is a column to be mapped to its grade item; an empty cell means no grade. Moodle
    refuses the whole file for one name that it does not know (its gradeimport_csv_load_data), so
    a student without a result gets no row.
    """
    lessons = sorted(maximum)
    rows: list[list[_Cell]] = [["Username", *lessons]]
    rows += [[student, *_of(student, points, lessons)] for student in _students(points, lessons)]
    return _as_csv(rows)


Export = Callable[[Mapping[Place, float | None], Mapping[str, float]], str]

SPREADSHEETS: Mapping[str, Export] = {"canvas": canvas_csv, "moodle": moodle_csv}
"""What `grader report` writes for other programs, each as the CSV file of this name."""


def safe_cell(text: str) -> str:
    """Return text for one cell: on one line, without control characters, never a formula."""
    # Not `one_line`: the other side knows a name by its spaces too.
    clean = inert(text).replace("\n", " ").replace("\t", " ")
    begins_so = text.startswith(_FORMULA) or clean.lstrip().startswith(_FORMULA)
    return f"'{clean}" if begins_so else clean


def _students(points: Mapping[Place, float | None], lessons: Sequence[str]) -> list[str]:
    """Return the students who have a result in one of the lessons."""
    return sorted(
        {
            student
            for (student, lesson), each in points.items()
            if each is not None and lesson in lessons
        }
    )


def _of(
    student: str, points: Mapping[Place, float | None], lessons: Sequence[str]
) -> Iterable[_Cell]:
    for lesson in lessons:
        found = points.get((student, lesson))
        yield "" if found is None else _number(found)


def _number(value: float) -> _Cell:
    return int(value) if float(value).is_integer() else value


def _as_csv(rows: Iterable[Sequence[_Cell]]) -> str:
    written = io.StringIO()
    # Quote all text, so that a spreadsheet that splits cells at semicolons splits no name.
    writer = csv.writer(written, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([safe_cell(each) if isinstance(each, str) else each for each in row])
    return written.getvalue()
