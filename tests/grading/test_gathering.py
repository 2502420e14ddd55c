"""What is gathered from a folder, and what is said of the rest."""

import errno
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import GradingError, UnknownExercise
from grader.exercises import COURSE
from grader.grading import Class, Submission, Trouble
from grader.grading.notebook_file import read_notebook_file
from grader.grading.student_names import objection_to_name
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
                "ada.ipynb is not a student's folder. Move it away, or put it where it belongs: "
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
            "00_start_hear is not the name of a lesson. Rename it to 00_start_here.",
        ),
        (
            "ben",
            "00_start_hear",
            (
                "00_start_hear is not the name of a lesson. Rename it to 00_start_here, and the "
                "notebook in it to 00_start_here.ipynb."
            ),
        ),
    ]


def test_a_misspelt_name_of_another_lesson_is_left_out(tmp_path: Path) -> None:
    """Whoever grades one lesson hears of that one."""
    hand_in(tmp_path, "ada", answered({}), lesson="01_structure")
    hand_in(tmp_path, "ada", "{}", lesson="00_start_hear")
    assert Class.gather(tmp_path, COURSE, lesson="01_structure").troubles == ()


def test_the_only_notebook_is_taken_whatever_its_name(tmp_path: Path) -> None:
    """A browser that adds (1) to a download costs nobody a thing."""
    path = hand_in(tmp_path, "ada", answered({}), name="00_start_here (1).ipynb")
    remark = "00_start_here (1).ipynb was graded, the only notebook in the folder 00_start_here."
    gathered = Class.gather(tmp_path, COURSE)
    assert gathered.submissions == (Submission("ada", START, path, (remark,)),)
    assert gathered.troubles == ()


def test_the_only_notebook_is_not_taken_where_it_is_another(tmp_path: Path) -> None:
    """Its marks have to say that it is this lesson's."""
    hand_in(tmp_path, "ada", answered({}, lesson=STRUCTURE), name="mine.ipynb")
    assert troubles(tmp_path) == [
        (
            "ada",
            START,
            "There is mine.ipynb, but no 00_start_here.ipynb. Rename it if it is the right file.",
        )
    ]


NOTEBOOK = answered({})
CONTENTS = [
    (b"not JSON", "is not JSON (Expecting value: line 1 column 1)", "the lesson's"),
    (b"\xff\xfe", "is empty: its upload broke off", "the lesson's"),
    (b"", "is empty: its upload broke off", "the lesson's"),
    (b" \r\n", "is empty: its upload broke off", "the lesson's"),
    (b"\0" * 4096, "holds nothing but zeros: its upload broke off", "the lesson's"),
    (b"[" * 100_000, "is nested more than 100 levels deep", "the lesson's"),
    (NOTEBOOK[:-50].encode(), "ends in the middle: its upload broke off", "the lesson's"),
    (NOTEBOOK[:600].encode(), "ends in the middle: its upload broke off", "the lesson's"),
    (b"<!DOCTYPE html><html>", "is a web page, perhaps one that asks for a login", "the lesson's"),
    (b"\n <html lang='en'>", "is a web page, perhaps one that asks for a login", "the lesson's"),
    (b"PK\x03\x04\x14\0", "is a zip archive or an Office document. Unpack it", "the notebook"),
    (b"\x1f\x8b\x08\0", "is a gzip archive. Unpack it", "the notebook"),
    (b"%PDF-1.7", "is a PDF document", "the notebook"),
    (b"version https://git-lfs.github.com/spec/v1\noid", "is a pointer of Git LFS", "the notebook"),
    (NOTEBOOK.encode("utf-16-le"), "is saved as UTF-16LE without", "`iconv -f UTF-16LE -t"),
    (NOTEBOOK.encode("utf-16-be"), "is saved as UTF-16BE without", "Save with Encoding in VS"),
    (NOTEBOOK.encode("utf-32-le"), "is saved as UTF-32LE without", "`iconv -f UTF-32LE -t"),
    (NOTEBOOK.encode("utf-32-be"), "is saved as UTF-32BE without", "saved as UTF-8 and handed"),
    (
        NOTEBOOK.replace("Claude", "Zo\xe9").replace("\\u", "").encode("latin-1"),
        "is saved in another encoding, such as Latin-1 (byte ",
        "as UTF-8",
    ),
    (
        NOTEBOOK.replace('"cells"', '\n<<<<<<< HEAD\n"cells"').encode(),
        "has a conflict of git in it (line 2)",
        "git checkout --ours or --theirs",
    ),
    (
        b'{"nbformat": 4, "cells": [], "cells": []}',
        "the key 'cells' stands twice in one object, as after a merge",
        "it to be opened in JupyterLab, saved,",
    ),
    (
        b'{"nbformat": 4, "cells": [{"source": "\\ud800"}]}',
        "holds half a character, which no file can store",
        "it to be opened in JupyterLab, saved,",
    ),
    (b"[]", "is JSON, but not a notebook", "the lesson's"),
    (b'{"a": 1}', "is JSON, but not a notebook", "the lesson's"),
    (b'{"nbformat": 3}', "has notebook format 3; 4 is needed", "it to be opened in JupyterLab"),
    (b'{"nbformat": 4, "cells": 7}', "has no list of cells", "it to be opened in JupyterLab"),
    (b'{"nbformat": 4, "cells": [7]}', "has no list of cells", "it to be opened in JupyterLab"),
    (b'{"nbformat": ' + b"9" * 5_000 + b"}", "is not JSON that can be read", "the lesson's"),
]


