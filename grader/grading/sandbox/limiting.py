"""Limits that the operating system keeps for a process and all it starts."""

from __future__ import annotations

import resource

from grader.grading.sandbox.level import Limits


def limit(limits: Limits) -> None:
    """Set the limits of this process; nothing sets them higher again."""
    seconds = int(limits.notebook_seconds) + 5
    for name, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(name)
        chosen = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(name, (chosen, chosen))
