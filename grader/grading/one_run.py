"""Allow one run at a time on a folder of results, and tell a second one who is at work."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from grader.errors import GradingError
from grader.grading.gradebook import shown_url
from grader.grading.hand_in_times import shown_time
from grader.grading.whole_file import writing

_NAME = "grading.lock"
# Windows locks bytes against reading too, so the locked one lies behind what is written.
_FAR = 1 << 20


class RunAtWork(GradingError):
    """Say that another run is at work on the folder; who: which one, in a sentence."""

    def __init__(self, who: str) -> None:
        super().__init__(f"{who} Wait for it to end, or choose another folder with --out.")
        self.who = who


@contextmanager
def one_run(folder: Path) -> Iterator[None]:
    """Keep every other run away from a folder until the block ends; the folder must exist.

    The operating system releases it when the process ends, however it ends. Raises RunAtWork.
    """
    path = folder / _NAME
    with writing(path):
        lock = _taken(path)
    try:
        with writing(path):
            _say_who(lock)
        yield
    finally:
        if sys.platform != "win32":
            # Before releasing it: a run that waits for this file then finds it gone.
            path.unlink(missing_ok=True)
        os.close(lock)


def _taken(path: Path) -> int:
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if not _try_to_lock(lock):
            who = _who(path)
            os.close(lock)
            raise RunAtWork(f"Another run is at work in {path.parent}{who}.")
        try:
            if os.path.samestat(os.fstat(lock), path.stat()):
                return lock
        except FileNotFoundError:
            pass  # the run before removed it as it ended
        os.close(lock)


def _say_who(lock: int) -> None:
    told = {
        "pid": os.getpid(),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        # The URL of a gradebook may hold a password.
        "command": shlex.join([Path(sys.argv[0]).name, *map(shown_url, sys.argv[1:])]),
    }
    os.ftruncate(lock, 0)
    os.lseek(lock, 0, os.SEEK_SET)
    os.write(lock, json.dumps(told).encode() + b"\n")


def _who(path: Path) -> str:
    """Return who is at work, in words, or "" if that can't be read."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(told["since"])
        return f": process {told['pid']}, since {shown_time(since)}, `{told['command']}`"
    except (OSError, ValueError, LookupError, TypeError):
        return ""


if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(lock: int) -> bool:
        os.lseek(lock, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_to_lock(lock: int) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
