"""What is torn, huge or made to do harm: one sentence each, and nothing outside the folder."""

import errno
import io
import os
import re
import stat
import zipfile
from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.grading.folders import NOTEBOOK
from grader.grading.intake import Walk, archives, look_into, place, plan, refuse_own_folder
from grader.grading.intake.archives import Archive
from grader.grading.one_run import RunAtWork, one_run
from tests.grading.class_folder import START
from tests.grading.intake.downloads import (
    canvas_files,
    collected,
    notebooks_in,
    unpacked,
    worked,
    zipped,
)
from tests.grading.intake.test_systems import ADA, BOTH

NAME = f"{START}{NOTEBOOK}"


def files_below(folder: Path) -> set[str]:
    """Return the paths of all files below a folder."""
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


@pytest.mark.parametrize("size", [0, 1, 30, 500])
def test_a_torn_download_is_to_be_downloaded_again(tmp_path: Path, size: int) -> None:
    """Its list of files stands at its end, so nothing of it is known."""
    download = tmp_path / "submissions.zip"
    download.write_bytes(zipped(canvas_files(BOTH))[:size])
    with pytest.raises(GradingError, match=r"submissions\.zip is torn.*Download it again\."):
        collected(download, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_one_damaged_file_harms_no_other(tmp_path: Path) -> None:
    """A bit that fell over in one student's file is found by its checksum."""
    content = bytearray(zipped(canvas_files(BOTH)))
    content[200] ^= 0xFF
    download = tmp_path / "submissions.zip"
    download.write_bytes(content)
    _, [left] = collected(download, tmp_path / "out")
    assert "is damaged in the archive" in left.reason
    assert len(notebooks_in(tmp_path / "out")) == 1


EVIL = (
    "../../evil.ipynb",
    "ada/../../../evil.ipynb",
    "/etc/evil.ipynb",
    "C:\\evil.ipynb",
    "..\\..\\evil.ipynb",
    "\\evil.ipynb",
)


@pytest.mark.parametrize("name", EVIL)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """Such a file is left, and told; the others are taken."""
    download = tmp_path / "in" / "a.zip"
    download.parent.mkdir()
    download.write_bytes(zipped([(name, worked()), (f"ada/{NAME}", worked(said="good"))]))
    _, [left] = collected(download, tmp_path / "deep" / "out")
    assert left.reason == "its path leads out of the archive"
    assert files_below(tmp_path) == {
        "in/a.zip",
        f"deep/out/ada/{START}/{NAME}",
        f"deep/out/ada/{START}/collected.json",
    }


@pytest.mark.parametrize(
    "name", ["..", ".hidden", "a*b", "[x]", "tab\tname", "z\u200bw", "x" * 300]
)
def test_no_name_makes_a_folder_that_harms(tmp_path: Path, name: str) -> None:
    """A student's id is checked as grading checks it; what cannot be one is told."""
    download = tmp_path / "a.zip"
    path = f"{name}_5_assignsubmission_file_{NAME}"
    download.write_bytes(zipped([(path, worked())]))
    _, left = collected(download, tmp_path / "out")
    assert len(left) == 1
    assert notebooks_in(tmp_path / "out") == {}


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an archive says of its sizes is not believed: what comes out is counted."""
    monkeypatch.setattr(archives, "MAX_UNPACKED", 4_000_000)
    bomb = zipped([(f"{number}{NOTEBOOK}", b"0" * 400_000) for number in range(30)])
    nested = zipped([(f"{number}.zip", bomb) for number in range(12)])
    download = tmp_path / "submissions.zip"
    download.write_bytes(
        zipped(
            [
                ("evil_6_1_a.zip", bomb),
                ("evil_7_2_b.zip", nested),
                *canvas_files([ADA]),
            ]
        )
    )
    _, left = collected(download, tmp_path / "out")
    assert len(notebooks_in(tmp_path / "out")) == 1
    assert any("unpacks to more than" in each.reason for each in left)


def test_a_file_that_claims_to_be_small_is_read_no_further_than_allowed() -> None:
    """A notebook's limit holds inside archives too."""
    archive = Archive(lambda: zipped([("a.ipynb", b" " * 3_000_000)]), "a.zip")
    [packed] = archive.files()
    packed.info.file_size = 10
    with pytest.raises(GradingError):
        archive.read(packed, 1_000_000)
    archive.close()


def test_locked_linked_and_other_archives_are_told(tmp_path: Path) -> None:
    """Each with what it is."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        link = zipfile.ZipInfo(f"ada/{NAME}")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("ben/work.rar", b"Rar!")
        archive.writestr(f"cho/{NAME}", worked())
    locked = bytearray(written.getvalue())
    # The mark of a password, in both headers of the last file.
    for signature, behind in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.rfind(signature) + behind] |= 1
    download = tmp_path / "a.zip"
    download.write_bytes(locked)
    _, left = collected(download, tmp_path / "out")
    reasons = " ".join(each.reason for each in left)
    assert len(left) == 3
    assert all(word in reasons for word in ("link", "password", "archive that is no zip"))


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    """Nor are pipes opened, which would wait for ever."""
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(worked(said="secret"))
    folder = unpacked([("cho/a.txt", b"")], tmp_path / "in")
    (folder / "ada").mkdir()
    (folder / "ada" / NAME).symlink_to(secret)
    (folder / "ben").symlink_to(folder / "ada", target_is_directory=True)
    os.mkfifo(folder / "cho" / NAME)
    _, left = collected(folder, tmp_path / "out")
    assert notebooks_in(tmp_path / "out") == {}
    assert sum(each.is_trouble for each in left) == 3


def test_names_in_old_encodings_are_read_as_they_were_meant(tmp_path: Path) -> None:
    """Macs store UTF-8 without saying so, Windows its own code page."""
    raw = {"Zoë": "Zoë".encode(), "Jörg": "Jörg".encode("cp437")}
    files = zipped(
        [(f"{'Z' * len(raw['Zoë'])}/{NAME}", worked()), (f"JJJJ/{NAME}", worked(said="j"))]
    )
    content = files.replace(b"ZZZZ", raw["Zoë"]).replace(b"JJJJ", raw["Jörg"])
    download = tmp_path / "a.zip"
    download.write_bytes(content)
    collected(download, tmp_path / "out")
    assert {each.partition("/")[0] for each in notebooks_in(tmp_path / "out")} == set(raw)


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to do; the same command then goes on."""
    download = unpacked(canvas_files(BOTH), tmp_path / "in")
    real, written = os.replace, []

    def replace(source: Path, target: Path) -> None:
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        written.append(target)
        real(source, target)

    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", replace)
        with pytest.raises(GradingError, match=r"No space left.*Make room"):
            collected(download, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.partial"))
    planned, left = collected(download, tmp_path / "out")
    assert left == []
    assert sum(each.is_there for each in planned.moves) == 1
    assert len(notebooks_in(tmp_path / "out")) == 2


def test_a_second_run_at_once_waits_its_turn(tmp_path: Path) -> None:
    """It says who is at work, and writes nothing."""
    download = unpacked(canvas_files(BOTH), tmp_path / "in")
    out = tmp_path / "out"
    out.mkdir()
    with one_run(out), pytest.raises(RunAtWork, match="Wait for it to end"):
        collected(download, out)
    assert notebooks_in(out) == {}


def test_what_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """A file that appears between planning and writing stays as it is."""
    download = unpacked([(f"ada/{NAME}", worked())], tmp_path / "in")
    with Walk([download]) as walk:
        from grader.exercises import COURSE
        from tests.grading.class_folder import ROOT

        planned = plan(look_into(walk, COURSE, ROOT), tmp_path / "out")
        there = unpacked([(NAME, worked(said="meanwhile"))], tmp_path / "out" / "ada" / START)
        [left] = place(planned)
    assert (there / NAME).read_bytes() == worked(said="meanwhile")
    assert "meanwhile" in left.reason


@pytest.mark.parametrize("inside", [".", "in", "in/out"])
def test_downloads_are_only_read(tmp_path: Path, inside: str) -> None:
    """The folder of submissions cannot be one of them, nor lie in one."""
    download = unpacked([(f"ada/{NAME}", worked())], tmp_path / "in")
    if inside == ".":
        refuse_own_folder([download], tmp_path / "out")
        return
    with pytest.raises(GradingError, match="Choose another folder"):
        refuse_own_folder([download], tmp_path / inside)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    """With what to give instead."""
    with pytest.raises(GradingError, match=re.escape(str(tmp_path / "none.zip"))):
        collected(tmp_path / "none.zip", tmp_path / "out")
