"""`progress().certificate()`: what is passed and saved goes onto the page, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.certificates import Certificate, read_certificate_file
from grader.classroom import check, progress
from grader.classroom.certifying import FILE_NAME
from grader.classroom.progress_file import (
    VARIABLE,
    Progress,
    ProgressRecord,
    load_progress,
    save_progress,
)
from grader.errors import CertificateError
from grader.exams import LocalCandidate, examine
from grader.exercises import COURSE, find_exercise
from grader.sources import solution_source
from tests.classroom.shells import shell

ROOT = Path(__file__).parents[2]
START, STRUCTURE = "00_start_here", "01_structure"
RIGHT = solution_source(ROOT, START, "first_call")
OTHER = solution_source(ROOT, STRUCTURE, "text_of")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of two lessons, the first one solved, and a progress file of its own."""
    for lesson in (START, STRUCTURE):
        write(tmp_path, lesson, {"first_call": RIGHT})
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.json"))
    monkeypatch.chdir(tmp_path / START)
    return tmp_path


def write(
    course: Path,
    lesson: str,
    answers: dict[str, str],
    change: Callable[[list[Any]], None] = lambda cells: None,
) -> Path:
    """Write a lesson's notebook with answers in it, as it is saved."""
    path = course / lesson / f"{lesson}.ipynb"
    path.parent.mkdir(exist_ok=True)
    notebook = json.loads((ROOT / "course" / lesson / path.name).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    change(notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def keep(course: Path, *names: str) -> None:
    """Keep progress in which exercises are correct."""
    records = {
        name: ProgressRecord(
            1, 0, find_exercise(name).points, is_correct=True, right_on="2026-11-29", seed="5eed"
        )
        for name in names
    }
    save_progress(Progress(records), course / "progress.json")


def certified(course: Path) -> Certificate:
    """Return what stands on the page."""
    certificate, note = read_certificate_file(course / START / FILE_NAME)
    assert note == ""
    return certificate


def test_what_is_passed_goes_onto_the_page(course: Path) -> None:
    """With the code of the whole notebook, its day and its seed, and the name that was given."""
    keep(course, "first_call")
    shown = progress().certificate(" Ada  Lovelace ")
    made = certified(course)
    (work,) = made.lessons
    assert (made.name, work.lesson, made.points) == ("Ada Lovelace", START, 4)
    assert [(each.name, each.on, each.seed) for each in work.passed] == [
        ("first_call", "2026-11-29", "5eed")
    ]
    assert any(cell.mark == "first_call" and cell.source == RIGHT for cell in work.cells)
    notebook = json.loads((ROOT / "course" / START / f"{START}.ipynb").read_text(encoding="utf-8"))
    assert len(work.cells) == sum(cell["cell_type"] == "code" for cell in notebook["cells"])
    assert f'<a href="{FILE_NAME}">' in shown.html
    assert "1 exercise, 4 points" in shown.text


def test_a_second_one_takes_the_firsts_place(course: Path) -> None:
    """The newest counts, and others may read it."""
    keep(course, "first_call")
    progress().certificate("Ada")
    progress().certificate("Grace")
    assert certified(course).name == "Grace"
    assert (course / START / FILE_NAME).stat().st_mode & 0o044
    assert sorted(each.name for each in (course / START).iterdir()) == [
        f"{START}.ipynb",
        FILE_NAME,
    ]


def test_the_seed_is_that_of_the_check_that_was_passed(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives the same exam again; a later failure leaves it."""
    with shell() as made:
        monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: made)
        made.run_cell(RIGHT, store_history=True)
        check("first_call")
        seed = load_progress(course / "progress.json").record("first_call").seed
        made.run_cell("def first_call(client, prompt):\n    return ''", store_history=True)
        check("first_call")
        assert load_progress(course / "progress.json").record("first_call").seed == seed
        made.run_cell(RIGHT, store_history=True)
        candidate = LocalCandidate({"first_call": made.user_ns["first_call"]})
        verdict = examine(find_exercise("first_call"), candidate, seed=int(seed, 16))
        assert verdict.outcome == "Correct"
        check("first_call")
        assert load_progress(course / "progress.json").record("first_call").seed != seed


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.name)
def test_an_empty_function_is_no_answer_and_the_courses_own_is(
    course: Path, monkeypatch: pytest.MonkeyPatch, lesson: Any
) -> None:
    """In every lesson: a stub that was never saved over isn't certified, and is told."""
    names = [each.name for each in lesson.exercises]
    keep(course, *names)
    write(course, lesson.name, {})
    monkeypatch.chdir(course / lesson.name)
    with pytest.raises(CertificateError) as caught:
        progress().certificate()
    assert "its saved notebook has no answer" in str(caught.value)
    assert all(name in str(caught.value) for name in names)
    write(course, lesson.name, {name: solution_source(ROOT, lesson.name, name) for name in names})
    shown = progress().certificate()
    assert "no answer" not in shown.text
    made, _ = read_certificate_file(course / lesson.name / FILE_NAME)
    assert [each.name for work in made.lessons for each in work.passed] == names


@pytest.mark.parametrize(
    "source",
    [
        "text_of = lambda message: message.content[0].text",
        "from mine import text_of",
        "if True:\n    def text_of(message): return ''",
        "%time\ndef text_of(message): return ''",
        "async def text_of(message):\n    return ''",
        "text_of: object = print",
    ],
)
def test_any_way_to_define_it_is_an_answer(course: Path, source: str) -> None:
    """Whether it passes is not for the certificate to say."""
    keep(course, "text_of")
    write(course, STRUCTURE, {"text_of": source})
    progress().certificate()
    assert certified(course).exercises == 1


def test_what_is_lacking_is_left_out_and_told(course: Path) -> None:
    """The rest is certified."""
    keep(course, "first_call", "text_of")
    shown = progress().certificate()
    assert certified(course).exercises == 1
    assert "text_of: passed, but its saved notebook has no answer" in shown.text
    (course / STRUCTURE / f"{STRUCTURE}.ipynb").write_text("{broken", encoding="utf-8")
    assert f"{STRUCTURE}.ipynb can't be read" in progress().certificate().text


@pytest.mark.parametrize(
    "key",
    [
        "sk-ant-api03-" + "Ab3_" * 20,
        "sk-proj-" + "Ab3-" * 20,
        "sk-" + "a1B2" * 12,
    ],
)
def test_a_key_in_the_code_is_not_published(course: Path, key: str) -> None:
    """No page is written, and the cell is named."""
    keep(course, "first_call")
    write(course, START, {"first_call": f"{RIGHT}\nkey = '{key}'"})
    with pytest.raises(CertificateError, match=r"Code cell \d+ of 00_start_here holds what looks"):
        progress().certificate()
    assert not (course / START / FILE_NAME).exists()


def test_an_answer_turned_into_text_goes_along(course: Path) -> None:
    """Grading runs it as code, and so does `grader verify`."""
    keep(course, "first_call")

    def retype(cells: list[Any]) -> None:
        for cell in cells:
            if cell["id"] == "first_call":
                cell["cell_type"] = "markdown"

    write(course, START, {"first_call": RIGHT}, retype)
    progress().certificate()
    (work,) = certified(course).lessons
    assert [cell.is_code for cell in work.cells if cell.mark == "first_call"] == [False]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": 5}, "A name is a text"),
        ({"name": None}, "A name is a text"),
        ({"name": "a" * 101}, "101 characters"),
        ({"path": 5}, "A path is a text"),
        ({"path": b"a.html"}, "A path is a text"),
        ({"path": "a\0b"}, "can't be written (embedded null byte)"),
        ({"path": "no/such/folder.html"}, "can't be written (No such file or directory)"),
        ({"path": f"{START}.ipynb"}, "is there already, and isn't a certificate"),
    ],
)
def test_odd_arguments_are_one_sentence(course: Path, options: Any, said: str) -> None:
    """And nothing is written over."""
    keep(course, "first_call")
    before = (course / START / f"{START}.ipynb").read_bytes()
    with pytest.raises(CertificateError) as caught:
        progress().certificate(**options)
    assert said in str(caught.value)
    assert (course / START / f"{START}.ipynb").read_bytes() == before


def test_a_folder_gets_a_file_of_the_usual_name(course: Path) -> None:
    """And the words say where it is."""
    keep(course, "first_call")
    shown = progress().certificate(path=course)
    assert read_certificate_file(course / FILE_NAME)[0].exercises == 1
    assert str(course / FILE_NAME) in shown.html


def test_without_anything_passed_there_is_no_certificate(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor where progress is switched off."""
    with pytest.raises(CertificateError, match="nothing to certify yet"):
        progress().certificate()
    monkeypatch.setenv(VARIABLE, "off")
    with pytest.raises(CertificateError, match="switched off"):
        progress().certificate()