@pytest.mark.parametrize(("content", "said", "asked"), CONTENTS, ids=range(len(CONTENTS)))
def test_a_file_that_is_no_notebook_is_named(
    tmp_path: Path, content: bytes, said: str, asked: str
) -> None:
    """The sentence says what the file is, and what to ask the student for."""
    hand_in(tmp_path, "ada", content)
    [(student, lesson, sentence)] = troubles(tmp_path)
    assert (student, lesson) == ("ada", START)
    assert "00_start_here.ipynb" in sentence
    assert said in sentence
    assert asked in sentence
    assert sentence.isprintable()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_file_is_read_by_its_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    """JSON may be saved so, and editors of Windows do."""
    path = hand_in(tmp_path, "ada", NOTEBOOK.encode(encoding))
    assert troubles(tmp_path) == []
    read = read_notebook_file(path)
    assert json.loads(read.content)["cells"] == json.loads(NOTEBOOK)["cells"]
    assert read.digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_outputs_are_dropped_before_anything_else_is_done(tmp_path: Path) -> None:
    """Thirty megabytes of pictures are no reason to refuse a notebook, nor to keep them."""
    notebook = course_notebook()
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "x" * 10**7}}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [picture, picture]
        else:
            cell["attachments"] = {"a.png": {"image/png": "eA=="}}
    notebook["cells"] = notebook["cells"][:5]
    notebook["metadata"]["widgets"] = {"state": "x" * 1000}
    path = hand_in(tmp_path, "ada", json.dumps(notebook))
    assert path.stat().st_size > 30_000_000
    assert troubles(tmp_path) == []
    content = read_notebook_file(path).content
    assert len(content) < 100_000
    assert [cell["source"] for cell in json.loads(content)["cells"]] == [
        cell["source"] for cell in notebook["cells"]
    ]


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
        "00_start_here.ipynb is not a regular file; links are not followed. "
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
                "00_start_here.ipynb is outside the lessons' folders. "
                "Move it to ada/00_start_here/00_start_here.ipynb."
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
    assert [(each[0], each[2][:35]) for each in troubles(tmp_path)] == [
        ("", "'.ada' cannot be a student's id: a ")
    ]


def test_trouble_with_one_leaves_the_others(tmp_path: Path) -> None:
    """One odd file never stops a class."""
    hand_in(tmp_path, "ada", answered({}))
    hand_in(tmp_path, "bob", b"not JSON")
    gathered = Class.gather(tmp_path, COURSE)
    assert [each.student for each in gathered.submissions] == ["ada"]
    assert [isinstance(each, Trouble) and each.student for each in gathered.troubles] == ["bob"]


