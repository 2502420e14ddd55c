"""Hostile and unlucky submissions: each earns exactly what it earns, and the rest is graded.

The classes are numbered as in the design's list; each module `a…` holds the members of one class.
Files (14) and what is shown to people (15) are tested beside this.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.exercises import find_lesson
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.examination import Examination, examine_notebook
from grader.grading.kernels import WarmParent
from grader.grading.rebuild import rebuild
from grader.grading.sandbox import Level, Limits, probe
from tests.attacks import (
    a01_lying_values,
    a02_patches,
    a03_forged_output,
    a04_cell_games,
    a05_reading,
    a06_writing,
    a07_shadowing,
    a08_not_ending,
    a09_dying,
    a10_floods,
    a11_network,
    a12_signals,
    a13_the_exam,
    a16_unlucky,
    a17_the_trusted_side,
    a18_the_machine,
)
from tests.attacks.attack import Attack
from tests.grading.class_folder import ROOT, START

CLASSES = (
    a01_lying_values,
    a02_patches,
    a03_forged_output,
    a04_cell_games,
    a05_reading,
    a06_writing,
    a07_shadowing,
    a08_not_ending,
    a09_dying,
    a10_floods,
    a11_network,
    a12_signals,
    a13_the_exam,
    a16_unlucky,
    a17_the_trusted_side,
    a18_the_machine,
)
LIMITS = Limits(cell_seconds=2, notebook_seconds=20)
FEW = 2
EVERY = "EVERY" in os.environ
"""`make proofs` tries every attack at both levels; `make test` a few of each class."""


def members() -> Iterator[Any]:
    """Give each attack with the level that it is tried at."""
    for module in CLASSES:
        name = module.__name__.rpartition(".")[2]
        for place, (told, attack) in enumerate(module.ATTACKS.items()):
            for level in (Level.NAMESPACES, Level.LANDLOCK):
                if EVERY or place < (FEW if level is Level.NAMESPACES else 1):
                    yield pytest.param(attack, level, id=f"{level.value}-{name}-{told}")


@pytest.fixture(scope="module")
def parents() -> Iterator[dict[Level, WarmParent]]:
    """Return a warm parent of each level that holds here."""
    strongest = probe()
    order = [Level.NAMESPACES, Level.LANDLOCK, Level.PROCESS]
    held = [level for level in order if order.index(level) >= order.index(strongest)]
    started: dict[Level, WarmParent] = {}
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LOOKED_FOR_BY_AN_ATTACK", "yes")
            for level in held[:2]:
                if level is not Level.PROCESS:
                    started[level] = stack.enter_context(WarmParent(level, LIMITS))
        yield started


@pytest.fixture(scope="module")
def bystanders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what an attack may look for out here: a port, two sockets, a process."""
    path = tmp_path_factory.mktemp("s") / "s"
    listeners = []
    for address in (str(path), f"\0grader-{os.getpid()}"):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
        listener.listen()
        listeners.append(listener)
    server = socket.create_server(("127.0.0.1", 0))
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    yield {
        "PORT": server.getsockname()[1],
        "OTHERS_SOCKET": str(path),
        "ABSTRACT_SOCKET": f"\0grader-{os.getpid()}",
        "BYSTANDER": process.pid,
    }
    try:
        assert process.poll() is None, "an attack killed a process out here"
        for listener in (*listeners, server):
            listener.settimeout(0)
            with suppress(BlockingIOError):
                listener.accept()
                pytest.fail("an attack reached a socket out here")
    finally:
        process.kill()
        process.wait()
        for listener in (*listeners, server):
            listener.close()


def examined(notebook: Any, warm: WarmParent, *, seconds: float = 2) -> Examination:
    """Return what comes of a submission of the first lesson."""
    rebuilt = rebuild(notebook, read_course_notebook(ROOT, START))
    limits = replace(LIMITS, cell_seconds=seconds)
    return examine_notebook(rebuilt, find_lesson(START), warm, seed="attacks", limits=limits)


@pytest.mark.slow
@pytest.mark.xdist_group("attacks")
@pytest.mark.parametrize(("attack", "level"), list(members()))
def test_an_attack_earns_what_it_earns(
    attack: Attack,
    level: Level,
    parents: dict[Level, WarmParent],
    bystanders: dict[str, Any],
) -> None:
    """Points are exact, for the exercise that is attacked and for the one beside it."""
    if level not in parents:
        pytest.skip(f"Containment by {level.value} does not hold here.")
    text = json.dumps(attack.notebook())
    for name, value in bystanders.items():
        text = text.replace(name, json.dumps(repr(value))[1:-1])
    done = examined(json.loads(text), parents[level], seconds=attack.seconds)
    points = tuple(each.verdict.points for each in done.exercises)
    told = [cell.get("outputs") for cell in done.notebook["cells"] if cell.get("outputs")][:2]
    assert points == attack.points, (done.exercises, told)
    flags = " ".join(each.flag for each in done.exercises)
    assert attack.flag in flags
    assert len(json.dumps(done.notebook)) < 3_000_000


def test_nothing_was_written_out_here() -> None:
    """Whatever ran before, no file of the course or of Python has an attack's mark."""
    import site

    import anthropic

    import grader

    places = [Path(anthropic.__file__), Path(grader.__file__), Path(json.__file__)]
    assert not any("# was here" in place.read_text() for place in places)
    assert not (Path(site.getsitepackages()[0]) / "sitecustomize.py").exists()
    assert not (ROOT / "conftest.py").exists()
