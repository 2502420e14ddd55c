"""Rosters of every system, in every encoding and with every separator, come out the same."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import GradingError
from grader.grading.roster import ClassList, keep_class_list, read_class_list, read_roster
from grader.grading.roster import roster_from_table as from_table
from grader.grading.roster.reading import table_of
from tests.grading.class_folder import START
from tests.grading.intake.downloads import (
    Person,
    canvas_table,
    csv_text,
    people,
    worksheet_table,
)

CLASS = [Person("Zoë", "Müller", 1), Person("Ada", "Lovelace", 2)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_and_separators_do_not_matter(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    """Excel writes UTF-16 with tabs, cp1252 with semicolons, and calls both CSV."""
    path = tmp_path / "roster.csv"
    path.write_bytes(csv_text(canvas_table(CLASS), separator).encode(encoding))
    roster = read_roster(str(path))
    assert [(each.student, each.name, each.canvas) for each in roster.people] == [
        ("u0001", "Zoë Müller", "1"),
        ("u0002", "Ada Lovelace", "2"),
    ]
    assert roster.kind == "canvas"


@given(people(), st.sampled_from(",;\t"))
@settings(max_examples=30, deadline=None)
def test_what_is_written_is_read(persons: list[Person], separator: str) -> None:
    """Names may hold anything; everybody is found by login, and by Canvas's or Moodle's number."""
    for table in (canvas_table(persons), worksheet_table(persons)):
        roster = from_table(table_of(csv_text(table, separator), "r.csv"), "r.csv")
        assert len(roster) == len(persons)
        for each in persons:
            [found] = roster.find(each.email) or roster.find(each.login)
            known = roster.by_canvas(str(each.number)) or roster.by_participant(
                str(each.number + 5000)
            )
            assert known == found


@pytest.mark.parametrize(
    ("head", "row", "student"),
    [
        ("login,name,email,section", "zm,Zoë Müller,z@x.org,A", "zm"),
        ("student,name", "zm,Zoë Müller", "zm"),
        ("Username;First name;Surname;Groups", "zm;Zoë;Müller;A", "zm"),
        ("Vorname;Nachname;E-Mail-Adresse", "Zoë;Müller;z@x.org", "z@x.org"),
        ("First name,Last name,Email address", "Zoë,Müller,z@x.org", "z@x.org"),
        ("id,first_name,last_name,email,lms_user_id", "zm,Zoë,Müller,z@x.org,5", "zm"),
        ("identifier,github_username,github_id,name", "zm,zoe-m,99,Zoë Müller", "zm"),
        ("sep=;\nlogin;name", "zm;Zoë Müller", "zm"),
        ("name", "Zoë Müller", "Zoë Müller"),
    ],
)
def test_a_columns_name_says_what_it_is(head: str, row: str, student: str) -> None:
    """As each system, and people, call it."""
    [one] = from_table(table_of(f"{head}\n{row}\n", "r.csv"), "r.csv").people
    assert (one.student, one.name) == (student, "Zoë Müller" if "name" in head.lower() else "")


def test_canvas_with_split_names_and_names_that_would_act(tmp_path: Path) -> None:
    """First and last names may have columns of their own; no name reaches a terminal's ears."""
    text = "LastName,FirstName,ID,SIS Login ID,Section\nMüller\x1b[2J,Zoë,7,zm,A\n"
    [one] = from_table(table_of(text, "r.csv"), "r.csv").people
    assert (one.student, one.canvas, one.name) == ("zm", "7", "Zoë Müller␛[2J")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "names students"),
        ("a,b\n1,2\n", "Its first line is: a, b"),
        ("login\n", "no student"),
        ("login,name\nada,Ada L\nada,Ada K\n", "lines 2 and 3"),
        ("login,email\nada,x@y.z\nben,X@Y.z\n", "the same email"),
        ("name,section\nJane Doe,A\nJane Doe,B\n", "lines 2 and 3.*logins"),
        ("login\na*b\n", "line 2"),
        ("login\n../x\n", "line 2"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_line(text: str, word: str) -> None:
    """Nothing is guessed where two students could be meant."""
    with pytest.raises(GradingError, match=word):
        from_table(table_of(text, "r.csv"), "r.csv")


def test_files_of_another_kind_are_named(tmp_path: Path) -> None:
    """An Excel file, a broken encoding, a file that is not there."""
    for content, word in ((b"PK\x03\x04x", "Excel"), (b"login\n\x81\x8d\n", "encoding")):
        path = tmp_path / "roster.csv"
        path.write_bytes(content)
        with pytest.raises(GradingError, match=word):
            read_roster(str(path))
    with pytest.raises(GradingError, match="cannot be read"):
        read_roster(str(tmp_path / "none.csv"))
    with pytest.raises(GradingError, match="no gradebook"):
        read_roster(str(tmp_path / "none.db"))
    assert not (tmp_path / "none.db").exists()


def test_nbgraders_gradebook_is_a_roster(tmp_path: Path) -> None:
    """By its file or its URL; nothing is written into it."""
    path = tmp_path / "gradebook.db"
    opened = sqlite3.connect(path)
    opened.execute("CREATE TABLE student (id, first_name, last_name, email, lms_user_id)")
    opened.execute("INSERT INTO student VALUES ('zm', 'Zoë', 'Müller', NULL, NULL)")
    opened.commit()
    opened.close()
    for source in (str(path), f"sqlite:///{path}"):
        [one] = read_roster(source).people
        assert (one.student, one.name) == ("zm", "Zoë Müller")


def test_one_student_in_two_sections_is_one_student() -> None:
    """Rows that differ in the section alone are joined."""
    table = [["login", "name", "section"], ["ada", "Ada L", "A"], ["ada", "Ada L", "B"]]
    [one] = from_table(table, "r.csv").people
    assert one.section == "A and B"


def test_canvas_says_who_is_excused_and_where_grades_go() -> None:
    """A column is a lesson's if its title has the lesson's name or title."""
    table = canvas_table(CLASS, "00: Start here (17)", "Essay (18)", "Current Score")
    table[2][5] = "EX"
    roster = from_table(table, "c.csv")
    assert dict(roster.columns) == {START: "00: Start here (17)"}
    assert roster.excused == {("u0001", START)}


def test_a_roster_is_remembered_beside_the_results(tmp_path: Path) -> None:
    """What is not said again stays; a word that is no rule changes nothing."""
    roster = from_table(canvas_table(CLASS, f"{START} (17)"), "c.csv")
    keep_class_list(tmp_path, roster)
    keep_class_list(tmp_path, missing="0")
    with pytest.raises(GradingError, match="missing, 0"):
        keep_class_list(tmp_path, missing="zero")
    kept = read_class_list(tmp_path)
    assert kept.missing == "0"
    assert kept.roster is not None
    assert kept.roster.people == tuple(kept.roster.get(each.student) for each in roster.people)
    assert kept.roster.columns == roster.columns
    assert (kept.shown("u0001"), kept.shown("x")) == ("Zoë Müller (u0001)", "x")
    (tmp_path / "roster.json").write_text("{")
    with pytest.raises(GradingError, match="--roster"):
        read_class_list(tmp_path)
    assert read_class_list(tmp_path / "none") == ClassList()