LEFTOVERS = [
    "__MACOSX/ada/00_start_here/._00_start_here.ipynb",
    "._ada",
    ".DS_Store",
    "desktop.ini",
    "Desktop.ini",
    "Thumbs.db",
    ".directory",
    ".00_start_here.ipynb.swp",
    "~$letter.docx",
    ".git/config",
    ".ipynb_checkpoints/00_start_here-checkpoint.ipynb",
    "lost+found/",
    "Icon\r",
    "$RECYCLE.BIN/desktop.ini",
    "System Volume Information/x",
    ".Trash-1000/info/x",
    "00_start_here.ipynb~",
    "__pycache__/x.pyc",
]


@pytest.mark.parametrize("where", ["", "ada", f"ada/{START}"])
@pytest.mark.parametrize("name", LEFTOVERS)
def test_what_computers_leave_behind_is_nobodys(tmp_path: Path, where: str, name: str) -> None:
    """At every depth: no student, no lesson, no trouble, no remark."""
    path = hand_in(tmp_path, "ada", answered({}))
    place = tmp_path / where / name
    if name.endswith("/"):
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x")
    gathered = Class.gather(tmp_path, COURSE)
    assert gathered.submissions == (Submission("ada", START, path),)
    assert gathered.troubles == ()


@pytest.mark.parametrize("name", ["roster.csv", "README.md", "grades.xlsx", "notes", ".netrc"])
def test_a_plain_file_beside_the_students_is_nobodys(tmp_path: Path, name: str) -> None:
    """A class list is no student, and no row of a spreadsheet."""
    hand_in(tmp_path, "ada", answered({}))
    (tmp_path / name).write_text("x")
    gathered = Class.gather(tmp_path, COURSE)
    assert ([each.student for each in gathered.submissions], gathered.troubles) == (["ada"], ())


@pytest.mark.parametrize("name", ["images", "solutions", "data", "00_pictures", "04_agent_images"])
def test_a_folder_without_a_notebook_is_no_lesson(tmp_path: Path, name: str) -> None:
    """Nobody is told to rename pictures into a lesson."""
    hand_in(tmp_path, "ada", answered({}))
    (tmp_path / "ada" / name / "deeper").mkdir(parents=True)
    (tmp_path / "ada" / name / "deeper" / "a.png").write_bytes(b"x")
    assert troubles(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        (
            f"{START}/00_start_here (1).ipynb",
            "00_start_here (1).ipynb is next to it, and wasn't graded.",
        ),
        (
            f"{START}/00_start_here-Copy1.ipynb",
            "00_start_here-Copy1.ipynb is next to it, and wasn't graded.",
        ),
        (
            "00_start_here (1)/00_start_here.ipynb",
            (
                "The folder 00_start_here (1) is next to 00_start_here, and wasn't graded. If it "
                "has the newer notebook, replace 00_start_here/00_start_here.ipynb with it."
            ),
        ),
        (
            "00_start_here.ipynb",
            "00_start_here.ipynb is next to the folder 00_start_here, and wasn't graded.",
        ),
    ],
)
def test_a_copy_beside_what_is_graded_is_told_of(tmp_path: Path, name: str, remark: str) -> None:
    """It may be the newer one; which one counted is said, and nothing impossible is advised."""
    path = hand_in(tmp_path, "ada", answered({}))
    copy = tmp_path / "ada" / name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(answered({}))
    gathered = Class.gather(tmp_path, COURSE)
    assert gathered.submissions == (Submission("ada", START, path, (remark,)),)
    assert gathered.troubles == ()
    assert gathered.remarks_on("ada", START) == (remark,)


def test_names_are_compared_and_written_in_nfc(tmp_path: Path) -> None:
    """A Mac stores an accent as a letter of its own; a class list does not."""
    name = normalize("NFD", "Zoé Núñez")
    path = hand_in(tmp_path, name, answered({}))
    [submission] = Class.gather(tmp_path, COURSE).submissions
    assert submission == Submission("Zoé Núñez", START, path)
    assert name != submission.student


