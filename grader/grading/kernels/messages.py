"""Messages between two processes: one JSON value a line, of a bounded length."""

from __future__ import annotations

import json
import math
import socket
from time import monotonic
from typing import Any

from grader.exams.lines import LineBuffer, TooLong, read_json

EXAM, CELLS = 3, 4
"""The two sockets of a kernel, by the numbers of its files: the exam's, and that of its cells."""
_AT_ONCE = 1 << 18
_SENT_WITHIN = 10.0


class BrokenLine(ValueError):
    """Say that the other side sent no message at all, or one that is too long."""


class Messages:
    """Send and receive messages over a connected socket; longest: in bytes."""

    def __init__(self, connection: socket.socket, *, longest: int) -> None:
        self.connection = connection
        self._buffer = LineBuffer(longest)
        self.last_size = 0

    def send(self, message: Any, descriptors: tuple[int, ...] = ()) -> None:
        """Send one message, and open files with it. Raises OSError, also when nobody takes it."""
        line = json.dumps(message).encode() + b"\n"
        self.connection.settimeout(_SENT_WITHIN)
        if descriptors:
            socket.send_fds(self.connection, [line], list(descriptors))
        else:
            self.connection.sendall(line)

    def receive(self, until: float = math.inf) -> Any:
        """Return the next message; until: on the monotonic clock, in seconds; 0 does not wait.

        Raises TimeoutError, EOFError when the other side is gone, and BrokenLine.
        """
        # Checked even while there is more to read: an endless sender runs out of time too.
        if 0 < until < monotonic():
            raise TimeoutError
        while (line := self._take()) is None:
            # With a timeout of 0 it takes what is there.
            self.connection.settimeout(None if until == math.inf else max(until - monotonic(), 0))
            try:
                chunk = self.connection.recv(_AT_ONCE)
            except BlockingIOError as error:
                raise TimeoutError from error
            except ConnectionError:
                chunk = b""
            if not chunk:
                raise EOFError
            self._buffer.add(chunk)
        self.last_size = len(line)
        return read_line(line)

    def _take(self) -> bytes | None:
        try:
            return self._buffer.take()
        except TooLong as error:
            raise BrokenLine(str(error)) from error


def read_line(line: bytes) -> Any:
    """Return the value of a line; raises BrokenLine for anything but plain JSON."""
    try:
        return read_json(line)
    except (ValueError, RecursionError) as error:
        raise BrokenLine(str(error)) from error
