"""What is gathered from a folder, and what is said of the rest."""

import json
import os
from pathlib import Path

import pytest

from grader.errors import GradingError, UnknownExercise
from grader.exercises import COURSE
from grader.grading import Class, Submission, Trouble
from grader.grading.gathering import objection_to_name
from tests.grading.class_folder import START, STRUCTURE, answered, course_notebook, hand_in


def troubles(submitted: Path) -> list[tuple[str, str, str]]:
    """Return what is wrong with a class, as plain tuples."""
    gathered = Class.gather(submitted, COURSE)
    return [(each.student, each.lesson, each.sentence) for each in gathered.troubles]


def test_submissions_come_in_the_order_of_students_and_lessons(tmp_path: Path) -> None:
    """The order does not depend on the file system."""
    for student, lesson in (("zoe", START), ("ada", STRUCTURE), ("ada", START)):
        hand_in(tmp_path, student, json.dumps(course_notebook(lesson)), lesson=lesson)
    gathered = Class.gather(tmp_path, COURSE)
    assert [(each.student, each.lesson) for each in gathered.submissions] == [
        ("ada", START),
        ("ada", STRUCTURE),
        ("zoe", START),
    ]
    assert gathered.troubles == ()


def test_one_lesson_can_be_picked(tmp_path: Path) -> None:
    """Other lessons are left alone, and are no trouble."""
    for lesson in (START, STRUCTURE):
        hand_in(tmp_path, "ada", json.dumps(course_notebook(lesson)), lesson=lesson)
    gathered = Class.gather(tmp_path, COURSE, lesson=START)
    path = tmp_path / "ada" / START / f"{START}.ipynb"
    assert gathered.submissions == (Submission("ada", START, path),)
    assert gathered.troubles == ()


