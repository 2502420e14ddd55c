"""The made-up class of eight."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.exercises import examine, find_lesson
from grader.grading import EXPECTED, make_demo_class
from tests.grading.class_folder import ROOT

LESSONS = tuple(find_lesson(name) for name in EXPECTED["ada_all_right"])


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the class once."""
    return make_demo_class(ROOT, tmp_path_factory.mktemp("demo") / "submitted")


def defined(path: Path) -> dict[str, Any]:
    """Return what the exercise cells of a notebook define."""
    names: dict[str, Any] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            exec("".join(cell["source"]), names)
    return names


@pytest.mark.filterwarnings("ignore:a warning costs nothing:UserWarning")
@pytest.mark.parametrize("student", sorted(EXPECTED))
def test_each_student_earns_what_is_expected(student: str, submitted: Path) -> None:
    """The checks alone, without nbgrader, give the points that are promised."""
    earned = {}
    for lesson in LESSONS:
        functions = defined(submitted / student / lesson.name / f"{lesson.name}.ipynb")
        verdicts = [examine(each.name, functions[each.name]) for each in lesson.exercises]
        earned[lesson.name] = sum(verdict.points for verdict in verdicts)
    assert earned == EXPECTED[student]


def test_it_is_a_class_of_eight_with_two_lessons(submitted: Path) -> None:
    """Nobody else is in the folder, and nobody left a lesson out."""
    found = {path.relative_to(submitted).as_posix() for path in submitted.rglob("*.ipynb")}
    assert len(EXPECTED) == 8
    assert found == {
        f"{student}/{lesson.name}/{lesson.name}.ipynb" for student in EXPECTED for lesson in LESSONS
    }


def test_it_is_the_same_every_time(submitted: Path) -> None:
    """Making it again changes no byte."""
    before = {path: path.read_bytes() for path in submitted.rglob("*.ipynb")}
    make_demo_class(ROOT, submitted)
    assert {path: path.read_bytes() for path in submitted.rglob("*.ipynb")} == before


def test_a_real_class_is_left_alone(tmp_path: Path) -> None:
    """Nobody's notebooks are mixed with made-up ones."""
    (tmp_path / "zoe").mkdir()
    with pytest.raises(GradingError, match="a folder of zoe, who isn't part of the demo"):
        make_demo_class(ROOT, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["zoe"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The command ends with a sentence, not with a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(GradingError, match="Choose another folder for the demo"):
        make_demo_class(ROOT, tmp_path / "file" / "submitted")
