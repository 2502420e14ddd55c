"""Read a roster: a CSV file in any encoding and with any separator, or nbgrader's gradebook."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.errors import GradingError
from grader.grading.hand_in_times import Place
from grader.grading.lesson_names import lesson_titled
from grader.grading.roster.columns import fields_of, is_canvas, is_worksheet, known_in
from grader.grading.roster.people import Enrolled, Kind, Roster, folded
from grader.grading.student_names import objection_to_name, student_of
from grader.look.inert import one_line

_MOST_BYTES = 50 * 1024 * 1024
_SEPARATORS = ",;\t|"
_DATABASES = (".db", ".sqlite", ".sqlite3")
_BOMS = (
    # UTF-32 comes first, because its mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_EXAMPLE = "login,name,email,section"
_NUMBER = re.compile(r"(\d{1,20})\s{0,9}$")
_ASSIGNMENT = re.compile(r"\s{0,9}\(\d{1,20}\)\s{0,9}$")
_POINTS_POSSIBLE, _TEST_STUDENT = "points possible", "student, test"
_EXCUSED = "ex"
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# The fields that no two students may share.
_OWN = ("login", "email", "number", "canvas", "participant", "github")


def read_roster(source: str) -> Roster:
    """Return the roster in a CSV file, or in nbgrader's gradebook by its file or URL.

    Raises GradingError, naming the line and the fix, when it cannot be read or is ambiguous.
    """
    path = Path(source)
    if "://" in source or path.suffix.casefold() in _DATABASES:
        return roster_from_table(_students_in(source), path.name)
    return roster_from_table(table_of(text_of(path), path.name), path.name)


def text_of(path: Path) -> str:
    """Return a file's text: UTF-8, UTF-16 or UTF-32 by its mark, else UTF-8, else cp1252."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise GradingError(
            f"{path} cannot be read ({error.strerror}). Give a roster: a CSV file."
        ) from error
    name = path.name
    if len(data) > _MOST_BYTES:
        raise GradingError(f"{name} has more than {_MOST_BYTES:,} bytes. Give a CSV file.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise GradingError(f"{name} is an Excel file or an archive. Give it saved as CSV.")
    encoding = next((each for mark, each in _BOMS if data.startswith(mark)), "")
    if not encoding and b"\x00" in data[:200]:
        encoding = "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    for each in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            return data.decode(each)
        except UnicodeDecodeError:
            continue
    raise GradingError(
        f"{name} is in no encoding that is known (UTF-8, UTF-16 and cp1252 are). Save it as "
        "“CSV UTF-8”, and give that."
    )


def table_of(text: str, name: str) -> list[list[str]]:
    """Return the cells of a CSV text, by the separator that makes most sense of its header."""
    separators = _SEPARATORS
    told = _SEP_LINE.match(text)
    if told:
        # Excel's own line about the separator.
        separators, text = told[1], text[told.end() :]
    best = max(separators, key=lambda each: _sense_of(text, each))
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=best)]
    except csv.Error as error:
        raise GradingError(
            f"{name} is not a CSV file ({error}). Export the roster again, or save it as CSV."
        ) from error


def _sense_of(text: str, separator: str) -> tuple[int, int]:
    try:
        head = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error:
        return (0, 0)
    return known_in(head), len(head)


def roster_from_table(table: Sequence[Sequence[str]], name: str) -> Roster:
    """Return the roster that a table's cells make, the header first; name: the file's."""
    rows = [(number, row) for number, row in enumerate(table, 1) if any(map(str.strip, row))]
    head = [each.strip() for each in rows[0][1]] if rows else []
    fields = fields_of(head)
    if not set(fields) - {"section"}:
        found = f" Its first line is: {one_line(', '.join(head))[:80]}." if head else ""
        raise GradingError(
            f"{name} has no column that names students.{found} Its first line has to name the "
            f"columns, such as {_EXAMPLE}; exports of Canvas and Moodle do."
        )
    kind: Kind = "canvas" if is_canvas(head) else "moodle" if is_worksheet(head) else ""
    people: dict[str, Enrolled] = {}
    excused: set[Place] = set()
    columns = _lesson_columns(head) if kind == "canvas" else {}
    for number, row in rows[1:]:
        cells = [*map(str.strip, row), *[""] * (len(head) - len(row))]
        one = _enrolled(cells, fields, number, kind)
        if one is None:
            continue
        objection = objection_to_name(one.student)
        if objection:
            raise GradingError(f"{name}, line {number}: {objection}")
        known = people.get(one.student)
        people[one.student] = one if known is None else _joined(known, one, name)
        for lesson, title in columns.items():
            if cells[head.index(title)].casefold() == _EXCUSED:
                excused.add((one.student, lesson))
    if not people:
        raise GradingError(f"{name} names no student below its first line. Export it again.")
    _refuse_doubles(people.values(), name)
    return Roster(
        tuple(people.values()),
        name,
        kind,
        columns,
        frozenset(excused),
        tuple(tuple(row) for _, row in rows),
    )