def test_an_unknown_lesson_names_the_nearest(tmp_path: Path) -> None:
    """A slip in the name is answered with the name that was meant."""
    with pytest.raises(UnknownExercise, match="01_structure"):
        Class.gather(tmp_path, COURSE, lesson="01_strucutre")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The error names the folder and the layout that is expected."""
    with pytest.raises(GradingError, match=r"no folder .*nowhere.*SUBMITTED/<student>/<lesson>"):
        Class.gather(tmp_path / "nowhere", COURSE)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """Grading nobody is a mistake, not a success."""
    with pytest.raises(GradingError, match="Nothing was handed in"):
        Class.gather(tmp_path, COURSE)


def test_a_file_among_the_students_is_named(tmp_path: Path) -> None:
    """A notebook dropped beside the folders is not lost in silence."""
    (tmp_path / "ada.ipynb").write_text("{}")
    assert troubles(tmp_path) == [
        (
            "",
            "",
            (
                "ada.ipynb is no folder of a student. Move it away, or put it where it belongs: "
                "SUBMITTED/<student>/<lesson>/<lesson>.ipynb."
            ),
        )
    ]


def test_an_empty_student_folder_is_named(tmp_path: Path) -> None:
    """A student who handed in nothing is on the list."""
    (tmp_path / "ada").mkdir()
    assert troubles(tmp_path) == [
        ("ada", "", "The folder ada is empty. Ask the student to hand in again.")
    ]


def test_a_misspelt_lesson_folder_gets_the_right_name(tmp_path: Path) -> None:
    """The fix is the command that an instructor would run."""
    hand_in(tmp_path, "ada", "{}", lesson="00_start_hear", name=f"{START}.ipynb")
    hand_in(tmp_path, "ben", "{}", lesson="00_start_hear")
    assert troubles(tmp_path) == [
        (
            "ada",
            "00_start_hear",
            "00_start_hear is the name of no lesson. Rename it to 00_start_here.",
        ),
        (
            "ben",
            "00_start_hear",
            (
                "00_start_hear is the name of no lesson. Rename it to 00_start_here, and the "
                "notebook in it to 00_start_here.ipynb."
            ),
        ),
    ]


def test_a_misspelt_name_of_another_lesson_is_left_out(tmp_path: Path) -> None:
    """Whoever grades one lesson hears of that one."""
    hand_in(tmp_path, "ada", answered({}), lesson="01_structure")
    hand_in(tmp_path, "ada", "{}", lesson="00_start_hear")
    assert Class.gather(tmp_path, COURSE, lesson="01_structure").troubles == ()


def test_a_misnamed_notebook_is_named(tmp_path: Path) -> None:
    """A browser that adds (1) to a download costs a rename, not the points."""
    hand_in(tmp_path, "ada", "{}", name="00_start_here (1).ipynb")
    assert troubles(tmp_path) == [
        (
            "ada",
            START,
            "There is 00_start_here (1).ipynb, but no 00_start_here.ipynb. Rename the right file.",
        )
    ]


@pytest.mark.parametrize(
    ("content", "start"),
    [
        (b"not JSON", "00_start_here.ipynb is not JSON (Expecting value"),
        (b"\xff\xfe", "00_start_here.ipynb is not JSON ("),
        (b"[" * 100_000, "00_start_here.ipynb is not JSON ("),
        (b"", "00_start_here.ipynb is not JSON ("),
        (
            b'{"nbformat": 4, "cells": [], "cells": []}',
            "00_start_here.ipynb is not JSON (the key 'cells' stands twice in one object).",
        ),
        (
            b'{"nbformat": 4, "cells": [{"source": "\\ud800"}]}',
            "00_start_here.ipynb holds half a character, which no file can store.",
        ),
        (b"[]", "00_start_here.ipynb is JSON, but no notebook."),
        (b'{"nbformat": 3}', "00_start_here.ipynb has notebook format 3; 4 is needed."),
        (b'{"nbformat": 4, "cells": 7}', "00_start_here.ipynb has no list of cells."),
        (b'{"nbformat": 4, "cells": [7]}', "00_start_here.ipynb has no list of cells."),
    ],
)
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, content: bytes, start: str) -> None:
    """The sentence says what the file is, and what to ask the student for."""
    hand_in(tmp_path, "ada", content)
    [(student, lesson, sentence)] = troubles(tmp_path)
    assert (student, lesson) == ("ada", START)
    assert sentence.startswith(start)
    is_near = content.startswith(b'{"nbformat"') and "JSON" not in start
    asked = (
        "it to be opened in JupyterLab, saved,"
        if is_near
        else "the lesson's notebook to be handed in"
    )
    assert f"Ask for {asked}" in sentence


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    """A notebook that would take hours to run is not run."""
    notebook = course_notebook()
    notebook["cells"] *= 100
    hand_in(tmp_path, "ada", json.dumps(notebook))
    [(_, _, sentence)] = troubles(tmp_path)
    assert "cells; 2,000 is the most" in sentence


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    """Windows editors write one; the notebook is as good."""
    hand_in(tmp_path, "ada", b"\xef\xbb\xbf" + answered({}).encode())
    assert troubles(tmp_path) == []


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    """A named pipe would be waited for, and a folder has no bytes."""
    hand_in(tmp_path, "ada", "{}").unlink()
    os.mkfifo(tmp_path / "ada" / START / f"{START}.ipynb")
    (tmp_path / "bob" / START / f"{START}.ipynb").mkdir(parents=True)
    sentence = (
        "00_start_here.ipynb is no regular file, and links are not followed. "
        "Ask for the file itself."
    )
    assert troubles(tmp_path) == [("ada", START, sentence), ("bob", START, sentence)]


def test_a_notebook_beside_the_lessons_is_named(tmp_path: Path) -> None:
    """A student who leaves out the lesson's folder is told where the notebook belongs."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / f"{START}.ipynb").write_text(answered({}))
    assert troubles(tmp_path) == [
        (
            "ada",
            START,
            (
                "00_start_here.ipynb lies beside the lessons' folders. "
                "Expected: SUBMITTED/<student>/<lesson>/<lesson>.ipynb."
            ),
        )
    ]


