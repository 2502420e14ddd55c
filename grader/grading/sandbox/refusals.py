"""What Python itself refuses at the level of a plain process.

This is no wall: whoever wants to gets round it. It is there so that ordinary code meets the same
errors as at the stronger levels, and scores do not depend on the level.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
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


def refuse_in_python() -> None:
    """Let Python refuse new processes, the network, and signals to others, from now on."""
    sys.addaudithook(_refuse)


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
