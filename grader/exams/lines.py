"""Lines of JSON over a socket: how an exam and a learner's code in another process talk.

We bound the size, depth and time of every line that we read, and never unpickle one.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Any, NoReturn

from grader.exams.allowance import count_objects

Json = Any

MAX_LINE = 48 * 2**20
"""How many bytes a line may have: a request of the API's 32 MB, as base64, and a bit more."""
MAX_OBJECTS = 2**20
"""How many values a line may have: each takes more memory than it has characters."""
_CHUNK = 2**18


class LinesLost(Exception):
    """Signal that no more lines can come; cause: "deadline", "died" or "garbled"."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class TooLong(ValueError):
    """Signal that a line has more bytes than we accept."""


class LineBuffer:
    """Split what arrives into lines; longest: in bytes. It looks at each byte once."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._received = bytearray()
        self._searched = 0

    def add(self, chunk: bytes) -> None:
        """Add the bytes that arrived."""
        self._received += chunk

    def take(self) -> bytes | None:
        """Return the next line without its line break, None if that hasn't arrived yet.

        Raises TooLong, and drops what it has, once the line is too long.
        """
        end = self._received.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._received)
            if self._searched > self._longest:
                self._received.clear()
                self._searched = 0
                raise TooLong(f"A line of more than {self._longest} bytes.")
            return None
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        self._searched = 0
        return line


def read_json(line: bytes) -> Json:
    """Return the value of a line; raises ValueError or RecursionError if it isn't plain JSON."""
    return json.loads(line, parse_constant=_refuse)


class Lines:
    """Send and receive JSON values, one a line.

    ends_at: by `time.monotonic()`; how long to wait. None waits for ever.
    more: called at that time; returns how many more seconds to wait.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = LineBuffer(MAX_LINE)
        self.ends_at: float | None = None
        self.more: Callable[[], float] = _no_more

    def send(self, value: Json) -> None:
        """Send a value; raises LinesLost if the other side does not take it."""
        line = json.dumps(value, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        left = memoryview(line)
        while left:
            self._wait_at_most()
            try:
                left = left[self._connection.send(left) :]
            except TimeoutError:
                continue
            except OSError:
                raise LinesLost("died") from None

    def receive(self) -> Json:
        """Return the next value; raises LinesLost if none comes or it isn't JSON.

        It checks the time for each value, so the limit also holds if values never stop coming.
        """
        self._wait_at_most()
        line = self._line()
        if count_objects(line) > MAX_OBJECTS:
            raise LinesLost("garbled")
        try:
            return read_json(line)
        except (ValueError, RecursionError, MemoryError):
            raise LinesLost("garbled") from None

    def _line(self) -> bytes:
        try:
            while (line := self._buffer.take()) is None:
                self._buffer.add(self._chunk())
        except TooLong:
            raise LinesLost("garbled") from None
        return line

    def _chunk(self) -> bytes:
        while True:
            self._wait_at_most()
            try:
                chunk = self._connection.recv(_CHUNK)
            except TimeoutError:
                continue
            except OSError:
                raise LinesLost("died") from None
            if not chunk:
                raise LinesLost("died")
            return chunk

    def _wait_at_most(self) -> None:
        if self.ends_at is None:
            self._connection.settimeout(None)
            return
        left = self.ends_at - time.monotonic()
        if left <= 0:
            left = self.more()
            if left <= 0:
                raise LinesLost("deadline")
            self.ends_at = time.monotonic() + left
        self._connection.settimeout(left)


def _no_more() -> float:
    return 0.0


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
