"""What a test leaves to the next one: a law of all tests, and the plugin that holds them to it.

After each test the process must be as it was before: its folder, its environment, its handlers of
signals, its limits. After the last test of a module, when the fixtures that its tests shared have
ended too, nothing that was opened, started or made in between may be there: sockets, files and
pipes, threads, child processes, folders of `tempfile`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.utils import ensure_event_loop

PATIENCE = 20.0
"""How many seconds what is about to end may take; a busy machine starts and ends things late."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD, signal.SIGPIPE)
_OF_PYTEST = ("PYTEST_CURRENT_TEST", "PYTEST_VERSION")
_DESCRIPTORS = Path("/proc/self/fd")
_LIBRARIES = sysconfig.get_path("purelib") + os.sep


@dataclass(frozen=True)
class Surroundings:
    """Hold what a test finds, and must leave as it was."""

    folder: str
    environment: dict[str, str]
    handlers: tuple[Any, ...]
    recursion_limit: int
    path: tuple[str, ...]

    @classmethod
    def now(cls) -> Surroundings:
        """Return what holds in this process now."""
        return cls(
            folder=os.getcwd(),
            environment={k: v for k, v in os.environ.items() if k not in _OF_PYTEST},
            handlers=tuple(signal.getsignal(number) for number in _SIGNALS),
            recursion_limit=sys.getrecursionlimit(),
            path=tuple(sys.path),
        )

    def changes(self, after: Surroundings) -> list[str]:
        """Say what is otherwise afterwards, a line for each thing."""
        told = []
        if after.folder != self.folder:
            told.append(f"the working folder is {after.folder}, and was {self.folder}")
        for name in sorted(self.environment.keys() | after.environment.keys()):
            old, new = self.environment.get(name), after.environment.get(name)
            if old != new:
                told.append(f"the variable {name} is {new!r}, and was {old!r}")
        for number, old, new in zip(_SIGNALS, self.handlers, after.handlers, strict=True):
            if old != new:
                told.append(f"{number.name} is handled by {new!r}, and was by {old!r}")
        if after.recursion_limit != self.recursion_limit:
            told.append(
                f"the recursion limit is {after.recursion_limit}, and was {self.recursion_limit}"
            )
        if after.path != self.path:
            told.append(f"sys.path is {list(after.path)}, and was {list(self.path)}")
        return told


@dataclass(frozen=True)
class Belongings:
    """Hold what is open, runs or lies about: what it is, by what tells it from all others."""

    kept: dict[tuple[object, ...], str]

    @classmethod
    def now(cls) -> Belongings:
        """Return what this process has now."""
        return cls({**_open_files(), **_threads(), **_children(), **_temporary_files()})

    def left(self, after: Belongings) -> list[str]:
        """Say what is there afterwards and was not before, a line for each thing."""
        return [
            told for key, told in after.kept.items() if key not in self.kept and key not in _for_all
        ]


def _open_files() -> dict[tuple[object, ...], str]:
    found: dict[tuple[object, ...], str] = {}
    for number in os.listdir(_DESCRIPTORS) if _DESCRIPTORS.is_dir() else ():
        with suppress(FileNotFoundError):
            target = os.readlink(_DESCRIPTORS / number)
            if not _is_nobodys(number, target):
                found["file", number, target] = f"{target} is open as {number}"
    return found


def _is_nobodys(number: str, target: str) -> bool:
    """Return whether no test opened it: the folder that is being listed, files of libraries."""
    # getfd() would start the tracker; its process is one of the children that do not count.
    tracker = getattr(resource_tracker._resource_tracker, "_fd", None)
    return (
        target == f"/proc/{os.getpid()}/fd"
        or target.startswith(_LIBRARIES)
        or number == str(tracker)
    )


def _threads() -> dict[tuple[object, ...], str]:
    return {("thread", each): f"the thread {each.name} runs" for each in threading.enumerate()}


def _children() -> dict[tuple[object, ...], str]:
    found: dict[tuple[object, ...], str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        # What ended meanwhile, or is another user's, is nothing that a test left.
        with suppress(OSError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_text(errors="replace").replace("\0", " ").strip()
            if parent == str(os.getpid()) and "multiprocessing.resource_tracker" not in command:
                found["process", folder.name] = f"process {folder.name} runs: {command[:200]}"
    return found


_made: set[str] = set()
_for_all: set[tuple[object, ...]] = set()


@contextmanager
def for_all_modules() -> Iterator[None]:
    """Allow what the block opens or starts to stay: a fixture of the session ends it."""
    before = Belongings.now()
    yield
    _for_all.update(Belongings.now().kept.keys() - before.kept.keys())


def _remember_temporary_files(event: str, given: tuple[Any, ...]) -> None:
    if event in ("tempfile.mkdtemp", "tempfile.mkstemp"):
        _made.add(os.fsdecode(given[0]))


def _temporary_files() -> dict[tuple[object, ...], str]:
    _made.difference_update([path for path in _made if not os.path.lexists(path)])
    return {("temporary", path): f"{path} is there" for path in _made}


class Leftovers:
    """Fail the test after which something is otherwise, or something is left."""

    def __init__(self) -> None:
        self._module: object = None
        self._before = Belongings({})
        self._found: Surroundings | None = None
        sys.addaudithook(_remember_temporary_files)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        """Have from the start what Jupyter keeps for each thread: an event loop.

        The thousands of tests stay until the end; the garbage collector need not look at them.
        """
        ensure_event_loop()
        asyncio.set_event_loop(None)
        gc.collect()
        gc.freeze()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """Look before a test, and before a module."""
        if item.path != self._module:
            self._module = item.path
            self._before = Belongings.now()
        self._found = Surroundings.now()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Iterator[None]:
        """Look after a test, and after a module."""
        yield
        is_last = nextitem is None or nextitem.path != item.path
        assert self._found is not None
        changes = self._found.changes(Surroundings.now())
        if changes:
            pytest.fail(_told(f"{item.nodeid} changed", changes), pytrace=False)
        if is_last:
            left = what_stays(self._before)
            if left:
                pytest.fail(_told(f"the tests of {item.path.name} left", left), pytrace=False)


def what_stays(before: Belongings) -> list[str]:
    """Say what was not there before and is there still when what is ending has ended."""
    patient_until = time.monotonic() + PATIENCE
    gc.collect()
    while left := before.left(Belongings.now()):
        if time.monotonic() > patient_until:
            break
        time.sleep(0.05)
        gc.collect()
    # What lives on is not looked through after each of the modules that follow.
    gc.freeze()
    return left


def _told(start: str, lines: list[str]) -> str:
    return "\n  ".join([f"{start} what the next test finds:", *lines])
