"""A candidate behind a real socket: `sit` in a thread at its other end."""

import socket
import threading
from collections.abc import Mapping
from typing import Any

from grader.exams import Lines, RemoteCandidate, sit


class SocketCandidate:
    """Run commands against names that are reached through a socket pair only."""

    def __init__(self, names: Mapping[str, Any], *, seconds: float = 30) -> None:
        ours, theirs = socket.socketpair()
        self._ours, self._theirs = ours, theirs
        self._thread = threading.Thread(
            target=sit, args=(names, theirs.fileno(), "token", "chance"), daemon=True
        )
        self._thread.start()
        self.remote = RemoteCandidate(Lines(ours), token="token", seconds=seconds)

    def run(self, command: Any, ask: Any) -> Any:
        """Return the report of one command."""
        return self.remote.run(command, ask)

    def close(self) -> None:
        """End the exam, and wait until the other end has noticed."""
        self.remote.end()
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()
        self._ours.close()
        self._theirs.close()
