"""What Canvas and Moodle make of our files, by the rules of their importers: no harm, ever."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading.report import read_class_results, summarize
from grader.grading.report.exports import PER, exports_of
from grader.grading.report.spreadsheets import canvas_csv, moodle_csv, safe_cell
from grader.grading.report.worksheet import worksheet_csv
from grader.grading.report.write_report import write_report
from grader.grading.roster import ClassList, Roster, keep_class_list, roster_from_table
from tests.grading.class_folder import START, STRUCTURE
from tests.grading.intake.downloads import Person, canvas_table, people, worksheet_table
from tests.grading.report.made_class import write_class

LESSONS = (START, STRUCTURE)
MAXIMUM = {each.name: float(each.points) for each in COURSE if each.name in LESSONS}
Grades = dict[tuple[str, str], float | str | None]


def import_into_canvas(text: str, roster: Roster, grades: Grades) -> Grades:
    """Return the grades after an import (lib/gradebook_importer.rb): blank clears, EX excuses."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    head = rows[0]
    assert "Student" in head[0]
    assert "ID" in head[1]
    assert "Section" in head[4]
    by = {
        place: {getattr(each, field).casefold(): each.student for each in roster.people}
        for place, field in ((1, "canvas"), (2, "number"), (3, "login"))
    }
    after = dict(grades)
    for row in rows[1:]:
        if row[0].strip().startswith("Points Possible"):
            continue
        student = next(
            (
                found
                for place in by
                if (found := by[place].get(row[place].casefold())) and row[place]
            ),
            None,
        )
        assert student is not None, f"Canvas doesn't know {row}"
        for title, cell in zip(head[5:], row[5:], strict=True):
            lesson = re.sub(r" \(\d+\)$", "", title)
            is_blank = cell in ("", "-")
            after[student, lesson] = None if is_blank else "EX" if cell == "EX" else float(cell)
    return after


