"""What a submission is kept in, and how much of this machine it may use."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from grader.errors import GradingError

_MIB = 1024 * 1024


class Level(enum.Enum):
    """Name a level of containment, strongest first; a result records the value.

    NAMESPACES: a file system, processes and a network of its own, and Linux's system calls
    filtered. LANDLOCK: files and system calls filtered. PROCESS: a process with a deadline; it
    can read and write everything that the grading user can.
    """

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    PROCESS = "process"


def refuse_unsealed(
    level: Level,
    *,
    allow_unsandboxed: bool,
    what: str = "a submission",
    instead: str = "Grade on Linux, or add --allow-unsandboxed for notebooks of people you trust.",
) -> None:
    """Raise GradingError if nothing seals code off here and nobody allowed that.

    what: whose code it is. instead: what to do, a sentence.
    """
    if level is Level.PROCESS and not allow_unsandboxed:
        raise GradingError(
            f"Nothing here can seal {what} off from this machine; `grader doctor` says why. "
            f"{instead}"
        )


@dataclass(frozen=True)
class Limits:
    """Hold what one kernel may use.

    cell_seconds, notebook_seconds: for one cell, and for all cells together. Time spent waiting
    for a processor does not count; the time of every thread does.
    interrupt_seconds: between the interrupt at a deadline and the kill.
    patience: how many times as long a deadline may take by the wall clock, on a machine that is
    too busy to give the kernel its time.
    threads: at once. memory_bytes: its own data; threads' stacks count. reserve_bytes: for exams
    on top, so that a cell which takes all costs no exam. file_bytes: of one file.
    scratch_bytes, scratch_files, scratch_depth: of all files, and of folders in folders. A kernel
    that exceeds them is killed, as is one that gets more threads or memory by ways that Python
    does not see (where Linux counts threads, it grants only a few more, see `counts_apart`).
    message_bytes: the longest message taken from a kernel.
    output_bytes, outputs: what is kept of one cell's outputs.
    """

    cell_seconds: float = 20
    notebook_seconds: float = 90
    interrupt_seconds: float = 0.7
    patience: float = 10
    threads: int = 64
    memory_bytes: int = 1024 * _MIB
    reserve_bytes: int = 64 * _MIB
    file_bytes: int = 16 * _MIB
    open_files: int = 128
    scratch_bytes: int = 64 * _MIB
    scratch_files: int = 4096
    scratch_depth: int = 64
    message_bytes: int = 8 * _MIB
    output_bytes: int = 1 * _MIB
    outputs: int = 200

    @property
    def all_threads(self) -> int:
        """Return how many threads there may be, with those that C libraries start themselves.

        Python makes `threads` at most.
        """
        return self.threads + 32

    @property
    def address_bytes(self) -> int:
        """Return the size of the address space; below 2 GiB Python's own libraries do not load."""
        return max(2 * self.memory_bytes, 2048 * _MIB)
