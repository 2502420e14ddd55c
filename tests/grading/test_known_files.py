"""A run reads again what may have changed, and nothing else."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading import gathering, known_files, looking_up
from grader.grading.gathering import Class
from grader.grading.journal import Journal
from grader.grading.known_files import KnownFiles, see
from grader.grading.looking_up import Job, look_up
from grader.grading.notebook_file import NotebookFile, read_notebook_file
from grader.grading.results_folder import ResultsFolder
from tests.grading.class_folder import ROOT, START, hand_in
from tests.grading.made_results import solution_notebook

LATER_NS = 10**10
"""So long after a file was changed its times are believed."""


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all files be as they are for some time."""
    now = time.time_ns
    monkeypatch.setattr(known_files.time, "time_ns", lambda: now() + LATER_NS)


def noted(path: Path, out: Path) -> KnownFiles:
    """Return what the next run knows of a file that this one read."""
    out.mkdir(exist_ok=True)
    known = KnownFiles(out)
    known.note(path, see(path), read_notebook_file(path), path)
    known.save()
    return KnownFiles(out)


def other_letter(path: Path) -> None:
    """Change one letter, and take care that neither size nor time of change show it."""
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"cells", b"cellz", 1))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def other_file(path: Path) -> None:
    """Put another file of the same size and time into its place."""
    other = path.with_name("other")
    shutil.copy2(path, other)
    other_letter(other)
    other.replace(path)


def longer(path: Path) -> None:
    """Add a line."""
    path.write_bytes(path.read_bytes() + b"\n")


def gone(path: Path) -> None:
    """Remove the file."""
    path.unlink()


CHANGES: tuple[Callable[[Path], None], ...] = (other_letter, other_file, longer, gone)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_settled", [True, False])
def test_a_changed_file_is_not_known(
    change: Callable[[Path], None],
    is_settled: bool,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    """Whoever changed it, and however soon after it was read."""
    if is_settled:
        request.getfixturevalue("settled")
    path = tmp_path / "a.ipynb"
    path.write_bytes(solution_notebook())
    known = noted(path, tmp_path / "out")
    assert known.find(path) is not None
    change(path)
    assert known.find(path) is None


@pytest.mark.usefixtures("settled")
def test_an_unchanged_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its times say enough."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(solution_notebook())
    known = noted(path, tmp_path / "out")
    monkeypatch.setattr(known_files, "read_bytes", lambda _path: pytest.fail("it was read"))
    assert known.find(path) is not None


def test_a_file_is_believed_by_its_times_only_if_they_were_old_when_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it took to note what was read: meanwhile it may have changed once more."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(solution_notebook())
    before = see(path)
    read = read_notebook_file(path)
    now = time.time_ns
    monkeypatch.setattr(known_files.time, "time_ns", lambda: now() + LATER_NS)
    known = KnownFiles(tmp_path)
    known.note(path, before, read, path)
    # As if this happened in the same moment of a clock that is slow to move on.
    other_letter(path)
    monkeypatch.setattr(known_files, "stamp_of", lambda _path: before.stamp)
    assert known.find(path) is None


def test_a_file_that_was_only_touched_is_known_by_its_bytes(tmp_path: Path) -> None:
    """Somebody may have copied the whole folder; a newer copy is not believed by its times yet."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(solution_notebook())
    known = noted(path, tmp_path / "out")
    path.touch()
    found = known.find(path)
    assert found is not None
    assert (found.stamp, found.is_settled) == (see(path).stamp, False)


def test_what_other_code_read_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule about files may have come since."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(solution_notebook())
    noted(path, tmp_path / "out")
    monkeypatch.setattr(known_files, "reading_digest", lambda: "another")
    assert KnownFiles(tmp_path / "out").find(path) is None


@pytest.mark.parametrize("kept", ["", "[]", '{"code": 1}', '{"code": "", "files": 3}'])
def test_a_broken_list_only_costs_time(kept: str, tmp_path: Path) -> None:
    """All is read, as in a first run."""
    (tmp_path / "known_files.json").write_text(kept)
    assert KnownFiles(tmp_path).find(tmp_path) is None


def test_files_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    """Their names may be those of people who left."""
    path = tmp_path / "leaver.ipynb"
    path.write_bytes(solution_notebook())
    known = noted(path, tmp_path)
    path.unlink()
    known.save()
    assert "leaver" not in (tmp_path / "known_files.json").read_text()


@pytest.mark.usefixtures("settled")
def test_a_second_run_reads_no_notebook_and_keeps_its_copy_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless somebody changed the copy, which is then written anew."""
    hand_in(tmp_path / "submitted", "ann", solution_notebook())
    (tmp_path / "out").mkdir()
    folder = ResultsFolder(tmp_path / "out")
    reads: list[Path] = []

    def read(path: Path) -> NotebookFile:
        reads.append(path)
        return read_notebook_file(path)

    monkeypatch.setattr(gathering, "read_notebook_file", read)
    monkeypatch.setattr(looking_up, "read_notebook_file", read)

    def run() -> Job:
        reads.clear()
        known = KnownFiles(folder.path)
        [submission] = Class.gather(tmp_path / "submitted", COURSE, known=known).submissions
        with Journal(folder.journal) as journal:
            found = look_up(submission, ROOT, folder, journal, known)
        known.save()
        assert isinstance(found, Job)
        return found

    first = run()
    assert len(reads) == 2
    assert run() == first
    assert reads == []
    copy = folder.collected("ann", START)
    right = copy.read_bytes()
    longer(copy)
    with pytest.raises(GradingError, match="was changed"):
        _ = first.text
    assert run() == first
    assert copy.read_bytes() == right