def _enrolled(
    cells: Sequence[str], fields: dict[str, int], line: int, kind: Kind
) -> Enrolled | None:
    """Return the student of a row; None for a row that is about something else."""
    told = {name: cells[place] for name, place in fields.items()}
    # Names are shown to people, in terminals too.
    for each in ("name", "first", "last", "section"):
        told[each] = one_line(told.get(each, ""))
    name = told["name"]
    if kind == "canvas" and (
        name.casefold().startswith(_POINTS_POSSIBLE)
        or name.casefold() == _TEST_STUDENT
        or not (told.get("canvas") or told.get("login"))
    ):
        return None
    spoken = " ".join(filter(None, (told["first"], told["last"])))
    last, comma, first = name.partition(",")
    sortable = name if comma else ""
    if comma:
        name = f"{first.strip()} {last.strip()}"
    found = _NUMBER.search(told.get("participant", ""))
    own = {each: told.get(each, "") for each in ("login", "email", "number", "canvas", "github")}
    # A folder is named by what is most its student's own.
    ids = (own["login"], own["email"], own["number"], own["github"], own["canvas"])
    # A worksheet of a blind marking has nothing but Participant 12.
    student = next(filter(None, (*ids, name, spoken, told.get("participant", ""))), "")
    if not student:
        return None
    return Enrolled(
        student_of(student),
        spoken or name,
        sortable,
        participant=found[1] if found else "",
        section=told["section"],
        handed_in=told.get("handed_in", ""),
        line=line,
        **own,
    )


def _lesson_columns(head: Sequence[str]) -> dict[str, str]:
    """Return the titles of the columns that hold lessons' grades, such as 03_tool_use (4711)."""
    found: dict[str, list[str]] = {}
    for title in head[2:]:
        if _ASSIGNMENT.search(title):
            lesson = lesson_titled(_ASSIGNMENT.sub("", title))
            if lesson:
                found.setdefault(lesson, []).append(title)
    return {lesson: titles[0] for lesson, titles in found.items() if len(titles) == 1}


def _joined(before: Enrolled, now: Enrolled, name: str) -> Enrolled:
    """Return one student of two rows, which may differ only in the section."""
    if not any(getattr(now, each) for each in _OWN):
        raise GradingError(
            f"{name}, lines {before.line} and {now.line}: two students are named {now.student}, "
            "and nothing else tells them apart. Add a column with their logins."
        )
    for each in ("name", *_OWN):
        one, other = getattr(before, each), getattr(now, each)
        if one and other and folded(one) != folded(other):
            raise GradingError(
                f"{name}, lines {before.line} and {now.line}: {now.student} stands there twice, "
                f"as {one_line(one)} and as {one_line(other)}. Remove one of the lines, or give "
                "each student a login of their own."
            )
    sections = dict.fromkeys(filter(None, (before.section, now.section)))
    told = {each: getattr(before, each) or getattr(now, each) for each in _OWN}
    return Enrolled(
        before.student,
        before.name or now.name,
        before.sortable or now.sortable,
        section=" and ".join(sections),
        line=before.line,
        **told,
    )


def _refuse_doubles(people: Iterable[Enrolled], name: str) -> None:
    seen: dict[tuple[str, str], Enrolled] = {}
    for each in people:
        for field in ("student", *_OWN):
            value = folded(getattr(each, field))
            other = seen.setdefault((field, value), each) if value else each
            if other is not each:
                raise GradingError(
                    f"{name}, lines {other.line} and {each.line}: {other.student} and "
                    f"{each.student} have the same {field} {one_line(getattr(each, field))}. "
                    "Correct one of the lines."
                )


def _students_in(source: str) -> list[list[str]]:
    """Return nbgrader's students as a table; source: a file of SQLite, or a URL."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    from grader.grading.gradebook import shown_url

    head = ["id", "first_name", "last_name", "email", "lms_user_id"]
    path = Path(source.removeprefix("sqlite:///"))
    if ("://" not in source or source.startswith("sqlite:///")) and not path.is_file():
        # SQLite would make an empty one.
        raise GradingError(f"There is no gradebook {path}. Give the file, or a roster as CSV.")
    url = source if "://" in source else f"sqlite:///{path.absolute()}"
    try:
        engine = create_engine(url)
        try:
            with engine.connect() as opened:
                found = opened.execute(text(f"SELECT {', '.join(head)} FROM student ORDER BY id"))
                return [head, *([str(each or "") for each in row] for row in found)]
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        raise GradingError(
            f"{shown_url(url)} cannot be read as nbgrader's gradebook "
            f"({type(error).__name__}). Give its file or URL, or a roster as CSV."
        ) from error
