"""Class 14: files that are no honest notebook. A clear sentence each, and nobody else suffers."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from grader.exercises import COURSE
from grader.grading import Class, grade_class
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
    """Return a notebook with 110 MB of attachments."""
    notebook = course_notebook()
    picture = {"image/png": "x" * 110_000_000}
    notebook["cells"][0]["attachments"] = {"a.png": picture}
    return json.dumps(notebook).encode()


def sources() -> bytes:
    """Return a notebook with 30 MB of code."""
    cells = [{"cell_type": "code", "source": "#" * 100_000}] * 300
    return json.dumps({**course_notebook(), "cells": cells}).encode()


def small_values() -> bytes:
    """Return a notebook of 18 MB that takes a hundred times as much memory."""
    return changed(metadata={}).replace(
        b'"metadata": {}', b'"x": [' + b"[]," * 6_000_000 + b"1]", 1
    )


def nested(depth: int, where: str, kind: str) -> bytes:
    """Return a notebook with a value in it that is nested deeper than programs call themselves."""
    opening, closing = {"lists": ("[", "]"), "objects": ('{"a":', "}")}[kind]
    value = opening * depth + "1" + closing * depth
    text = json.dumps({**course_notebook(), "zz": 1})
    if where == "notebook":
        return text.replace('"zz": 1', f'"zz": {value}').encode()
    if where == "metadata":
        return text.replace('"metadata": {', f'"metadata": {{"zz": {value}, ', 1).encode()
    if where == "source":
        return text.replace('"source": [', f'"source": [{value}, ', 1).encode()
    if where == "outputs":
        return text.replace('"outputs": []', f'"outputs": [{value}]', 1).encode()
    return text.replace('"cell_type": "code"', f'"cell_type": {value}', 1).encode()


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
    "empty": (b"", "is empty"),
    "no JSON": (b"\x00\x01PK\x03\x04", "is not JSON"),
    "half of it": (changed()[:-100], "ends in the middle"),
    "other JSON": (b"[1, 2]", "is JSON, but not a notebook"),
    "deep JSON": (b"[" * 100_000, "is nested more than 100 levels deep"),
    "a key twice": (doubled(), "stands twice"),
    "format 3": (changed(nbformat=3), "has notebook format 3; 4 is needed"),
    "format true": (changed(nbformat="4"), "4 is needed"),
    "20,000 cells": (many_cells(), "has 20,000 cells"),
    "110 MB": (attachment(), "bytes; 104,857,600 is the most"),
    "30 MB of code": (sources(), "bytes without its outputs, and 20,971,520 is the limit"),
    "six million lists": (small_values(), "values; 5,000,000 is the most"),
    "cells that are none": (changed(cells=["a", 1]), "has no list of cells"),
    "half of UTF-16": (changed().decode().encode("utf-16")[:-1], "is saved in a broken UTF-16"),
    "zip": (b"PK\x03\x04" + b"x" * 100, "is a zip archive"),
    "a million quotes": (b'{"a": "' + b'\\"' * 1_000_000, "ends in the middle"),
    "a long number": (changed(nbformat=4, x="y").replace(b'"y"', b"1" * 6_000), "is not JSON"),
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
    assert "is not a regular file" in the_trouble_with(tmp_path)


@pytest.mark.parametrize(("content", "said"), CONTENTS.values(), ids=CONTENTS)
def test_a_file_that_is_no_notebook_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    """With what mends it."""
    place(tmp_path).write_bytes(content)
    sentence = the_trouble_with(tmp_path)
    assert said in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("where", ["notebook", "metadata", "source", "outputs", "cell_type"])
@pytest.mark.parametrize("kind", ["lists", "objects"])
def test_depth_is_one_students_trouble(kind: str, where: str, tmp_path: Path) -> None:
    """At any depth, for the stack of no caller is like another's; brackets in texts are none."""
    hand_in(tmp_path, "ada", answered({"first_call": "x = '" + "[" * 5_000 + "'"}))
    depths = [*range(101, 110), *range(150, 3_000, 190), *range(970, 980), 50_000]
    for depth in depths:
        place(tmp_path, f"eve{depth}").write_bytes(nested(depth, where, kind))
    gathered = Class.gather(tmp_path, COURSE)
    assert [each.student for each in gathered.submissions] == ["ada"]
    assert len(gathered.troubles) == len(set(depths))
    assert all("is nested more than 100 levels deep" in it.sentence for it in gathered.troubles)


def test_depth_that_programs_write_is_no_trouble(tmp_path: Path) -> None:
    """Charts of Vega and Plotly are nested, too."""
    place(tmp_path).write_bytes(nested(60, "outputs", "objects"))
    assert len(Class.gather(tmp_path, COURSE).submissions) == 1


@pytest.mark.parametrize("error", [RecursionError, MemoryError, ValueError, KeyError])
def test_what_fails_when_it_is_looked_up_is_one_students_trouble(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between gathering and grading a file may change, and a mistake of ours stop at it."""
    hand_in(tmp_path / "submitted", "eve", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)

    def read(_path: Path) -> Any:
        raise error("looked up")

    monkeypatch.setattr("grader.grading.looking_up.read_notebook_file", read)
    report = grade_class(gathered, ROOT, tmp_path / "out", allow_unsandboxed=True)
    [result] = report.results
    assert result.points is None
    assert error.__name__ in result.trouble


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
