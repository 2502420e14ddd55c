"""Ask a warm parent for a kernel: one connection, which is the kernel's life."""

from __future__ import annotations

import json
import secrets
import socket
from dataclasses import asdict, dataclass

from grader.errors import GradingError
from grader.grading.sandbox import Level, Limits

SECONDS_TO_START = 60.0
"""How long a kernel may take to listen, on a machine that is busy."""


@dataclass(frozen=True)
class Started:
    """Hold a kernel that listens.

    connection: the kernel is killed when it is closed; "i" interrupts the kernel. exam: our end
    of the exam's socket. sockets: the beginning of its sockets' paths. key: signs its messages.
    """

    connection: socket.socket
    exam: socket.socket
    sockets: str
    key: str


def start_kernel(server: str, place: str, level: Level, limits: Limits) -> Started:
    """Return a kernel when it listens.

    server: the warm parent's socket. place: an empty folder for the kernel.
    Raises GradingError when none starts.
    """
    connection = socket.socket(socket.AF_UNIX)
    ours, theirs = socket.socketpair()
    key = secrets.token_hex(16)
    wanted = {"level": level.value, "limits": asdict(limits), "place": place, "key": key}
    try:
        connection.settimeout(SECONDS_TO_START)
        connection.connect(server)
        socket.send_fds(connection, [json.dumps(wanted).encode()], [theirs.fileno()])
        theirs.close()
        said = connection.recv(4096)
        answer = json.loads(said) if said else {"error": "it ended without a word"}
        if "error" in answer:
            raise GradingError(answer["error"])
        connection.settimeout(None)
    except (OSError, GradingError) as error:
        for each in (connection, ours, theirs):
            each.close()
        raise GradingError(f"No kernel could be started ({error}). Run `grader doctor`.") from error
    return Started(connection, ours, answer["sockets"], key)
