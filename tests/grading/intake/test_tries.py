"""Several files of one student: which counts, and what becomes of the others."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.grading.intake.clues import FOLDERS, Clue
from grader.grading.intake.looking import HandedIn
from grader.grading.intake.tries import in_order
from grader.grading.intake.walking import Item
from grader.grading.intake.which_lesson import Read
from tests.grading.class_folder import START
from tests.grading.intake.downloads import (
    blank,
    canvas_files,
    collected,
    notebooks_in,
    unpacked,
    worked,
)
from tests.grading.intake.test_systems import ADA

NOTEBOOK = f"{START}.ipynb"


def test_the_number_that_a_browser_adds_says_which_is_newer(tmp_path: Path) -> None:
    """So does the one that Canvas adds."""
    for number, names in enumerate(
        [(NOTEBOOK, f"{START} (1).ipynb", f"{START} (2).ipynb"), (NOTEBOOK, f"{START}-1.ipynb")]
    ):
        files = [(f"ada/{name}", worked(said=name)) for name in names]
        out = tmp_path / f"out{number}"
        collected(unpacked(files, tmp_path / f"in{number}"), out)
        assert (out / "ada" / START / NOTEBOOK).read_bytes() == worked(said=names[-1])
        assert len(notebooks_in(out)) == len(names)


def test_a_blank_file_beside_a_worked_one_does_not_count(tmp_path: Path) -> None:
    """The newer download of an untouched notebook is nobody's work."""
    files = [(f"ada/{NOTEBOOK}", worked()), (f"ada/{START} (1).ipynb", blank())]
    _, left = collected(unpacked(files, tmp_path / "in"), tmp_path / "out")
    assert list(notebooks_in(tmp_path / "out").values()) == [worked()]
    assert [each.is_trouble for each in left] == [False]


def test_a_blank_file_of_colab_is_blank_too(tmp_path: Path) -> None:
    """It begins with a cell that installs the course, and ends with an empty one."""
    notebook = json.loads(blank())
    cell = {"cell_type": "code", "source": "%pip install x", "metadata": {}, "outputs": []}
    notebook["cells"] = [cell, *notebook["cells"], {**cell, "source": "\n"}]
    files = [
        (f"ada/{NOTEBOOK}", worked()),
        (f"ada/{START} (1).ipynb", json.dumps(notebook).encode()),
    ]
    collected(unpacked(files, tmp_path / "in"), tmp_path / "out")
    assert list(notebooks_in(tmp_path / "out").values()) == [worked()]


def test_two_files_that_nothing_orders_are_both_left(tmp_path: Path) -> None:
    """Choosing one could be wrong; both are named."""
    files = [("ada/a.ipynb", worked(said="a")), ("ada/b.ipynb", worked(said="b"))]
    _, [left] = collected(unpacked(files, tmp_path / "in"), tmp_path / "out")
    assert notebooks_in(tmp_path / "out") == {}
    assert left.is_trouble
    assert "a.ipynb" in left.shown
    assert "b.ipynb" in left.shown


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6, unique=True), st.randoms())
@settings(max_examples=40, deadline=None)
def test_times_order_tries_however_they_are_found(seconds: list[int], chance: object) -> None:
    """The same tries in any order come out the same, the newest last."""
    began = datetime(2026, 11, 1, tzinfo=UTC)
    tries = [
        HandedIn(
            "ada",
            START,
            Item(("in", f"{each}.ipynb"), bytes),
            Clue(FOLDERS),
            Read(f"digest {each}", START),
            began + timedelta(seconds=each),
        )
        for each in seconds
    ]
    ordered, left = in_order(tries)
    assert left == ()
    assert [each.at for each in ordered] == sorted(each.at for each in tries if each.at)


def test_collecting_again_changes_nothing(tmp_path: Path) -> None:
    """Not even the times of files."""
    unpacked(canvas_files([ADA]), tmp_path / "in")
    collected(tmp_path / "in", tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    planned, _ = collected(tmp_path / "in", tmp_path / "out")
    assert planned.new == ()
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_a_newer_try_moves_the_one_before_aside(tmp_path: Path) -> None:
    """Canvas's numbers rise; nothing is lost, and an old download changes nothing afterwards."""
    weeks = [
        unpacked(
            [(f"lovelaceada_1_{file}_{NOTEBOOK}", worked(said=f"week {file}"))],
            tmp_path / f"week{file}",
        )
        for file in (100, 200)
    ]
    out = tmp_path / "out"
    for each in weeks:
        collected(each, out)
    here = out / "lovelaceada_1" / START / NOTEBOOK
    assert here.read_bytes() == worked(said="week 200")
    collected(weeks[0], out)
    assert here.read_bytes() == worked(said="week 200")
    assert sorted(notebooks_in(out).values()) == [worked(said="week 100"), worked(said="week 200")]


def test_a_file_put_there_by_hand_stays_unless_told(tmp_path: Path) -> None:
    """Nothing says that the download is newer; with --newer it moves aside, with its time."""
    there = unpacked([(NOTEBOOK, worked(said="by hand"))], tmp_path / "out" / "ada" / START)
    download = unpacked([(f"ada/{NOTEBOOK}", worked(said="download"))], tmp_path / "in")
    _, [left] = collected(download, tmp_path / "out")
    assert (there / NOTEBOOK).read_bytes() == worked(said="by hand")
    assert "--newer" in left.reason
    (there / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC")
    assert collected(download, tmp_path / "out", are_newer=True)[1] == []
    assert (there / NOTEBOOK).read_bytes() == worked(said="download")
    assert not (there / "timestamp.txt").exists()
    [aside] = (there / "earlier").iterdir()
    assert (aside / NOTEBOOK).read_bytes() == worked(said="by hand")
    assert (aside / "timestamp.txt").read_text() == "2026-11-01 10:00:00 UTC"


@pytest.mark.parametrize("there", ["other.ipynb", "Start.ipynb"])
def test_a_folder_with_another_notebook_is_not_touched(tmp_path: Path, there: str) -> None:
    """Grading may count that one: a person decides."""
    unpacked([(there, worked(said="there"))], tmp_path / "out" / "ada" / START)
    download = unpacked([(f"ada/{NOTEBOOK}", worked())], tmp_path / "in")
    _, [left] = collected(download, tmp_path / "out")
    assert list(notebooks_in(tmp_path / "out")) == [f"ada/{START}/{there}"]
    assert there in left.reason


def test_a_name_stored_in_other_letters_is_the_same_student(tmp_path: Path) -> None:
    """macOS takes accents apart; the folder that is there is used."""
    apart, whole = "Zoe\u0308", "Zo\u00eb"
    unpacked([(NOTEBOOK, worked())], tmp_path / "out" / apart / START)
    download = unpacked([(f"{whole}/{NOTEBOOK}", worked())], tmp_path / "in")
    planned, _ = collected(download, tmp_path / "out")
    assert [each.is_there for each in planned.moves] == [True]
    assert [each.name for each in (tmp_path / "out").iterdir()] == [apart]


def test_where_a_file_came_from_stands_beside_it(tmp_path: Path) -> None:
    """For the next download, and for people."""
    unpacked(canvas_files([ADA]), tmp_path / "in")
    collected(tmp_path / "in", tmp_path / "out")
    [path] = (tmp_path / "out").rglob("collected.json")
    told = json.loads(path.read_text())
    assert told["from"] == f"in/lovelaceada_1_901_{NOTEBOOK}"
    assert told["order"] == 901
