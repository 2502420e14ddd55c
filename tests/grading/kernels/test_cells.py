"""What a sealed kernel makes of cells, at every level."""

import re
import socket

import pytest

from grader.grading.kernels import CellRun
from grader.grading.kernels.messages import EXAM
from grader.grading.sandbox import Level
from tests.grading.kernels.asking import attempts, run, value
from tests.grading.kernels.conftest import Kernels
from tests.grading.kernels.levels import EVERY

pytestmark = pytest.mark.parametrize("level", EVERY, ids=lambda level: level.value)

_TALK = f"""
import socket
exam = socket.socket(fileno={EXAM})
exam.sendall(exam.recv(99).upper())
"""


def stream(text: str, name: str = "stdout") -> dict[str, str]:
    """Return an output of printed text."""
    return {"output_type": "stream", "name": name, "text": text}


def test_outputs_are_those_of_a_notebook(level: Level, sealed_kernel: Kernels) -> None:
    """Printed text, a displayed thing and a result come in the order in which they were made."""
    source = """
import sys
from IPython.display import HTML, display
print("one")
print("two")
print("three", file=sys.stderr)
display(HTML("<b>four</b>"))
5
"""
    shown = {"text/plain": "<IPython.core.display.HTML object>", "text/html": "<b>four</b>"}
    assert run(sealed_kernel(level), source) == CellRun(
        (
            stream("one\ntwo\n"),
            stream("three\n", "stderr"),
            {"output_type": "display_data", "data": shown, "metadata": {}},
            {
                "output_type": "execute_result",
                "data": {"text/plain": "5"},
                "metadata": {},
                "execution_count": 1,
            },
        ),
        "ok",
    )


def test_a_display_is_updated_and_cleared(level: Level, sealed_kernel: Kernels) -> None:
    """What a notebook would show in the end is kept."""
    source = """
from IPython.display import clear_output, display
display("first")
clear_output()
shown = display("second", display_id=True)
shown.update("third")
"""
    [output] = run(sealed_kernel(level), source).outputs
    assert output["data"] == {"text/plain": "'third'"}


def test_an_error_is_an_output_and_the_next_cell_runs(level: Level, sealed_kernel: Kernels) -> None:
    """The kernel keeps what the cells before have made."""
    kernel = sealed_kernel(level)
    failed = run(kernel, "x = 1\nx / 0")
    [error] = failed.outputs
    assert (failed.ended, error["ename"], error["evalue"]) == (
        "error",
        "ZeroDivisionError",
        "division by zero",
    )
    assert run(kernel, "print(x)") == CellRun((stream("1\n"),), "ok")


@pytest.mark.parametrize(
    ("source", "ended"),
    [
        ("import asyncio\nawait asyncio.sleep(0)", "ok"),
        ("%time 1 + 1", "ok"),
        ("input('?')", "error"),
        ("this is no Python", "error"),
        ("import sys\nsys.exit()", "error"),
        ("exit()", "ok"),
        ("!ls", "ok"),
        ("1/0 # " + "x" * 500_000, "error"),
    ],
    ids=["async", "magic", "input", "syntax", "sys.exit", "exit", "shell", "long"],
)
def test_cells_of_every_kind_end(
    level: Level, sealed_kernel: Kernels, source: str, ended: str
) -> None:
    """None of them takes the kernel along."""
    kernel = sealed_kernel(level)
    assert run(kernel, source).ended == ended
    assert value(kernel, "1 + 1") == 2


def test_a_silent_cell_sends_nothing(level: Level, sealed_kernel: Kernels) -> None:
    """Its outputs could fill the connection while nobody reads."""
    kernel = sealed_kernel(level)
    done = kernel.run("print('x' * 5_000_000)\nx = 1\nx", seconds=60, silent=True)
    assert done == CellRun((), "ok")
    assert value(kernel, "x") == 1


def test_the_exam_is_reached_over_its_socket(level: Level, sealed_kernel: Kernels) -> None:
    """A cell finds there what was sent, and its answer arrives."""
    kernel = sealed_kernel(level)
    kernel.exam.sendall(b"question")
    assert run(kernel, _TALK) == CellRun((), "ok")
    assert kernel.exam.recv(99) == b"QUESTION"


def test_nothing_of_ours_is_in_the_environment(level: Level, sealed_kernel: Kernels) -> None:
    """No key of the one who grades is there, and the folders are the scratch directory."""
    found = value(
        sealed_kernel(level),
        "[dict(os.environ), os.getcwd(), os.listdir()]",
        before="import os",
    )
    environment, folder, files = found
    assert files == []
    assert {environment[name] for name in ("HOME", "TMPDIR")} == {folder}
    assert not [name for name in environment if re.search("ANTHROPIC|OPENAI|SECRET|KEY", name)]
    assert environment["GRADER_PROGRESS"] == "off"


def test_a_kernel_holds_nothing_that_only_grading_needs(
    level: Level, sealed_kernel: Kernels
) -> None:
    """Each such library would be memory in every kernel, and something to reach for."""
    names = ("nbgrader", "sqlalchemy", "nbformat", "nbclient", "grader.grading.grade")
    held = f"[each for each in {names} if each in sys.modules]"
    assert value(sealed_kernel(level), held, before="import sys") == []


def test_modules_beside_the_notebook_do_not_shadow(level: Level, sealed_kernel: Kernels) -> None:
    """Neither one that was imported long ago nor one that is imported for the first time."""
    kernel = sealed_kernel(level)
    run(
        kernel,
        "for name in ('anthropic', 'wave'):\n"
        "    with open(f'{name}.py', 'w') as file:\n"
        "        file.write('forged = True')\n",
    )
    found = attempts(
        kernel,
        "__import__('anthropic').forged",
        "__import__('wave').forged",
        "os.getcwd() in sys.path[:-1] or '' in sys.path",
        before="import os, sys\ndel sys.modules['anthropic']",
    )
    assert list(found.values()) == ["AttributeError", "AttributeError", "False"]


def test_files_are_written_in_the_scratch_directory(level: Level, sealed_kernel: Kernels) -> None:
    """A cell may use files as long as they are its own."""
    source = """
import pathlib, shutil, tempfile
pathlib.Path("a").mkdir()
pathlib.Path("a/b.txt").write_text("kept")
shutil.copy("a/b.txt", "c.txt")
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "d.txt").write_text("gone")
print(pathlib.Path("c.txt").read_text())
"""
    assert run(sealed_kernel(level), source) == CellRun((stream("kept\n"),), "ok")


def test_kernels_draw_different_numbers(level: Level, sealed_kernel: Kernels) -> None:
    """A fork copies the state of the generator, so each child seeds it anew."""
    drawn = [value(sealed_kernel(level), "random.random()", before="import random") for _ in "ab"]
    assert drawn[0] != drawn[1]


def test_two_kernels_do_not_share_an_exam(level: Level, sealed_kernel: Kernels) -> None:
    """Each holds its own socket, under the same number."""
    first, second = sealed_kernel(level), sealed_kernel(level)
    first.exam.sendall(b"first")
    second.exam.sendall(b"second")
    for kernel in (first, second):
        assert run(kernel, _TALK).ended == "ok"
    assert (second.exam.recv(99), first.exam.recv(99)) == (b"SECOND", b"FIRST")
    assert isinstance(first.exam, socket.socket)
