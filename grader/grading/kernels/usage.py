"""What a kernel uses, as Linux counts it: processor time, waiting for it, threads and memory."""

from __future__ import annotations

import os
import sys
import time
from functools import lru_cache

from grader.grading.sandbox import Limits


def times_of(pid: int) -> dict[str, float]:
    """Return how many seconds of processor time a process has used and has had to wait for.

    used: of all its threads. waited: of its first one, from the second field of schedstat
    (Linux's Documentation/scheduler/sched-stats.rst). Other systems do not tell.
    """
    if sys.platform != "linux":
        return {"used": 0.0, "waited": 0.0}
    # The clock of a process's processor time, by its number (CPUCLOCK_SCHED; clock_getcpuclockid).
    return {"used": time.clock_gettime(~pid << 3 | 2), "waited": waited(pid)}


def waited(pid: int) -> float:
    """Return for how many seconds a process's first thread could have run but did not."""
    try:
        with open(f"/proc/{pid}/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        # A Linux built without it, or another system.
        return 0.0


def excess_of(pid: int, limits: Limits) -> str:
    """Return the limit that a process exceeds: "threads", "memory", or "" for none.

    Python's own limits come first; these catch threads and memory that are made without it.
    """
    if sys.platform != "linux":
        return ""
    try:
        # A folder has a link from each folder in it, and two more.
        threads = os.stat(f"/proc/{pid}/task").st_nlink - 2
        with open(f"/proc/{pid}/statm") as file:
            _, resident, *_ = map(int, file.read().split())
    except (OSError, ValueError):
        return ""
    if threads > limits.all_threads:
        return "threads"
    # What is shared with the process that it was forked from is counted here too.
    most = limits.memory_bytes + limits.reserve_bytes + _resident_here()
    return "memory" if resident * _page() > most else ""


@lru_cache
def _page() -> int:
    return os.sysconf("SC_PAGE_SIZE")


@lru_cache
def _resident_here() -> int:
    """Return how much memory this process holds itself; kernels are copies of it."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * _page()
