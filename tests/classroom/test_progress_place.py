"""Where progress is kept: a file for each copy of the course, and what was kept before."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from grader.classroom import check, hint, progress, solution
from grader.classroom.progress_file import (
    VARIABLE,
    Progress,
    ProgressRecord,
    load_progress,
    save_progress,
)
from grader.classroom.progress_place import Place, find_course, find_place, open_place
from grader.errors import ProgressError
from grader.exercises import COURSE
from tests.classroom.shells import shell

LESSON = COURSE[1].name
KEPT = Progress({"text_of": ProgressRecord(3, 2, 4, True, "", 0, "abc")})
RIGHT = """
def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")
"""


def clone(folder: Path) -> Path:
    """Make what a clone of the repository is known by, and return the folder of a lesson in it."""
    (folder / "solutions").mkdir(parents=True)
    (folder / "nbgrader_config.py").touch()
    lesson = folder / "course" / LESSON
    lesson.mkdir(parents=True)
    return lesson


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which progress lies, of a Jupyter with a data folder of its own."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return tmp_path / "data" / "grader"


_opened = ExitStack()


@pytest.fixture(autouse=True)
def _shells_end_with_their_test() -> Iterator[None]:
    yield
    _opened.close()


def start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """Start a shell as a kernel starts one: in the folder of its notebook."""
    monkeypatch.chdir(folder)
    made = _opened.enter_context(shell())
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: made)
    return made


def test_nothing_is_kept_where_progress_is_switched_off() -> None:
    """And that is said."""
    place = find_place({VARIABLE: "off"})
    assert place == Place(None)
    assert place.statement == "Progress is switched off here."


@pytest.mark.parametrize(
    ("chosen", "path"),
    [
        ("/a/b.json", Path("/a/b.json")),
        (" /a/b.json ", Path("/a/b.json")),
        ("~/b.json", Path.home() / "b.json"),
        ("~nobody-of-that-name/b.json", Path("~nobody-of-that-name/b.json")),
    ],
)
def test_the_environment_may_choose_the_file(chosen: str, path: Path) -> None:
    """A path is taken as a shell would take it."""
    place = find_place({VARIABLE: chosen})
    assert place == Place(path)
    assert place.statement == f"Kept in {path}."


@pytest.mark.parametrize("blank", [{}, {VARIABLE: " "}])
def test_progress_lies_in_jupyters_own_folder_otherwise(
    blank: dict[str, str], data: Path, tmp_path: Path
) -> None:
    """Where Jupyter keeps its data, a learner's progress is found too."""
    path = find_place(blank, clone(tmp_path / "one")).path
    assert path is not None
    assert path.parent == data
    assert path.name.startswith("progress-")


def test_each_copy_of_the_course_has_a_file_of_its_own(data: Path, tmp_path: Path) -> None:
    """The same for all its lessons, whatever the way to it; none of it lies in the copy."""
    one, two = clone(tmp_path / "one"), clone(tmp_path / "two two")
    (tmp_path / "link").symlink_to(tmp_path / "one")
    of_one = {
        find_place({}, folder)
        for folder in (
            one,
            one.parent,
            one.parent.parent,
            one.parent / COURSE[0].name,
            tmp_path / "link" / "course" / LESSON,
            one / ".." / LESSON,
        )
    }
    assert len(of_one) == 1
    (place,) = of_one
    assert place.course == tmp_path / "one"
    assert place.path != find_place({}, two).path
    assert place.path is not None
    assert tmp_path / "one" not in place.path.parents
    assert place.statement == (f"Kept in {place.path}, for the course in {tmp_path / 'one'} alone.")


def test_lessons_that_were_handed_out_are_known_by_their_folder(data: Path, tmp_path: Path) -> None:
    """A class gets them without the repository around them."""
    folders = [tmp_path / name / each.name for name in "ab" for each in COURSE[:2]]
    for folder in folders:
        folder.mkdir(parents=True)
    found = [find_course(folder) for folder in folders]
    assert found == [tmp_path / "a", tmp_path / "a", tmp_path / "b", tmp_path / "b"]


def test_a_notebook_elsewhere_has_a_file_that_belongs_to_no_copy(
    data: Path, tmp_path: Path
) -> None:
    """It is not the one that copies shared before."""
    assert find_place({}, tmp_path) == Place(data / "progress-elsewhere.json")


