"""Class 14: files that are no honest notebook. A clear sentence each, and nobody else suffers."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from grader.exercises import COURSE
from grader.grading import Class
from tests.grading.class_folder import ROOT, START, answered, course_notebook, hand_in

NAME = f"{START}.ipynb"


def place(submitted: Path, student: str = "eve") -> Path:
    """Return where a student's notebook belongs, with its folder made."""
    path = submitted / student / START / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def link(path: Path) -> None:
    """Link to somebody's solution."""
    path.symlink_to(ROOT / "solutions" / START / NAME)


def pipe(path: Path) -> None:
    """Wait for a reader who never comes."""
    os.mkfifo(path)


def device(path: Path) -> None:
    """Never end."""
    path.symlink_to("/dev/zero")


def listener(path: Path) -> None:
    """Be no file at all."""
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


def folder(path: Path) -> None:
    """Be a folder."""
    path.mkdir()


def many_cells() -> bytes:
    """Return a notebook of 20,000 cells."""
    cell = {"cell_type": "code", "id": "x", "metadata": {}, "source": "", "outputs": []}
    return json.dumps({**course_notebook(), "cells": [cell] * 20_000}).encode()


def attachment() -> bytes:
    """Return a notebook with 50 MB of attachments."""
    notebook = course_notebook()
    picture = {"image/png": "x" * 50_000_000}
    notebook["cells"][0]["attachments"] = {"a.png": picture}
    return json.dumps(notebook).encode()


def doubled() -> bytes:
    """Return a notebook with one key twice."""
    text = json.dumps(course_notebook())
    return text.replace('"cells":', '"cells": [], "cells":', 1).encode()


def changed(**fields: Any) -> bytes:
    """Return a notebook with other fields."""
    return json.dumps({**course_notebook(), **fields}).encode()


KINDS = {
    "a link": link,
    "a pipe": pipe,
    "a device": device,
    "a socket": listener,
    "a folder": folder,
}
CONTENTS = {
    "empty": (b"", "is not JSON"),
    "no JSON": (b"\x00\x01PK\x03\x04", "is not JSON"),
    "half of it": (changed()[:-100], "is not JSON"),
    "other JSON": (b"[1, 2]", "is JSON, but no notebook"),
    "deep JSON": (b"[" * 100_000, "is not JSON"),
    "a key twice": (doubled(), "stands twice"),
    "format 3": (changed(nbformat=3), "has notebook format 3; 4 is needed"),
    "format true": (changed(nbformat="4"), "4 is needed"),
    "20,000 cells": (many_cells(), "has 20,000 cells"),
    "50 MB": (attachment(), "bytes; "),
    "cells that are none": (changed(cells=["a", 1]), "has no list of cells"),
    "UTF-16": (changed().decode().encode("utf-16"), "is not JSON"),
    "half a character": (changed(cells=[{"source": "\ud800"}]), "holds half a character"),
}


@pytest.fixture(autouse=True)
def _stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path.cwd())


def the_trouble_with(submitted: Path) -> str:
    """Return what is said of eve, while ada is graded."""
    hand_in(submitted, "ada", answered({}))
    gathered = Class.gather(submitted, COURSE)
    assert [each.student for each in gathered.submissions] == ["ada"]
    [trouble] = gathered.troubles
    return trouble.sentence


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_only_regular_files_are_read(make: Any, tmp_path: Path) -> None:
    """Nothing is followed, opened or waited for."""
    make(place(tmp_path))
    assert "is no regular file" in the_trouble_with(tmp_path)


@pytest.mark.parametrize(("content", "said"), CONTENTS.values(), ids=CONTENTS)
def test_a_file_that_is_no_notebook_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    """With what mends it."""
    place(tmp_path).write_bytes(content)
    sentence = the_trouble_with(tmp_path)
    assert said in sentence
    assert sentence.endswith(".")


def test_a_hard_link_is_a_file_like_any_other(tmp_path: Path) -> None:
    """It is read, never written: what it is linked to stays as it was."""
    origin = tmp_path / "origin.ipynb"
    origin.write_text(answered({}))
    path = place(tmp_path / "submitted")
    path.hardlink_to(origin)
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    assert [each.student for each in gathered.submissions] == ["eve"]
    assert origin.read_text() == answered({})


def test_a_byte_order_mark_is_no_reason_to_stop(tmp_path: Path) -> None:
    """Windows writes one."""
    place(tmp_path).write_bytes(b"\xef\xbb\xbf" + answered({}).encode())
    assert len(Class.gather(tmp_path, COURSE).submissions) == 1


@pytest.mark.parametrize(
    "name", ["$(touch pwned)", ";rm -rf .", "a\nb", "\x1b[2J", "=cmd()", "é" * 90, "-rf"]
)
def test_a_name_is_a_name(name: str, tmp_path: Path) -> None:
    """A student of any name is graded or refused in a printable sentence; nothing runs."""
    hand_in(tmp_path, name, answered({}))
    gathered = Class.gather(tmp_path, COURSE)
    assert len(gathered) == 1
    assert all(each.sentence.isprintable() for each in gathered.troubles)
    assert sorted(os.listdir(tmp_path)) == [name]


@pytest.mark.parametrize("name", [b"\xff\xfe", b"x" * 250])
def test_a_name_that_is_no_text_is_refused(name: bytes, tmp_path: Path) -> None:
    """Invalid UTF-8, and names longer than a gradebook takes."""
    folder = os.path.join(os.fsencode(tmp_path), name, START.encode())
    os.makedirs(folder)
    with open(os.path.join(folder, NAME.encode()), "w") as file:
        file.write(answered({}))
    assert "Rename it." in the_trouble_with(tmp_path)
