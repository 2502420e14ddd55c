"""Levels of containment, and what a submission may use at each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

_MIB = 2**20


class Level(Enum):
    """Name how a kernel is sealed off, from the strongest to the weakest.

    NAMESPACES: a system of its own: no network, no other process, a read-only root, and seccomp.
    LANDLOCK: files by Landlock, all else by seccomp, where namespaces are refused.
    PROCESS: a process with a deadline, and nothing more: for notebooks of people one trusts.
    """

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    PROCESS = "process"


@dataclass(frozen=True)
class Limits:
    """Hold what one submission may use; sizes in bytes, times in seconds.

    cell_seconds: for a cell or an exam. notebook_seconds: for all of them together.
    interrupt_seconds: from SIGINT to SIGKILL. memory: address space, not below 2 GiB, which
    Python's libraries take. file, scratch: one file, and all of them. open_files, processes: how
    many; threads count as processes. message: what is taken at once of what a kernel says.
    outputs: what is kept of a cell's outputs.
    """

    cell_seconds: float = 20.0
    notebook_seconds: float = 90.0
    interrupt_seconds: float = 0.8
    memory: int = 2560 * _MIB
    file: int = 32 * _MIB
    scratch: int = 64 * _MIB
    scratch_files: int = 10_000
    open_files: int = 256
    processes: int = 64
    message: int = 16 * _MIB
    outputs: int = 1 * _MIB