@pytest.mark.parametrize(
    ("first", "second", "student"),
    [
        ("Zoé", normalize("NFD", "Zoé"), "Zoé"),
        ("\u212bsa", "\u00c5sa", "\u00c5sa"),
        (
            "\u0646\u0645\u06cc\u062e",
            "\u0646\u0645\u06cc\u200c\u062e",
            "\u0646\u0645\u06cc\u062e",
        ),
    ],
)
def test_two_folders_that_look_alike_are_told_of(
    tmp_path: Path, first: str, second: str, student: str
) -> None:
    """Neither is graded: one row for two people, or two for one, would be untrue."""
    for name in (first, second):
        hand_in(tmp_path, name, answered({}))
    hand_in(tmp_path, "ada", answered({}))
    gathered = Class.gather(tmp_path, COURSE)
    assert [each.student for each in gathered.submissions] == ["ada"]
    [trouble] = gathered.troubles
    assert trouble.student == student
    assert f"2 folders have the name {student}" in trouble.sentence


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("alice\u200b", "alice‹U+200B›"),  # noqa: RUF001
        ("\u202eecila", "‹U+202E›ecila"),  # noqa: RUF001
        ("al\u00adice", "al‹U+00AD›ice"),  # noqa: RUF001
        ("al\u200dice", "al‹U+200D›ice"),  # noqa: RUF001
        ("alice\u00a0b", "alice‹U+00A0›b"),  # noqa: RUF001
        ("alice\ufe0f", "alice‹U+FE0F›"),  # noqa: RUF001
        ("alice\u3164", "alice‹U+3164›"),  # noqa: RUF001
        ("alice\ufeff", "alice‹U+FEFF›"),  # noqa: RUF001
        ("alice\u2066", "alice‹U+2066›"),  # noqa: RUF001
    ],
)
def test_a_name_with_unseen_characters_is_shown_and_refused(
    tmp_path: Path, name: str, shown: str
) -> None:
    """Two students that look alike would be one to everybody who reads the table."""
    hand_in(tmp_path, name, answered({}))
    [(student, _, sentence)] = troubles(tmp_path)
    assert student == ""
    assert sentence.startswith(f"{shown} holds characters that nobody sees")


@pytest.mark.parametrize(
    "name",
    ["\u0646\u06cc\u0645\u200c\u0641", "क्\u200dष", "山田\u3000太郎", "Ngũgĩ wa Thiong'o", "👩"],
)
def test_names_of_every_script_are_names(tmp_path: Path, name: str) -> None:
    """Persian and Indic names are written with joiners, Japanese ones with a wide blank."""
    hand_in(tmp_path, name, answered({}))
    assert [each.student for each in Class.gather(tmp_path, COURSE).submissions] == [
        normalize("NFC", name)
    ]


