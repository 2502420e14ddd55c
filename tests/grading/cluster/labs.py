"""Start clusters for tests, as an instructor does: `grader cluster` and `grader worker`."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.grading.class_folder import ROOT

# A process that is started in the background may have been told to ignore Ctrl+C.
_AS_IN_A_TERMINAL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from grader.cli import main
main()
"""


@contextmanager
def command(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command that says a line when it's ready; Ctrl+C ends it."""
    with (folder / "said").open("a") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", _AS_IN_A_TERMINAL, *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, (folder / "said").read_text()
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


@contextmanager
def grading(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command from a folder, with the course beside it; what it says on stderr is kept."""
    process = subprocess.Popen(
        [sys.executable, "-c", _AS_IN_A_TERMINAL, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


@contextmanager
def lab(folder: Path, *, jobs: int) -> Iterator[Path]:
    """Run a cluster on loopback, and give the file that says how to reach it."""
    file = folder / "lab.json"
    words = ("cluster", str(file), "--host", "127.0.0.1", "--jobs", str(jobs))
    with command(folder, *words):
        yield file
