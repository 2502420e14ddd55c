"""Points as CSV, in the columns that Canvas and Moodle import.

A spreadsheet runs a cell that begins like a formula, so such a cell gets an apostrophe in front.
A student whose name begins like one must then be matched by hand.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from grader.grading.hand_in_times import Place
from grader.grading.roster import ClassList, Enrolled, Roster
from grader.look.inert import inert

_FULLWIDTH = tuple(
    "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", *_FULLWIDTH)
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_POINTS_POSSIBLE = "Points Possible"

_EXCUSED = "EX"
_MOODLE = {"Username": "login", "ID number": "number", "Email address": "email"}
_NOBODY = ClassList()

_Cell = str | int | float


Points = Mapping[Place, float | None]
"""Points by student and column, None if there is no result. A column is a lesson or an exercise."""


def canvas_csv(
    points: Points, maximum: Mapping[str, float], people: ClassList | None = None
) -> str:
    """Return points as Canvas's gradebook imports them.

    Canvas finds a student by its ID, then by SIS User ID, then by SIS Login ID; it wants the five
    columns in this order, and reads the row named Points Possible as what each column is worth
    (its lib/gradebook_importer.rb). With Canvas's own export as the roster, all of them are as
    Canvas has them, and a lesson goes into the assignment that the export has for it.
    maximum: by column. An empty cell clears a grade that Canvas has (its no_change_to_value?), so
    only who has points in every column gets a row; who is excused stays so: EX.
    """
    roster = (people or _NOBODY).roster
    columns = sorted(maximum)
    titles = [roster.columns.get(each, each) if roster else each for each in columns]
    rows: list[list[_Cell]] = [
        [*_CANVAS, *titles],
        [_POINTS_POSSIBLE, "", "", "", "", *(_number(maximum[each]) for each in columns)],
    ]
    whole = _complete(points, columns, roster)
    for student in whole:
        one = (roster.get(student) if roster else None) or Enrolled(student, login=student)
        # Canvas takes any row with those words in its name for that row.
        name = (one.sortable or one.name or student).replace(
            _POINTS_POSSIBLE, _POINTS_POSSIBLE.replace(" ", "_")
        )
        login = one.login if one.canvas or one.number else one.login or student
        cells = _of(student, points, columns, roster)
        rows.append([name, one.canvas, one.number, login, one.section, *cells])
    return _as_csv(rows)


def moodle_csv(
    points: Points, maximum: Mapping[str, float], people: ClassList | None = None
) -> str:
    """Return points as Moodle's grade import reads them: map one column to what Moodle knows.

    That is Username, ID number or Email address, as far as everybody has one. Each other column is
    to be mapped to its grade item. Moodle refuses the whole file for one name that it does not
    know (its gradeimport_csv_load_data), and an empty cell means no grade, so only who has points
    in every column gets a row.
    """
    roster = (people or _NOBODY).roster
    columns = sorted(maximum)
    whole = _complete(points, columns, roster, is_excused_known=False)
    known = [(roster.get(each) if roster else None) or Enrolled(each, login=each) for each in whole]
    fields = {title: [getattr(each, field) for each in known] for title, field in _MOODLE.items()}
    names = {title: values for title, values in fields.items() if known and all(values)}
    if not names:
        names = {"Username": whole}
    rows: list[list[_Cell]] = [[*names, *columns]]
    for number, student in enumerate(whole):
        own = [values[number] for values in names.values()]
        rows.append([*own, *_of(student, points, columns, None)])
    return _as_csv(rows)


Export = Callable[[Points, Mapping[str, float], ClassList | None], str]

SPREADSHEETS: Mapping[str, Export] = {"canvas": canvas_csv, "moodle": moodle_csv}
"""What `grader report` writes for other programs, each as the CSV file of this name."""


def safe_cell(text: str) -> str:
    """Return text for one cell: on one line, without control characters, never a formula."""
    # Not `one_line`: the other side knows a name by its spaces too.
    clean = inert(text).replace("\n", " ").replace("\t", " ")
    begins_so = text.startswith(_FORMULA) or clean.lstrip().startswith(_FORMULA)
    return f"'{clean}" if begins_so else clean


def left_out(
    points: Points, maximum: Mapping[str, float], people: ClassList | None = None
) -> list[str]:
    """Return who has points in some column and gets no row, because it would have empty cells."""
    columns = sorted(maximum)
    whole = _complete(points, columns, (people or _NOBODY).roster)
    have = {who for (who, column), each in points.items() if each is not None and column in columns}
    return sorted(have - set(whole))


def _complete(
    points: Points,
    columns: Sequence[str],
    roster: Roster | None,
    *,
    is_excused_known: bool = True,
) -> list[str]:
    """Return who of the roster has points in every column.

    is_excused_known: whether the other program can be told that somebody is excused.
    """
    have: dict[str, set[str]] = defaultdict(set)
    for (student, column), each in points.items():
        if each is not None and column in columns:
            have[student].add(column)
    whole = []
    for student, found in sorted(have.items()):
        excused = {each for each in columns if _is_excused(student, each, roster)}
        full = found | excused if is_excused_known else found
        is_known = (roster is None or student in roster) and (is_excused_known or not excused)
        if is_known and full.issuperset(columns) and found - excused:
            whole.append(student)
    return whole


def _is_excused(student: str, column: str, roster: Roster | None) -> bool:
    return roster is not None and (student, column) in roster.excused


def _of(
    student: str, points: Points, columns: Sequence[str], roster: Roster | None
) -> Iterable[_Cell]:
    for column in columns:
        found = None if _is_excused(student, column, roster) else points.get((student, column))
        yield _EXCUSED if found is None else _number(found)


def _number(value: float) -> _Cell:
    return int(value) if float(value).is_integer() else value


def _as_csv(rows: Iterable[Sequence[_Cell]]) -> str:
    written = io.StringIO()
    # Quote all text, so that a spreadsheet that splits cells at semicolons splits no name.
    writer = csv.writer(written, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([safe_cell(each) if isinstance(each, str) else each for each in row])
    return written.getvalue()
