"""The last step before a submission's code runs: no way back out of where it is."""

from __future__ import annotations

import os

from grader.grading.sandbox.level import Level, Limits
from grader.grading.sandbox.readable import DEVICES, readable_paths


def seal(level: Level, limits: Limits, *, scratch: str) -> None:
    """Give up every right that a level takes away; the process that runs the code does this.

    scratch: the one folder that it may write to; "" inside namespaces, where mounts see to it.
    """
    if level is Level.PROCESS:
        return
    from grader.grading.sandbox import landlock, system
    from grader.grading.sandbox.limiting import limit
    from grader.grading.sandbox.seccomp import install_filter

    limit(limits)
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    if level is Level.LANDLOCK:
        landlock.restrict(readable_paths(), (scratch, *DEVICES))
    system.drop_capabilities()
    install_filter(os.getpid())
