"""Which lesson a file is: by its cells, whatever its name says."""

import json
from pathlib import Path

import pytest

from tests.grading.class_folder import START, STRUCTURE, course_notebook
from tests.grading.intake.downloads import LESSONS, collected, notebooks_in, unpacked, worked


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_cells_say_which_lesson_it_is(tmp_path: Path, lesson: str) -> None:
    """A name that lies is told, and not believed."""
    other = START if lesson != START else STRUCTURE
    unpacked([(f"ada/{other}.ipynb", worked(lesson))], tmp_path / "in")
    planned, left = collected(tmp_path / "in", tmp_path / "out")
    assert left == []
    assert list(notebooks_in(tmp_path / "out")) == [f"ada/{lesson}/{lesson}.ipynb"]
    assert any(other in note for note in planned.moves[0].handed_in.notes)


def bare(lesson: str, *, keep: bool) -> bytes:
    """Return a notebook without marks and ids; keep: with the code of its exercises."""
    cells = [
        {"cell_type": each["cell_type"], "source": each["source"], "metadata": {}}
        for each in course_notebook(lesson)["cells"]
        if keep or not each["metadata"].get("nbgrader")
    ]
    code = [{**each, "outputs": []} if each["cell_type"] == "code" else each for each in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": code}).encode()


def test_without_marks_the_code_says_it(tmp_path: Path) -> None:
    """Kaggle and Deepnote lose all marks; the names of functions and the checks are left."""
    unpacked([("ada/work.ipynb", bare(STRUCTURE, keep=True))], tmp_path / "in")
    collected(tmp_path / "in", tmp_path / "out")
    assert list(notebooks_in(tmp_path / "out")) == [f"ada/{STRUCTURE}/{STRUCTURE}.ipynb"]


def test_what_nothing_says_is_asked_for(tmp_path: Path) -> None:
    """The name helps, then --lesson; else the file is left with the reason."""
    unpacked([("ada/work.ipynb", bare(START, keep=False))], tmp_path / "in")
    _, left = collected(tmp_path / "in", tmp_path / "out")
    assert [each.is_trouble for each in left] == [True]
    assert "which lesson" in left[0].reason
    collected(tmp_path / "in", tmp_path / "out", lesson=START)
    assert list(notebooks_in(tmp_path / "out")) == [f"ada/{START}/{START}.ipynb"]


def test_a_torn_file_goes_where_its_name_says(tmp_path: Path) -> None:
    """Grading then says to its student what is wrong with it."""
    unpacked([(f"ada/{START}.ipynb", worked()[:300])], tmp_path / "in")
    planned, _ = collected(tmp_path / "in", tmp_path / "out")
    assert list(notebooks_in(tmp_path / "out")) == [f"ada/{START}/{START}.ipynb"]
    assert "ends in the middle" in planned.moves[0].handed_in.notes[0]


def test_one_lesson_is_taken_of_all(tmp_path: Path) -> None:
    """The others are told, and are no trouble."""
    files = [(f"ada/{each}/{each}.ipynb", worked(each)) for each in (START, STRUCTURE)]
    planned, left = collected(unpacked(files, tmp_path / "in"), tmp_path / "out", lesson=START)
    assert list(notebooks_in(tmp_path / "out")) == [f"ada/{START}/{START}.ipynb"]
    assert planned.is_complete
    assert len(left) == 1