def test_a_students_folder_without_a_lesson_is_named(tmp_path: Path) -> None:
    """A note alone is nothing to grade, and not passed over."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "sorry.txt").write_text("I was ill.")
    assert [each[2] for each in troubles(tmp_path)] == [
        "ada holds no lesson's folder. Expected: SUBMITTED/<student>/<lesson>/<lesson>.ipynb."
    ]


def test_a_lesson_where_a_student_belongs_is_named(tmp_path: Path) -> None:
    """Whoever gives one student's folder for a whole class learns what is expected."""
    hand_in(tmp_path, "ada", answered({}))
    assert troubles(tmp_path / "ada") == [
        (
            "",
            "",
            (
                "00_start_here is a lesson, and a student's folder belongs here. "
                "Expected: SUBMITTED/<student>/<lesson>/<lesson>.ipynb."
            ),
        )
    ]


def test_what_programs_leave_behind_is_no_trouble(tmp_path: Path) -> None:
    """Hidden files, checkpoints and a feedback letter do not make a class incomplete."""
    hand_in(tmp_path, "ada", answered({}))
    for name in (".DS_Store", "ada/.DS_Store", "ada/letter.txt", f"ada/{START}/.DS_Store"):
        (tmp_path / name).write_bytes(b"")
    for name in (".git", ".ipynb_checkpoints", "ada/.ipynb_checkpoints"):
        (tmp_path / name).mkdir()
    gathered = Class.gather(tmp_path, COURSE)
    assert ([each.student for each in gathered.submissions], gathered.troubles) == (["ada"], ())


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link could lead to another student's work, or out of the folder."""
    real = hand_in(tmp_path / "elsewhere", "eve", answered({}))
    folder = tmp_path / "class" / "ada" / START
    folder.mkdir(parents=True)
    (folder / real.name).symlink_to(real)
    (tmp_path / "class" / "bob").symlink_to(real.parents[1])
    assert [each[0] for each in troubles(tmp_path / "class")] == ["", "ada"]


def test_a_name_with_control_characters_is_no_student(tmp_path: Path) -> None:
    """A terminal escape in a folder's name never reaches the terminal."""
    hand_in(tmp_path, "ada\x1b[31m", answered({}))
    [(student, _, sentence)] = troubles(tmp_path)
    assert "\x1b" not in student + sentence
    assert sentence.endswith("Rename it.")


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".ada",
        "ada/bob",
        "ada\\bob",
        "ada\n",
        "\x00",
        "\u2028",
        " ada",
        "ada ",
        "ada[1]",
        "ada*",
        "a" * 201,
        "é" * 101,
        "\udcff",
    ],
)
def test_a_name_that_is_no_students_id_is_refused(name: str) -> None:
    """It could lead elsewhere, disturb a terminal, or be a name that nbgrader never finds."""
    objection = objection_to_name(name)
    assert objection.endswith(" Rename it.")
    assert all(each.isprintable() for each in objection)


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "zoë.m-3_b", "李明", "a" * 200, "o'neil"])
def test_a_name_of_a_person_is_a_students_id(name: str) -> None:
    """Names have spaces, dots, accents and other scripts."""
    assert objection_to_name(name) == ""


def test_a_hidden_students_folder_is_named(tmp_path: Path) -> None:
    """A folder with a leading dot is not passed over in silence."""
    hand_in(tmp_path, ".ada", answered({}))
    assert [(each[0], each[2][:33]) for each in troubles(tmp_path)] == [
        ("", "'.ada' can be no student's id: a ")
    ]


def test_trouble_with_one_leaves_the_others(tmp_path: Path) -> None:
    """One odd file never stops a class."""
    hand_in(tmp_path, "ada", answered({}))
    hand_in(tmp_path, "bob", b"not JSON")
    gathered = Class.gather(tmp_path, COURSE)
    assert [each.student for each in gathered.submissions] == ["ada"]
    assert [isinstance(each, Trouble) and each.student for each in gathered.troubles] == ["bob"]
