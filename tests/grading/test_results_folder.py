"""The folder of results: what is put there, and which folders are refused."""

from pathlib import Path

import pytest
from traitlets.config import PyFileConfigLoader

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading.results_folder import ResultsFolder, prepare_folder

PASSWORD_URL = "postgresql://teacher:secret@db.example/grades"


def loaded(folder: Path) -> dict[str, object]:
    """Return what the folder's config says of the course's folders and gradebook."""
    config = PyFileConfigLoader("nbgrader_config.py", str(folder)).load_config()
    names = ("root", "source_directory", "submitted_directory", "db_url")
    found = config.CourseDirectory
    return {name: found[name] for name in names if name in found}


def test_the_config_says_where_things_lie(tmp_path: Path) -> None:
    """Every nbgrader command works in the folder, also after it was moved."""
    prepare_folder(tmp_path / "out", tmp_path / "submitted")
    moved = (tmp_path / "out").rename(tmp_path / "moved")
    assert loaded(moved) == {
        "root": str(moved),
        "source_directory": "source",
        "submitted_directory": "collected",
    }


def test_a_folder_is_prepared_twice(tmp_path: Path) -> None:
    """The same command again finds its own config, and writes it anew."""
    first = prepare_folder(tmp_path / "out", tmp_path / "submitted")
    assert prepare_folder(tmp_path / "out", tmp_path / "submitted") == first


def test_another_gradebook_is_in_the_config_and_its_password_is_not_shown(tmp_path: Path) -> None:
    """Formgrader needs the whole URL; nobody else may read it, on the screen or on disk."""
    folder = prepare_folder(tmp_path / "out", tmp_path / "submitted", PASSWORD_URL)
    assert loaded(folder.path)["db_url"] == PASSWORD_URL
    assert folder.shown_db_url == "postgresql://teacher:***@db.example/grades"
    assert (folder.path / "nbgrader_config.py").stat().st_mode & 0o777 == 0o600


def test_a_gradebooks_path_counts_from_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """nbgrader changes to its own folder, and would make a second file there."""
    monkeypatch.chdir(tmp_path)
    folder = prepare_folder(Path("out"), Path("submitted"), "sqlite:///grades.db")
    assert folder.db_url == f"sqlite:///{tmp_path / 'grades.db'}"


@pytest.mark.parametrize("db_url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_gradebook_in_memory_is_refused(tmp_path: Path, db_url: str) -> None:
    """Each step would begin with an empty one."""
    with pytest.raises(GradingError, match="would be gone after the run"):
        prepare_folder(tmp_path / "out", tmp_path / "submitted", db_url)


@pytest.mark.parametrize("out", ["submitted", "submitted/out", "submitted/ada/out"])
def test_results_among_submissions_are_refused(tmp_path: Path, out: str) -> None:
    """Nothing is ever changed in what was handed in."""
    with pytest.raises(GradingError, match=r"nothing is ever changed there.*--out"):
        prepare_folder(tmp_path / out, tmp_path / "submitted")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("submitted", ["out/collected", "out/autograded", "out/collected/ada"])
def test_results_are_not_graded_as_submissions(tmp_path: Path, submitted: str) -> None:
    """Copies would be replaced while they are read."""
    with pytest.raises(GradingError, match="belongs to the results of an earlier run"):
        prepare_folder(tmp_path / "out", tmp_path / submitted)


def test_another_nbgrader_course_is_left_alone(tmp_path: Path) -> None:
    """`--out .` in an instructor's own course does not replace its config."""
    config = tmp_path / "nbgrader_config.py"
    config.write_text("c = get_config()\n")
    with pytest.raises(GradingError, match="is an nbgrader course already"):
        prepare_folder(tmp_path, tmp_path / "submitted")
    assert config.read_text() == "c = get_config()\n"


def test_a_folder_whose_name_nbgrader_reads_as_a_pattern_is_refused(tmp_path: Path) -> None:
    """Otherwise no submission would be found, with no word why."""
    with pytest.raises(GradingError, match="nbgrader finds no files in"):
        prepare_folder(tmp_path / "grades[1]", tmp_path / "submitted")


def test_a_lesson_that_was_not_built_names_the_command(tmp_path: Path) -> None:
    """Submissions are graded against a notebook that `grader build` makes."""
    with pytest.raises(GradingError, match="Run `grader build`"):
        ResultsFolder(tmp_path).copy_lessons(tmp_path / "course", COURSE)


def test_a_new_submission_replaces_what_was_there(tmp_path: Path) -> None:
    """No file and no feedback of an earlier try stays beside the new one."""
    folder = ResultsFolder(tmp_path)
    page = folder.feedback("ada", "00_start_here")
    page.parent.mkdir(parents=True)
    page.write_text("old")
    folder.collect("ada", "00_start_here", b"old")
    (tmp_path / "collected/ada/00_start_here/data.csv").write_text("old")
    folder.collect("ada", "00_start_here", b"new")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in files} == {
        "collected/ada/00_start_here/00_start_here.ipynb": b"new"
    }
