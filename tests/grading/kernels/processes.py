"""Which processes a fork server has."""

import psutil


def running_kernels() -> set[int]:
    """Return the processes that fork servers of this process have forked and not yet buried."""
    mine = psutil.Process().children(recursive=True)
    servers = {each.pid for each in mine if _serves(each)}
    return {
        each.pid for each in mine if each.pid in servers and not _has_children_in(each, servers)
    }


def _serves(process: psutil.Process) -> bool:
    try:
        return "grader.grading.kernels.fork_server" in process.cmdline()
    except psutil.Error:
        return False


def _has_children_in(process: psutil.Process, processes: set[int]) -> bool:
    try:
        return any(child.pid in processes for child in process.children())
    except psutil.Error:
        return False
