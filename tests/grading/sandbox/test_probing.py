"""Which levels of containment hold here, and why not."""

import os
import re
import subprocess
import sys

import pytest

from grader.grading.sandbox import Level, explain, probe, probing
from grader.grading.sandbox.probing import ProbedLevel, find


def test_a_level_is_tried_in_a_process_of_its_own() -> None:
    """What it says of this machine has one line a level, and agrees with the choice."""
    lines = [str(each) for each in explain()]
    assert [line.split(":")[0] for line in lines] == [level.value for level in Level]
    strongest = next(line for line in lines if ": holds; threads are " in line)
    assert strongest.startswith(f"{probe().value}: holds")


# What is imported now need not be found by a user who may read less.
_TRIED = """
import os, resource
from grader.grading.sandbox import namespaces
from grader.grading.sandbox.libc import prctl
if os.geteuid() == 0:
    # Linux limits nobody who is root.
    assert not namespaces.counts_apart()
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    # Else what /proc says of this process is root's own: PR_SET_DUMPABLE.
    prctl(4, 1)
print(namespaces.counts_apart())
"""


def test_linux_counts_the_threads_of_each_room_by_themselves() -> None:
    """Since 5.14, for everybody but root; where it doesn't, that is found by doing."""
    if not find(Level.NAMESPACES).holds or _linux() < (5, 14):
        pytest.skip("This Linux does not count so.")
    done = subprocess.run(
        [sys.executable, "-c", _TRIED], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def _linux() -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", os.uname().release)[:2]))


def test_the_next_level_is_taken_where_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is told."""

    def found(level: Level) -> ProbedLevel:
        return ProbedLevel(level, "unshare: not permitted" if level is Level.NAMESPACES else "")

    monkeypatch.setattr(probing, "find", found)
    assert probe() is Level.LANDLOCK
    assert str(explain()[0]) == "namespaces: does not hold; unshare: not permitted"


def test_elsewhere_only_the_process_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither macOS nor Windows is asked for what only Linux has."""
    monkeypatch.setattr(probing.sys, "platform", "darwin")
    assert [find(level).holds for level in Level] == [False, False, True]
    assert probe() is Level.PROCESS


def test_an_attempt_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash is no level that holds."""
    monkeypatch.setattr(probing, "command_for", lambda _module: ["/bin/sh", "-c", "echo no >&2"])
    assert find(Level.LANDLOCK).reason == "the attempt ended with 0 and said: no"
