"""The folder of results: what is put there, and which folders are refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from traitlets.config import PyFileConfigLoader

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading.keys import digest_of
from grader.grading.lean import Lean
from grader.grading.notebook_file import NotebookFile
from grader.grading.options import has_own_penalty, load_config
from grader.grading.report import read_class_results
from grader.grading.result import Result, Run
from grader.grading.results_folder import ResultsFolder
from grader.grading.standing import Standing
from tests.grading.class_folder import prepare_folder
from tests.grading.made_results import result
from tests.grading.made_standings import standing_of

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


def test_what_an_instructor_adds_to_the_config_stays_and_counts(tmp_path: Path) -> None:
    """Also when the gradebook or the penalty changes, and above what we say."""
    folder = prepare_folder(tmp_path / "out", tmp_path / "submitted")
    config = folder.path / "nbgrader_config.py"
    with config.open("a") as file:
        file.write('c.AssignLatePenalties.plugin_class = "late.Half"\n')
    text = config.read_text()
    again = prepare_folder(tmp_path / "out", tmp_path / "submitted", "sqlite:////tmp/other.db")
    again.write_configs("10%/day")
    assert config.read_text() == text
    found = load_config(folder.path)
    assert found.AssignLatePenalties.plugin_class == "late.Half"
    assert found.CourseDirectory.db_url == "sqlite:////tmp/other.db"
    assert has_own_penalty(found)


@pytest.mark.parametrize("added", ["", "# mine\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"])
def test_a_config_of_an_earlier_version_keeps_its_added_lines(tmp_path: Path, added: str) -> None:
    """It said all itself; now it loads what each run brings up to date."""
    (tmp_path / "nbgrader_config.py").write_text(
        '"""Written by `grader grade`: what nbgrader needs to open the grades in this folder."""\n'
        "\nfrom pathlib import Path\n\nfrom grader.grading import configure\n\n"
        "c = get_config()  # noqa: F821  # nbgrader puts it there\n"
        f"configure(c, root=Path(__file__).resolve().parent, db_url={PASSWORD_URL!r})\n{added}"
    )
    folder = prepare_folder(tmp_path, tmp_path.parent / "submitted")
    assert folder.db_url == PASSWORD_URL
    text = (tmp_path / "nbgrader_config.py").read_text()
    assert text.endswith(added)
    assert "secret" not in text
    found = load_config(tmp_path)
    assert found.CourseDirectory.db_url == PASSWORD_URL
    assert has_own_penalty(found) == bool(added)


def test_a_config_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    """With what Python says of it."""
    folder = prepare_folder(tmp_path / "out", tmp_path / "submitted")
    with (folder.path / "nbgrader_config.py").open("a") as file:
        file.write("c.Assign = = 1\n")
    with pytest.raises(GradingError, match=r"nbgrader_config\.py cannot be run \(SyntaxError"):
        load_config(folder.path)


def test_a_folder_is_prepared_twice(tmp_path: Path) -> None:
    """The same command again finds its own config, and leaves it as it is."""
    first = prepare_folder(tmp_path / "out", tmp_path / "submitted")
    before = {path: path.stat().st_mtime_ns for path in first.path.iterdir()}
    assert prepare_folder(tmp_path / "out", tmp_path / "submitted") == first
    assert {path: path.stat().st_mtime_ns for path in first.path.iterdir()} == before


def test_another_gradebook_is_in_the_config_and_its_password_is_not_shown(tmp_path: Path) -> None:
    """Formgrader needs the whole URL; nobody else may read it, on the screen or on disk."""
    folder = prepare_folder(tmp_path / "out", tmp_path / "submitted", PASSWORD_URL)
    assert loaded(folder.path)["db_url"] == PASSWORD_URL
    assert folder.shown_db_url == "postgresql://teacher:***@db.example/grades"
    assert (folder.path / "grader_config.py").stat().st_mode & 0o777 == 0o600
    assert "secret" not in (folder.path / "nbgrader_config.py").read_text()
    again = prepare_folder(tmp_path / "out", tmp_path / "submitted")
    assert again.db_url == PASSWORD_URL


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
    with pytest.raises(GradingError, match=r"grading never changes anything there.*--out"):
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


def read(content: bytes) -> NotebookFile:
    """Return a file of which less is kept than was handed in."""
    return NotebookFile(digest_of(b"outputs and " + content), content)


def test_a_new_submission_puts_the_earlier_one_aside(tmp_path: Path) -> None:
    """With its graded notebook, and without any other file that lay there."""
    folder, place = ResultsFolder(tmp_path), ("ada", "00_start_here")
    folder.collect(*place, read(b"old"), earlier="")
    folder.keep_graded(*place, read(b"old").digest, ["graded"])
    (tmp_path / "collected/ada/00_start_here/data.csv").write_text("old")
    folder.collect(*place, read(b"new"), earlier=read(b"old").digest)
    folder.keep_graded(*place, read(b"new").digest, ["again"])
    assert (tmp_path / "collected/ada/00_start_here/00_start_here.ipynb").read_bytes() == b"new"
    assert not (tmp_path / "collected/ada/00_start_here/data.csv").exists()
    for content, graded in ((b"old", ["graded"]), (b"new", ["again"])):
        digest = read(content).digest
        assert folder.kept_try(*place, digest) == content
        assert json.loads(folder.graded_try(*place, digest).read_text()) == graded


def test_a_kept_file_that_was_changed_is_not_taken_for_itself(tmp_path: Path) -> None:
    """Its name is its digest."""
    folder, place = ResultsFolder(tmp_path), ("ada", "00_start_here")
    folder.collect(*place, read(b"old"), earlier="")
    folder.collect(*place, read(b"new"), earlier=read(b"old").digest)
    [kept] = tmp_path.glob(f"attempts/ada/00_start_here/{read(b'old').digest}-*.ipynb")
    kept.write_bytes(b"odd")
    assert folder.kept_try(*place, read(b"old").digest) is None


def test_results_are_written_again_only_when_something_changed(tmp_path: Path) -> None:
    """What they are made from, or a file itself: then both are as they should be."""
    folder, one = ResultsFolder(tmp_path), standing_of(result("ada"))
    asked = []

    def rows() -> Iterator[tuple[Standing, Result, Run]]:
        asked.append(1)
        yield one, one.result, Run("namespaces")

    def write(of: str) -> int:
        folder.write_results(rows(), of=of)
        return len(asked)

    assert [write("a"), write("a"), write("b"), write("b")] == [1, 1, 2, 2]
    whole = [path.read_bytes() for path in (folder.results, folder.runs)]
    folder.results.write_text("[]\n")
    assert write("b") == 3
    folder.runs.unlink()
    assert write("b") == 4
    (tmp_path / "results.stamp.json").write_text("torn")
    assert write("b") == 5
    assert [path.read_bytes() for path in (folder.results, folder.runs)] == whole
    [found] = read_class_results(tmp_path).standings
    assert found == replace(one, result=Lean()(one.result))