def _write(path: Path, content: str | bytes = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _zipped(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{START}.ipynb", answered({}))


def _unzip(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(path.parent)
    path.unlink()


RIGHT = f"ada/{START}/{START}.ipynb"
# What lies there, what is said of it, and the advice, followed to the letter.
ADVICE: dict[str, tuple[Callable[[Path], object], str, Callable[[Path], object]]] = {
    "a misspelt folder": (
        lambda top: _write(top / f"ada/00_start_hear/{START}.ipynb", answered({})),
        "Rename it to 00_start_here.",
        lambda top: (top / "ada/00_start_hear").rename(top / f"ada/{START}"),
    ),
    "a folder with another number's name": (
        lambda top: _write(top / "ada/00 first try/mine.ipynb", answered({})),
        "Rename it to 00_start_here, and the notebook in it to 00_start_here.ipynb.",
        lambda top: (
            (top / "ada/00 first try/mine.ipynb").rename(top / f"ada/00 first try/{START}.ipynb"),
            (top / "ada/00 first try").rename(top / f"ada/{START}"),
        ),
    ),
    "a folder in a folder": (
        lambda top: _write(top / f"ada/{START}/{START}/{START}.ipynb", answered({})),
        f"ada/{START}/{START}/{START}.ipynb lies too deep. Move it to {RIGHT}.",
        lambda top: (top / f"ada/{START}/{START}/{START}.ipynb").rename(top / RIGHT),
    ),
    "a clone of the course": (
        lambda top: (
            _write(top / f"ada/course/{START}/{START}.ipynb", answered({})),
            _write(top / f"ada/solutions/{START}/{START}.ipynb", answered({})),
            _write(top / "ada/grader/x.py"),
        ),
        f"ada/course/{START} lies too deep. Move it to ada/{START}.",
        lambda top: (top / f"ada/course/{START}").rename(top / f"ada/{START}"),
    ),
    "a notebook beside the folders": (
        lambda top: _write(top / "ada/00_start_here (2).ipynb", answered({})),
        f"Move it to {RIGHT}.",
        lambda top: (
            (top / f"ada/{START}").mkdir(),
            (top / "ada/00_start_here (2).ipynb").rename(top / RIGHT),
        ),
    ),
    "two notebooks of other names": (
        lambda top: [_write(top / f"ada/{START}/{it}.ipynb", answered({})) for it in "ab"],
        f"There is a.ipynb, b.ipynb, but no {START}.ipynb. Rename the right one to {START}.ipynb.",
        lambda top: (top / f"ada/{START}/b.ipynb").rename(top / RIGHT),
    ),
    "an archive in the lesson's folder": (
        lambda top: _zipped(top / f"ada/{START}/work.zip"),
        f"There is work.zip. Unpack it, so that there is {START}.ipynb.",
        lambda top: _unzip(top / f"ada/{START}/work.zip"),
    ),
    "an archive in the student's folder": (
        lambda top: _zipped(top / "ada/work.zip"),
        "There is work.zip. Unpack it, so that there is SUBMITTED/",
        lambda top: (
            (top / f"ada/{START}").mkdir(),
            (top / "ada/work.zip").rename(top / f"ada/{START}/work.zip"),
            _unzip(top / f"ada/{START}/work.zip"),
        ),
    ),
    **{
        f"a {kind} file": (
            lambda top, kind=kind: _write(top / f"ada/{START}/{START}.{kind}"),
            f"There is {START}.{kind}, but no notebook. Ask the student for {START}.ipynb.",
            lambda top: _write(top / RIGHT, answered({})),
        )
        for kind in ("html", "pdf", "py", "docx")
    },
    "a checkpoint only": (
        lambda top: _write(top / f"ada/{START}/.ipynb_checkpoints/{START}.ipynb", answered({})),
        "The folder is empty. Ask the student to hand in again.",
        lambda top: _write(top / RIGHT, answered({})),
    ),
    "a name nobody sees all of": (
        lambda top: _write(top / f"ada\u200b/{START}/{START}.ipynb", answered({})),
        "Rename it.",
        lambda top: (top / "ada\u200b").rename(top / "ada"),
    ),
    "one name twice": (
        lambda top: [
            _write(top / f"{name}/{START}/{START}.ipynb", answered({}))
            for name in ("Zoé", normalize("NFD", "Zoé"))
        ],
        "Move what is in them into one folder, and remove the others.",
        lambda top: shutil.rmtree(top / normalize("NFD", "Zoé")),
    ),
    "an archive of the class": (
        lambda top: _zipped(top / "class.zip"),
        "class.zip is an archive. Unpack it",
        lambda top: (
            (top / f"ada/{START}").mkdir(parents=True),
            (top / "class.zip").rename(top / f"ada/{START}/class.zip"),
            _unzip(top / f"ada/{START}/class.zip"),
        ),
    ),
}


@pytest.mark.parametrize(("make", "said", "follow"), ADVICE.values(), ids=ADVICE)
def test_advice_that_is_followed_leads_to_a_result(
    tmp_path: Path, make: Any, said: str, follow: Any
) -> None:
    """Whoever does what the sentence says has a submission that is graded, and no trouble."""
    make(tmp_path)
    [(_, _, sentence)] = troubles(tmp_path)
    assert said in sentence
    follow(tmp_path)
    gathered = Class.gather(tmp_path, COURSE)
    assert (len(gathered.submissions), gathered.troubles) == (1, ())


def test_an_archive_in_the_place_of_the_class_is_named(tmp_path: Path) -> None:
    """It is there, so nobody is told that it is not."""
    _zipped(tmp_path / "submissions.zip")
    with pytest.raises(GradingError, match=r"submissions\.zip is a file\. Unpack it, and give"):
        Class.gather(tmp_path / "submissions.zip", COURSE)


def _failing(real: Callable[..., Any], error: OSError) -> Callable[..., Any]:
    def call(path: Any, *args: Any, **options: Any) -> Any:
        if isinstance(path, str | os.PathLike) and "unreadable" in os.fspath(path):
            raise OSError(error.errno, os.strerror(error.errno or 0), os.fspath(path))
        return real(path, *args, **options)

    return call


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ELOOP, errno.ENAMETOOLONG])
@pytest.mark.parametrize("calls", [("scandir",), ("scandir", "stat", "lstat", "open")])
@pytest.mark.parametrize(
    "name",
    [
        f"mal unreadable/{START}/{START}.ipynb",
        f"mal/{START} unreadable/{START}.ipynb",
        f"mal/unreadable/x/{START}.ipynb",
    ],
)
def test_what_cannot_be_read_is_one_students_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, calls: tuple[str, ...], name: str
) -> None:
    """At any depth, by any error; root reads everything, so the errors are made here."""
    hand_in(tmp_path, "ada", answered({}))
    _write(tmp_path / name, answered({}))
    with monkeypatch.context() as patched:
        for call in calls:
            patched.setattr(os, call, _failing(getattr(os, call), OSError(code, "")))
        gathered = Class.gather(tmp_path, COURSE)
    assert [each.student for each in gathered.submissions] == ["ada"]
    assert "cannot be read" in " ".join(each.sentence for each in gathered.troubles)