def import_into_moodle(text: str, roster: Roster, grades: Grades) -> Grades:
    """Return the grades after an import (gradeimport_csv_load_data); an unknown name fails."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    fields = {"Username": "login", "ID number": "number", "Email address": "email"}
    after = dict(grades)
    for row in rows:
        title = next(each for each in fields if each in row)
        known = {getattr(each, fields[title]): each.student for each in roster.people}
        student = known[row[title]]
        for lesson in LESSONS:
            if lesson in row:
                after[student, lesson] = float(row[lesson]) if row[lesson] else None
    return after


@st.composite
def classes(draw: st.DrawFn) -> tuple[Roster, Mapping[tuple[str, str], float | None], Grades]:
    """Draw a roster as Canvas exports it, points of some, and what Canvas has now."""
    persons: list[Person] = draw(people(6))
    titles = [f"{each} ({number})" for number, each in enumerate(LESSONS, 4711)]
    table = canvas_table(persons, *titles)
    for row in table[2:-1]:
        for column in (5, 6):
            row[column] = draw(st.sampled_from(["", "3", "EX"]))
    roster = roster_from_table(table, "canvas.csv")
    points: dict[tuple[str, str], float | None] = {}
    for each in [*(one.login for one in persons), "stranger"]:
        for lesson in LESSONS:
            found = draw(st.none() | st.integers(0, 14).map(lambda half: half / 2))
            if found is not None or draw(st.booleans()):
                points[each, lesson] = found
    grades: Grades = {
        (row[3], lesson): "EX" if row[column] == "EX" else float(row[column] or 0)
        for row in table[2:-1]
        for column, lesson in zip((5, 6), LESSONS, strict=True)
    }
    return roster, points, grades


@given(classes(), st.sampled_from([LESSONS, LESSONS[:1], LESSONS[1:]]))
@settings(max_examples=60, deadline=None)
def test_no_import_changes_a_grade_that_we_have_no_points_for(
    made: tuple[Roster, Mapping[tuple[str, str], float | None], Grades], lessons: tuple[str, ...]
) -> None:
    """Not one is cleared, nobody unknown is named, and who is excused stays so."""
    roster, points, before = made
    maximum = {each: MAXIMUM[each] for each in lessons}
    for export, after in (
        (canvas_csv, import_into_canvas),
        (moodle_csv, import_into_moodle),
    ):
        text = export(points, maximum, ClassList(roster))
        grades = after(text, roster, before)
        for place, now in grades.items():
            told = points.get(place)
            if before[place] == "EX" or told is None:
                assert now == before[place]
            elif now != before[place]:
                assert now == told
    if len(lessons) == 1:
        reached = {
            place
            for place, each in points.items()
            if place[1] in lessons and each is not None and place[0] in roster
        } - roster.excused
        grades = import_into_canvas(canvas_csv(points, maximum, ClassList(roster)), roster, before)
        assert all(grades[place] == points[place] for place in reached)


@given(people(5), st.data())
@settings(max_examples=30, deadline=None)
def test_moodles_worksheet_comes_back_with_grades_alone_changed(
    persons: list[Person], data: st.DataObject
) -> None:
    """Each row has a grade that the importer takes, and is otherwise as Moodle wrote it."""
    table = worksheet_table(persons)
    roster = roster_from_table(table, "Grades.csv")
    points = {
        (each.email, START): float(data.draw(st.integers(0, 7)))
        for each in persons
        if data.draw(st.booleans())
    }
    text, notes = worksheet_csv(points, START, 7.0, roster)
    assert text.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(text[1:], newline=""))
    assert head == table[0]
    assert len(rows) == len(points)
    assert bool(notes) == bool(points)
    by_id = {row[0]: row for row in table[1:]}
    grade, most = head.index("Grade"), head.index("Maximum Grade")
    for row in rows:
        before = by_id[row[0]]
        assert row[0].rpartition(" ")[2].isdigit()
        assert 0 <= float(row[grade]) <= float(row[most])
        scaled = points[before[2], START] * float(before[most]) / 7
        assert float(row[grade]) == round(scaled + 1e-9, 2)
        kept = [each if each == "-" else safe_cell(each) for each in before]
        assert [*row[:grade], *row[grade + 1 :]] == [*kept[:grade], *kept[grade + 1 :]]


def exported(
    folder: Path, *, missing: str | None = None, **wanted: str
) -> dict[str, list[list[str]]]:
    """Return the rows of every file that a report would have, without its page and plots."""
    found = read_class_results(folder)
    summary = summarize(found, keep_class_list(folder, missing=missing))
    made = exports_of(found.standings, summary, **wanted)
    return {
        name: list(csv.reader(io.StringIO(text, newline=""))) for name, text in made.files.items()
    }


def test_files_are_made_for_the_class_each_lesson_or_each_exercise(tmp_path: Path) -> None:
    """Exercises are columns of their own, and each file has its own maxima."""
    write_class(tmp_path)
    assert {per: set(exported(tmp_path, per=per)) for per in PER} == {
        "class": {"canvas.csv", "moodle.csv"},
        "lesson": {f"{name}-{each}.csv" for name in ("canvas", "moodle") for each in LESSONS},
        "exercise": {
            f"{name}-{each}-exercises.csv" for name in ("canvas", "moodle") for each in LESSONS
        },
    }
    head, most, ada, *_ = exported(tmp_path, per="exercise")[f"canvas-{START}-exercises.csv"]
    assert head[5:] == [f"{START} describe_reply", f"{START} first_call"]
    assert most[5:] == ada[5:] == ["3", "4"]
    with pytest.raises(GradingError, match="class, lesson, exercise"):
        exported(tmp_path, per="student")


def test_no_shows_count_as_the_instructor_says(tmp_path: Path) -> None:
    """They are missing, or have 0 points; who is excused is neither."""
    persons = [Person("Ada", "L", 1), Person("Ben", "M", 2), Person("Eve", "N", 3)]
    table = canvas_table(persons, f"{START} (4)")
    table[4][5] = "EX"
    for row, login in zip(table[2:], ("ada", "nobody", "excused"), strict=False):
        row[3] = login
    roster = roster_from_table(table, "canvas.csv")
    write_class(tmp_path)

    def logins(missing: str, **wanted: str) -> dict[str, list[str]]:
        files = exported(tmp_path, missing=missing, **wanted)
        [rows] = [rows for name, rows in files.items() if name.startswith(f"canvas-{START}")]
        return {row[3]: row[5:] for row in rows[2:]}

    report = write_report(tmp_path, lesson=START, roster=roster)
    assert (tmp_path / f"canvas-{START}.csv").read_text().startswith('"Student","ID"')
    assert logins("missing", lesson=START) == {"ada": ["7"]}
    assert logins("0", lesson=START) == {"ada": ["7"], "nobody": ["0"]}
    assert logins("0", per="exercise") == {"ada": ["3", "4"], "nobody": ["0", "0"]}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Handed in nothing" in page
    assert "Ben M (nobody)" in page
    assert "Ada L (ada)" in page
    assert "Mon" in page
    assert any("Not in canvas.csv" in note and "ben" in note for note in report.notes)