def test_a_second_clone_does_not_start_done(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is checked in one is not done in the other, and each says where it keeps what it has."""
    one, two = clone(tmp_path / "one"), clone(tmp_path / "two")
    start(one, monkeypatch).run_cell(RIGHT)
    check("text_of")
    assert "● correct" in progress().text
    start(two, monkeypatch)
    assert "● correct" not in progress().text
    assert f"for the course in {tmp_path / 'two'} alone" in progress().text
    start(one, monkeypatch)
    assert "● correct" in progress().text
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [
        "course",
        "nbgrader_config.py",
        "solutions",
    ]


def test_changing_the_working_directory_changes_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook stays what it is after %cd."""
    start(clone(tmp_path / "one"), monkeypatch)
    before = find_place()
    for folder in (tmp_path, clone(tmp_path / "two")):
        monkeypatch.chdir(folder)
        assert find_place() == before


def test_a_kernel_that_was_started_elsewhere_goes_by_its_working_directory(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """VS Code changes into the notebook's folder only when the kernel runs."""
    lesson = clone(tmp_path / "one")
    start(tmp_path, monkeypatch)
    monkeypatch.chdir(lesson)
    assert find_place().course == tmp_path / "one"


@pytest.mark.parametrize(
    "opened_by",
    [progress, lambda: check("text_of"), lambda: hint("text_of")],
    ids=["progress", "check", "hint"],
)
def test_the_first_copy_takes_over_what_all_shared(
    opened_by: object,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It says so once; the second copy begins at the beginning."""
    save_progress(KEPT, data / "progress.json")
    one, two = clone(tmp_path / "one"), clone(tmp_path / "two")
    start(one, monkeypatch)
    opened_by()  # type: ignore[operator]
    told = capsys.readouterr().out
    mine = find_place().path
    assert f"Yours, from {data / 'progress.json'}, belongs to {tmp_path / 'one'}" in told
    assert f"is in {mine}" in told
    assert load_progress(mine).record("text_of").is_correct
    assert [path.name for path in data.iterdir()] == [mine.name]  # type: ignore[union-attr]
    progress()
    start(two, monkeypatch)
    assert "● correct" not in progress().text
    assert capsys.readouterr().out == ""
    start(one, monkeypatch)
    assert "● correct" in progress().text


def test_a_solution_is_open_that_was_open_before(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`solution` reads what was taken over too."""
    save_progress(KEPT, data / "progress.json")
    start(Path(__file__).parents[2], monkeypatch)
    assert solution("text_of").text.startswith("One way")


def test_a_copy_with_progress_leaves_the_former_file_alone(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it may be lost to a file that is no older."""
    start(clone(tmp_path / "one"), monkeypatch)
    save_progress(Progress(), find_place().path)
    save_progress(KEPT, data / "progress.json")
    assert load_progress(open_place().path) == Progress()
    assert load_progress(data / "progress.json") == KEPT


def test_a_chosen_file_takes_nothing_over(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who names a file means that file."""
    save_progress(KEPT, data / "progress.json")
    monkeypatch.setenv(VARIABLE, str(data / "mine.json"))
    assert open_place() == Place(data / "mine.json")
    assert not (data / "mine.json").exists()


def test_a_former_file_that_cannot_be_moved_is_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress is not lost without a word; the verdict is shown all the same."""
    save_progress(KEPT, data / "progress.json")

    def refuse(*_paths: object) -> None:
        raise PermissionError(13, "Permission denied")

    started = start(clone(tmp_path / "one"), monkeypatch)
    started.run_cell(RIGHT)
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ProgressError, match=r"can't be moved to .*Permission denied"):
        open_place()
    result = check("text_of")
    assert result.footnotes[0].startswith("Your progress isn't saved: ")  # type: ignore[union-attr]


def test_a_folder_that_was_moved_is_told_where_its_progress_is(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy is known by its folder; under a new name it is a new one, and that is said."""
    start(clone(tmp_path / "one"), monkeypatch)
    save_progress(KEPT, find_place().path)
    former = find_place().path
    os.rename(tmp_path / "one", tmp_path / "other")
    start(tmp_path / "other" / "course" / LESSON, monkeypatch)
    assert f"your progress is still in {former}" in progress().text
    save_progress(KEPT, find_place().path)
    assert "still in" not in progress().text


def test_a_former_file_that_is_none_of_ours_is_moved_and_left_as_it_is(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What to do with it is said where it is read."""
    data.mkdir(parents=True)
    (data / "progress.json").write_text(json.dumps({"format": 9}))
    start(clone(tmp_path / "one"), monkeypatch)
    with pytest.raises(ProgressError, match="has no progress of this course"):
        progress()