NAMES = st.sampled_from(
    [
        *("mal", "bob", START, STRUCTURE, f"{START} (1)", "00", "solutions", "course", "__MACOSX"),
        *(f"{START}.ipynb", "x.ipynb", "a.zip", ".DS_Store", "~$x", "\x1b[2J", "a\nb", "\u202eb"),
        *("x" * 250, "é", "e\u0301", "[a]", "-rf", " ", "Icon\r", ".hidden", "unreadable"),
    ]
)
FILES = st.sampled_from(
    [b"", b"{}", b"[" * 5_000, b"\xff\xfe\x00", b"PK\x03\x04", answered({}).encode(), b"<html>"]
)
TREES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(FILES, st.sampled_from(["link", "pipe", "loop", "dangling"])),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def _plant(place: Path, tree: Any) -> None:
    if isinstance(tree, bytes):
        place.write_bytes(tree)
    elif tree == "pipe":
        os.mkfifo(place)
    elif tree == "link":
        place.symlink_to("/etc")
    elif tree == "loop":
        place.symlink_to(place.name)
    elif tree == "dangling":
        place.symlink_to("nowhere")
    else:
        place.mkdir()
        for name, inner in tree.items():
            _plant(place / name, inner)


def test_no_tree_of_files_ends_a_class(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever lies there, the others are graded, and what is said can be printed."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.dictionaries(NAMES, TREES, max_size=4))
    def prove(tree: dict[str, Any]) -> None:
        top = tmp_path_factory.mktemp("class")
        for name, inner in tree.items():
            _plant(top / name, inner)
        hand_in(top, "ada", answered({}))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(os, "scandir", _failing(os.scandir, PermissionError(errno.EACCES, "")))
            gathered = Class.gather(top, COURSE)
        shutil.rmtree(top)
        assert "ada" in [each.student for each in gathered.submissions]
        for each in gathered.troubles:
            assert each.sentence.isprintable()
            assert each.student.isprintable()
            assert each.lesson.isprintable()

    prove()


def test_a_fault_in_gathering_is_one_students_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a mistake of ours stops nobody else."""
    hand_in(tmp_path, "ada", answered({}))
    hand_in(tmp_path, "mal", answered({}))

    def read(path: Path) -> Any:
        if "mal" in path.parts:
            raise RecursionError("deep")
        return read_notebook_file(path)

    monkeypatch.setattr("grader.grading.gathering.read_notebook_file", read)
    gathered = Class.gather(tmp_path, COURSE)
    assert [each.student for each in gathered.submissions] == ["ada"]
    assert [each.sentence for each in gathered.troubles] == [
        "Gathering stopped at it (RecursionError)."
    ]


def test_what_lies_beside_a_broken_notebook_is_told(tmp_path: Path) -> None:
    """The right one may be among it; nobody would look for it otherwise."""
    hand_in(tmp_path, "ada", answered({"first_call": RIGHT})[:-200])
    hand_in(tmp_path, "ada", answered({"first_call": RIGHT}), name=f"{START} (1).ipynb")
    [trouble] = Class.gather(tmp_path, COURSE).troubles
    assert trouble.sentence.endswith(f"{START} (1).ipynb is next to it, and wasn't graded.")
