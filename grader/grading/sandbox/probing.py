"""Find which levels of containment hold on this machine, by shutting a process in and trying."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.grading.sandbox.command import ENVIRONMENT, command_for
from grader.grading.sandbox.level import Level, Limits
from grader.grading.sandbox.sandbox import Sandbox, sandbox_of
from grader.grading.sandbox.scratch import temporary_folder

_SECONDS = 30
_IN_WORDS = {
    errno.ENOSPC: "no user namespaces are left, see /proc/sys/user/max_user_namespaces",
    errno.EPERM: "the system, or the container around this, forbids it",
    errno.EACCES: "the system, or the container around this, forbids it",
    errno.ENOSYS: "this Linux is too old for it",
}
"""What a refusal means; user_namespaces(7) has the first."""


@dataclass(frozen=True)
class ProbedLevel:
    """Say whether a level holds here.

    reason: why it does not, "" when it does. counts_threads: whether Linux itself limits how many
    threads a kernel has; if not, the fork server watches that.
    """

    level: Level
    reason: str
    counts_threads: bool = False

    @property
    def holds(self) -> bool:
        """Return whether the level holds."""
        return not self.reason

    def __str__(self) -> str:
        """Return it as one line."""
        if self.reason:
            return f"{self.level.value}: does not hold; {self.reason}"
        threads = "limited by Linux" if self.counts_threads else "counted ten times a second"
        return f"{self.level.value}: holds; threads are {threads}"


def probe() -> Level:
    """Return the strongest level that holds here."""
    return next((each for each in Level if find(each).holds), Level.PROCESS)


def explain() -> tuple[ProbedLevel, ...]:
    """Return for each level, strongest first, whether it holds, and why not."""
    return tuple(find(each) for each in Level)


def find(level: Level) -> ProbedLevel:
    """Try a level in a process of its own."""
    if level is Level.PROCESS:
        return ProbedLevel(level, "")
    if sys.platform != "linux":
        return ProbedLevel(level, f"{sys.platform} does not have what it is made of, Linux does")
    with temporary_folder(prefix="grader-") as folder:
        command = [*command_for("grader.grading.sandbox.probing"), level.value, str(folder)]
        try:
            tried = subprocess.run(
                command,
                env=ENVIRONMENT,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return ProbedLevel(level, f"the attempt did not end within {_SECONDS} seconds")
    last = (tried.stdout.splitlines() or [""])[-1]
    try:
        told = json.loads(last)
        return ProbedLevel(level, str(told["reason"]), bool(told["counts_threads"]))
    except (ValueError, TypeError, KeyError):
        said = (tried.stderr.strip().splitlines() or ["nothing"])[-1]
        return ProbedLevel(level, f"the attempt ended with {tried.returncode} and said: {said}")


def main() -> None:
    """Try the level that the command names, and print the outcome; see `find`."""
    level, folder = Level(sys.argv[2]), Path(sys.argv[3])
    secret = folder / "secret"
    secret.write_text("a submission may not read this")
    sandbox = sandbox_of(level, Limits(), folder)
    counts_threads = False
    try:
        sandbox.enter()
        counts_threads = sandbox.counts_threads
        reason = _attempt(sandbox, secret)
    except OSError as error:
        reason = f"{_IN_WORDS.get(error.errno or 0, 'the attempt failed')} ({error})"
    told = {"reason": reason, "counts_threads": counts_threads}
    print(json.dumps(told), flush=True)  # noqa: T201  # it is a command


def _attempt(sandbox: Sandbox, secret: Path) -> str:
    scratch = sandbox.make_scratch("probe")
    read_end, write_end = os.pipe()
    child = sandbox.fork()
    if not child:
        try:
            sandbox.seal(scratch, None)
            said = _first_breach(secret)
        except OSError as error:
            said = str(error)
        os.write(write_end, said.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as said_by_child:
        reason = said_by_child.read()
    _, status = os.waitpid(child, 0)
    sandbox.remove_scratch(scratch)
    if status:
        return f"the process that was shut in ended with {os.waitstatus_to_exitcode(status)}"
    return reason


def _first_breach(secret: Path) -> str:
    """Return what a sealed process can do but should not, or ""."""
    Path("own").write_text("a file of its own")
    forbidden: dict[str, Callable[[], object]] = {
        "read a file outside": secret.read_text,
        "write a file outside": lambda: secret.write_text("overwritten"),
        "open a socket": lambda: socket.socket().close(),
        "start a process": _fork,
        "send a signal to its parent": lambda: os.kill(os.getppid() or 1, 15),
    }
    for what, attempt in forbidden.items():
        try:
            attempt()
        except OSError:
            continue
        return f"a process that is shut in can still {what}"
    return ""


def _fork() -> None:
    if not os.fork():
        os._exit(0)
