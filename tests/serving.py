"""`grader serve` as a process, for the tests and measurements that need one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SECONDS = 30
"""How long to wait for the process to start or to end before giving up."""


@dataclass
class Serving:
    """Hold a running `grader serve`: its process, its address, the lines that it began with."""

    process: subprocess.Popen[str]
    address: str
    lines: list[str]

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self.address.rpartition(":")[2])

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Send a signal; return the exit code and what was printed after the start."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out, err


@contextmanager
def serving(*options: str, **variables: str) -> Iterator[Serving]:
    """Start `grader serve` on a free port, with options and variables of the environment."""
    process = subprocess.Popen(
        [sys.executable, "-m", "grader.cli", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )
    try:
        assert process.stdout is not None
        number = 5 if "--lenient" in options else 4
        lines = [process.stdout.readline().rstrip("\n") for _ in range(number)]
        addresses = [word for word in lines[0].split() if "://" in word]
        assert addresses, f"grader serve did not start: {process.communicate()}"
        yield Serving(process, addresses[0], lines)
    finally:
        process.kill()
        process.communicate()
