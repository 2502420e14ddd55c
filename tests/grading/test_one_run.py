"""One run at a time on a folder, said in words; a run that died keeps nobody away."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.grading.one_run import RunAtWork, one_run

_HOLD = """
import sys, time
from pathlib import Path
from grader.grading.one_run import one_run
with one_run(Path(sys.argv[1])):
    print("at work", flush=True)
    time.sleep(600)
"""


def test_the_second_is_told_who_is_at_work(tmp_path: Path) -> None:
    """By process, time and command; when that one dies, the lock does."""
    secret = "postgresql://ada:secret@host/name"
    command = [sys.executable, "-c", _HOLD, str(tmp_path), "--db", secret]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "at work\n"
        said = (
            rf"at work in .*: process {other.pid}, since 20.*, `-c .*ada:\*\*\*@host/name'`\. Wait"
        )
        with pytest.raises(RunAtWork, match=said), one_run(tmp_path):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    with one_run(tmp_path):
        assert [each.name for each in tmp_path.iterdir()] == ["grading.lock"]
    assert list(tmp_path.iterdir()) == []


def test_a_run_lets_go_whatever_ends_it(tmp_path: Path) -> None:
    """And within a process too there is one."""
    for _ in range(2):
        with pytest.raises(RunAtWork), one_run(tmp_path), one_run(tmp_path):
            pass
