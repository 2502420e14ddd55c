"""What Python itself refuses: much at the level of a plain process, too many threads at each.

This is no wall: code that wants to gets round it. With it, ordinary code meets the same errors as
at the stronger levels, and scores depend neither on the level nor on chance.
"""

from __future__ import annotations

import _thread
import errno
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from itertools import product
from typing import Any

_PROCESSES = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "os.system",
        "pty.spawn",
        "subprocess.Popen",
    }
)
_NETWORK = frozenset(
    {"socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
)
# Windows makes a pair of connected sockets out of these; event loops need one.
_OWN_ADDRESSES = frozenset({"127.0.0.1", "::1"})
_HARMLESS_SIGNALS = (0, signal.SIGINT)
# The name by which threading starts one depends on Python's version.
_STARTING = (
    "start_new_thread",
    "start_new",
    "start_joinable_thread",
    "_start_new_thread",
    "_start_joinable_thread",
)


def refuse_in_python() -> None:
    """Make Python refuse new processes, the network, and signals to others, from now on."""
    sys.addaudithook(_refuse)


def limit_threads(most: int) -> None:
    """Make Python refuse more threads than that, at every level, as it does when memory is out.

    Otherwise a flood of threads takes all memory for their stacks, and the result of a later cell
    or exam depends on how many bytes were left.
    """
    for module, name in product((_thread, threading), _STARTING):
        start = getattr(module, name, None)
        if start is not None:
            setattr(module, name, _limited(start, most))


def _limited(start: Callable[..., Any], most: int) -> Callable[..., Any]:
    @wraps(start)
    def start_if_allowed(*arguments: Any, **named: Any) -> Any:
        if _thread._count() >= most:  # noqa: SLF001  # no other counts them all
            raise RuntimeError("can't start new thread")
        return start(*arguments, **named)

    return start_if_allowed


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _PROCESSES:
        raise PermissionError(errno.EPERM, f"{event}: {os.strerror(errno.EPERM)}")
    if event in _NETWORK and not _is_own(arguments):
        raise PermissionError(errno.EACCES, f"{event}: {os.strerror(errno.EACCES)}")
    if event == "os.kill" and not (
        arguments[0] == os.getpid() and arguments[1] in _HARMLESS_SIGNALS
    ):
        raise PermissionError(errno.EPERM, f"{event}: {os.strerror(errno.EPERM)}")


def _is_own(arguments: tuple[Any, ...]) -> bool:
    address = arguments[1] if len(arguments) > 1 else None
    return isinstance(address, tuple) and bool(_OWN_ADDRESSES.intersection(address[:1]))
