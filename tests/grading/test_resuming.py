"""A run that ends before its end: nothing is lost, and the same command goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.grading.class_folder import RIGHT, ROOT, answered, hand_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grading")]

# A process that is started in the background may have been told to ignore Ctrl+C.
_AS_IN_A_TERMINAL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from grader.cli import main
main()
"""


def _grading(folder: Path, *, said: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _AS_IN_A_TERMINAL, "grade", "submitted", "--out", "out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*command, "--seed", "a class of tests", "--jobs", "2"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=said,
    )


def _ended_by(kind: signal.Signals, folder: Path) -> tuple[int, str, bytes]:
    """Grade eight, send a signal after the first results; return exit code, words and journal."""
    (folder / "solutions").symlink_to(ROOT / "solutions")
    (folder / "course").symlink_to(ROOT / "course")
    (folder / "nbgrader_config.py").symlink_to(ROOT / "nbgrader_config.py")
    for number in range(8):
        hand_in(folder / "submitted", f"student{number}", answered({"first_call": RIGHT}))
    journal = folder / "out" / "journal.jsonl"
    process = _grading(folder, said=subprocess.PIPE)
    ends = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < ends:
        if journal.exists() and journal.read_bytes().count(b'"result"') >= 2:
            break
        time.sleep(0.01)
    process.send_signal(kind)
    _, said = process.communicate()
    return process.returncode, said.decode(), journal.read_bytes()


def test_ctrl_c_says_that_the_same_command_goes_on(tmp_path: Path) -> None:
    """Nobody has to wonder whether an hour of grading is lost."""
    code, said, journal = _ended_by(signal.SIGINT, tmp_path)
    assert code == 130
    assert "Stopped. What was graded is kept: the same command goes on" in said
    assert "Traceback" not in said
    assert 2 <= journal.count(b'"result"') < 8


@pytest.mark.proofs
def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Killed without warning after its first results; the same command finishes the rest."""
    _, _, before = _ended_by(signal.SIGKILL, tmp_path)
    journal = tmp_path / "out" / "journal.jsonl"
    assert 2 <= before.count(b'"result"') < 8
    assert _grading(tmp_path).wait() == 0
    assert journal.read_bytes().startswith(before[: before.rindex(b"\n") + 1])
    rows = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert [row["points"] for row in rows] == [4] * 8
    keys = [json.loads(line).get("key") for line in journal.read_text().splitlines()]
    found = [key for key in keys if key]
    assert len(found) == len(set(found)) == 8
