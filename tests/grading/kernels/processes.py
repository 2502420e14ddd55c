"""Which processes the fork servers of this process have."""

import psutil


def running() -> set[int]:
    """Return the fork servers, and every kernel that was forked from one and not yet buried."""
    return {each.pid for each in psutil.Process().children(recursive=True) if _is_ours(each)}


def _is_ours(process: psutil.Process) -> bool:
    try:
        return "grader.grading.kernels.fork_server" in process.cmdline()
    except psutil.Error:
        return False
