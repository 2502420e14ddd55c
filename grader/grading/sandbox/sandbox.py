"""A sandbox of each level, in one shape: enter it once, fork in it, seal what was forked."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.grading.sandbox import landlock, namespaces
from grader.grading.sandbox.level import Level, Limits
from grader.grading.sandbox.libc import PR_SET_PDEATHSIG, drop_privileges, prctl
from grader.grading.sandbox.readable import DEVICES, readable_paths
from grader.grading.sandbox.refusals import limit_threads, refuse_in_python
from grader.grading.sandbox.scratch import is_too_full, remove_tree
from grader.grading.sandbox.seccomp import refuse_system_calls


class Sandbox:
    """Keep what is forked as a process with limits, and no more; the other levels build on it.

    folder: an empty folder of this user alone; files of the sandbox go below it.
    """

    def __init__(self, limits: Limits, folder: Path) -> None:
        self.limits = limits
        self._folder = folder

    @property
    def sockets(self) -> Path:
        """Return the folder below which Jupyter kernels open sockets, as this process sees it."""
        return self._folder / "sockets"

    def sockets_inside(self, sockets: Path) -> Path:
        """Return how a sealed process sees a folder below `sockets` that was given to it."""
        return sockets

    def enter(self) -> None:
        """Prepare the sandbox, once, before anything is imported that starts threads.

        Raises OSError if this level does not hold.
        """
        self.sockets.mkdir()
        (self._folder / "scratch").mkdir()

    def make_scratch(self, name: str) -> Path:
        """Return a new, empty scratch directory."""
        scratch = self._folder / "scratch" / name
        scratch.mkdir()
        return scratch

    def is_too_full(self, scratch: Path) -> bool:
        """Return whether a scratch directory holds more than the limits allow."""
        return is_too_full(scratch, self.limits)

    def remove_scratch(self, scratch: Path) -> None:
        """Remove a scratch directory, and everything left in it."""
        remove_tree(scratch)

    def leave(self) -> None:
        """Remove what is left of the sandbox, as the last act of the process that entered it."""
        remove_tree(self._folder)

    def fork(self) -> int:
        """Fork as `os.fork` does; the child must call `seal` before any foreign code runs."""
        _assert_one_thread()
        return os.fork()

    def seal(self, scratch: Path, sockets: Path | None) -> Path:
        """Shut the forked process in for good, and return its scratch directory as it sees it.

        sockets: a folder below `sockets` for it to listen in, or None. Raises OSError.
        """
        del sockets  # they are reached as all else is
        self._confine(scratch)
        refuse_in_python()
        return scratch

    @property
    def counts_threads(self) -> bool:
        """Return whether Linux itself limits a sealed process's threads; if not, we watch them."""
        return False

    def _confine(self, scratch: Path) -> None:
        os.chdir(scratch)
        _limit(self.limits)
        if sys.platform == "linux":
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class _LandlockSandbox(Sandbox):
    """Keep what is forked from files, by Landlock, and from the rest by a filter on calls."""

    def enter(self) -> None:
        super().enter()
        self._readable = (*readable_paths(), *DEVICES)
        landlock.landlock_version()

    def seal(self, scratch: Path, sockets: Path | None) -> Path:
        self._confine(scratch)
        drop_privileges()
        landlock.restrict_files(self._readable, (scratch, Path("/dev/null")), sockets)
        refuse_system_calls(may_listen=sockets is not None)
        return scratch


class _NamespacesSandbox(Sandbox):
    """Keep what is forked in a world of its own, behind the same filter on system calls."""

    @property
    def sockets(self) -> Path:
        return namespaces.SOCKETS

    def sockets_inside(self, _sockets: Path) -> Path:
        return namespaces.SOCKETS

    def enter(self) -> None:
        for name in ("sockets", "root"):
            (self._folder / name).mkdir()
        readable = readable_paths()
        self._own = namespaces.place_of_scratch(readable)
        namespaces.enter_world(readable, self._folder, self._own)
        self._counts_threads = namespaces.counts_apart()
        self._world = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    @property
    def counts_threads(self) -> bool:
        return self._counts_threads

    def make_scratch(self, name: str) -> Path:
        return namespaces.make_scratch(name, self.limits)

    def remove_scratch(self, scratch: Path) -> None:
        namespaces.remove_scratch(scratch)

    def leave(self) -> None:
        # The process that waits outside removes the folder.
        return

    def fork(self) -> int:
        _assert_one_thread()
        return namespaces.fork_first(self._world)

    def seal(self, scratch: Path, sockets: Path | None) -> Path:
        namespaces.enter_room(scratch, sockets, self._own, is_apart=self._counts_threads)
        os.chdir(self._own)
        _limit(self.limits, counts_threads=self._counts_threads)
        drop_privileges()
        refuse_system_calls(may_listen=sockets is not None)
        return self._own


_SEEN = 8


def sandbox_of(level: Level, limits: Limits, folder: Path) -> Sandbox:
    """Return a sandbox of this level, not yet entered; see `Sandbox`."""
    kinds = {
        Level.NAMESPACES: _NamespacesSandbox,
        Level.LANDLOCK: _LandlockSandbox,
        Level.PROCESS: Sandbox,
    }
    return kinds[level](limits, folder)


def _assert_one_thread() -> None:
    # A lock that another thread holds would be held in the child for ever. Libraries written in C
    # start threads that Python does not know; Linux counts them all.
    tasks = Path("/proc/self/task")
    count = len(os.listdir(tasks)) if tasks.exists() else threading.active_count()
    if count != 1:
        raise RuntimeError(
            f"Only a process with one thread may fork kernels, and this has {count}."
        )


def _limit(limits: Limits, *, counts_threads: bool = False) -> None:
    # Windows has no such module.
    import resource

    limit_threads(limits.threads)
    wanted = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (limits.file_bytes, limits.file_bytes),
        resource.RLIMIT_NOFILE: (limits.open_files, limits.open_files),
    }
    if sys.platform == "linux":
        most = limits.memory_bytes + limits.reserve_bytes
        wanted[resource.RLIMIT_DATA] = (limits.memory_bytes, most)
        wanted[resource.RLIMIT_AS] = (limits.address_bytes, limits.address_bytes)
    if counts_threads:
        # Some more than the watched limit, so that a kernel that comes near is seen, and killed.
        wanted[resource.RLIMIT_NPROC] = (limits.all_threads + _SEEN, limits.all_threads + _SEEN)
    for kind, (usual, most) in wanted.items():
        _, highest = resource.getrlimit(kind)
        if highest != resource.RLIM_INFINITY:
            resource.setrlimit(kind, (min(usual, highest), min(most, highest)))
        else:
            resource.setrlimit(kind, (usual, most))


@contextmanager
def reserve() -> Iterator[None]:
    """Let this sealed process have the memory that is kept for exams, as long as one lasts."""
    import resource

    usual, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (usual, most))
