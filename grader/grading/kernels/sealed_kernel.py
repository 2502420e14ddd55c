"""Talk to one sealed kernel: run a cell, take what it says, and end it at its deadline.

It speaks Jupyter's protocol over two sockets and waits for messages only, never for a clock's tick.
What comes is bounded in size and number, and may be forged by the code that runs there: it decides
nothing, not even whether a cell succeeded.
"""

from __future__ import annotations

import os
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import zmq
from jupyter_client.session import Session

from grader.errors import GradingError
from grader.grading.kernels.kernel_process import PORTS
from grader.grading.kernels.starting import SECONDS_TO_START, Started
from grader.grading.sandbox import Limits

Json = Any
Ended = Literal["ok", "error", "deadline", "died"]

_SECONDS_FOR_LAST_OUTPUT = 0.3
"""How long an "idle" is waited for that may have been lost in a flood."""
_SECONDS_TO_HEAR_AGAIN = 2.0
_SHOWN = ("stream", "display_data", "execute_result", "error")


@dataclass(frozen=True)
class CellRun:
    """Hold what came of one cell: its outputs as nbformat has them, and how it ended."""

    outputs: tuple[Json, ...]
    ended: Ended


class SealedKernel:
    """Run cells in one kernel; `WarmParent.kernel` makes it.

    exam: the exam's end of a socket whose other end is open in the kernel.
    """

    def __init__(self, started: Started, limits: Limits) -> None:
        """Connect to a kernel; raises GradingError when it is not heard."""
        self.exam = started.exam
        self._connection = started.connection
        self._limits = limits
        self._sockets = started.sockets
        self._session = Session(key=started.key.encode(), username="grader")
        self._shell = self._connect(zmq.DEALER, self._sockets, "shell")
        self._iopub = self._connect(zmq.SUB, self._sockets, "iopub")
        self._poller = zmq.Poller()
        for each in (self._shell, self._iopub, self._connection):
            self._poller.register(each, zmq.POLLIN)
        self._running = ""
        self._is_dead = False
        self._is_deaf = False
        try:
            self._wait_for_welcome()
        except GradingError:
            self.kill()
            raise

    def _connect(self, kind: int, sockets: str, name: str) -> Any:
        made = _context(os.getpid()).socket(kind)
        made.setsockopt(zmq.MAXMSGSIZE, self._limits.message)
        made.setsockopt(zmq.LINGER, 0)
        if kind == zmq.SUB:
            made.setsockopt(zmq.SUBSCRIBE, b"")
        made.connect(f"ipc://{sockets}-{PORTS[name]}")
        return made

    def _wait_for_welcome(self, seconds: float = SECONDS_TO_START) -> None:
        """Wait until what the kernel says is heard: it greets each subscriber (JEP 65)."""
        ends_at = time.monotonic() + seconds
        while (left := ends_at - time.monotonic()) > 0:
            ready = dict(self._poller.poll(int(left * 1000) + 1))
            if self._connection.fileno() in ready:
                break
            if self._iopub in ready:
                message = self._message(self._iopub)
                if message is not None and message["header"]["msg_type"] == "iopub_welcome":
                    return
        raise GradingError(
            "A kernel started, and its channel for outputs stayed silent. Run `grader doctor`."
        )

    def _listen_again(self) -> None:
        # libzmq ends a connection at a message that is too large, and makes no other.
        self._is_deaf = False
        self._poller.unregister(self._iopub)
        self._iopub.close()
        self._iopub = self._connect(zmq.SUB, self._sockets, "iopub")
        self._poller.register(self._iopub, zmq.POLLIN)
        with suppress(GradingError):
            self._wait_for_welcome(_SECONDS_TO_HEAR_AGAIN)

    def run(self, source: str, *, seconds: float, silent: bool = False) -> CellRun:
        """Run a cell to its end or its deadline, and return what came of it."""
        self.start(source, silent=silent)
        return self.finish(seconds=seconds)

    def start(self, source: str, *, silent: bool = True) -> None:
        """Send a cell without waiting for its end."""
        if not self.is_alive:
            return
        if self._is_deaf:
            self._listen_again()
        content = {
            "code": source,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        sent: Json = self._session.send(self._shell, "execute_request", content)
        self._running = sent["header"]["msg_id"]

    def finish(self, *, seconds: float) -> CellRun:
        """Wait for the end of the cell that was sent, and interrupt or kill it at its deadline."""
        outputs = _Outputs(self._limits.outputs)
        if self._is_dead:
            return CellRun((), "died")
        ended = self._wait(outputs, time.monotonic() + max(seconds, 0.0))
        if ended is not None:
            return CellRun(outputs.kept(), ended)
        self.interrupt()
        patience = time.monotonic() + self._limits.interrupt_seconds
        if self._wait(outputs, patience) is None:
            self.kill()
        return CellRun(outputs.kept(), "deadline")

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the kernel."""
        with suppress(OSError):
            self._connection.send(b"i")

    def kill(self) -> None:
        """End the kernel and all that it started."""
        if not self._is_dead:
            self._is_dead = True
            # The keeper kills at the end of the connection.
            self._connection.shutdown(socket.SHUT_WR)
            with suppress(OSError):
                self._connection.settimeout(SECONDS_TO_START)
                while self._connection.recv(4096):
                    pass
        for each in (self._shell, self._iopub, self._connection, self.exam):
            each.close()

    @property
    def is_alive(self) -> bool:
        """Tell whether the kernel's process is there."""
        if not self._is_dead:
            # Nothing more is said over it: it is readable when it is closed.
            self._is_dead = bool(select.select([self._connection], [], [], 0)[0])
        return not self._is_dead

    @property
    def private_memory(self) -> int:
        """Return the kernel's private memory in bytes; Linux."""
        pid = _credentials_of(self._connection)
        while children := _children(pid):
            pid = children[0]
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        private = [line.split()[1] for line in rollup.splitlines() if line.startswith("Private_")]
        return 1024 * sum(map(int, private))

    def _wait(self, outputs: _Outputs, ends_at: float) -> Ended | None:
        """Take messages until the cell has ended; None when the time is up first."""
        status = ""
        while (left := ends_at - time.monotonic()) > 0:
            ready = dict(self._poller.poll(int(left * 1000) + 1))
            if self._iopub in ready:
                is_idle = self._take_output(outputs)
                if is_idle and status:
                    return "error" if status == "error" else "ok"
                if is_idle:
                    outputs.is_idle = True
            if self._shell in ready:
                status = self._take_reply() or status
                if status and outputs.is_idle:
                    return "error" if status == "error" else "ok"
                if status:
                    ends_at = min(ends_at, time.monotonic() + _SECONDS_FOR_LAST_OUTPUT)
            if self._connection.fileno() in ready:
                self._is_dead = True
                return "died"
        if status:
            self._is_deaf = True
            return "error" if status == "error" else "ok"
        return None

    def _take_reply(self) -> str:
        message = self._message(self._shell)
        if message is None or message["header"]["msg_type"] != "execute_reply":
            return ""
        if message["parent_header"].get("msg_id") != self._running:
            return ""
        return str(message["content"].get("status"))

    def _take_output(self, outputs: _Outputs) -> bool:
        """Take one message, and tell whether it says that the cell has ended."""
        message = self._message(self._iopub)
        if message is None or message["parent_header"].get("msg_id") != self._running:
            return False
        kind, content = message["header"]["msg_type"], message["content"]
        if kind in _SHOWN and isinstance(content, dict):
            outputs.add(kind, content)
        return kind == "status" and bool(content.get("execution_state") == "idle")

    def _message(self, channel: Any) -> Json | None:
        """Return the next message, None for one that is torn or not signed."""
        try:
            parts = channel.recv_multipart(zmq.NOBLOCK)
            _, parts = self._session.feed_identities(parts)
            message = self._session.deserialize(parts)
        except (zmq.ZMQError, ValueError, TypeError, LookupError, RecursionError):
            return None
        is_whole = all(isinstance(message.get(part), dict) for part in ("header", "parent_header"))
        return message if is_whole and isinstance(message.get("content"), dict) else None


class _Outputs:
    """Keep outputs of one cell up to a size, and count what is more."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._kept: list[Json] = []
        self._dropped = 0
        self.is_idle = False

    def add(self, kind: str, content: Json) -> None:
        """Take one output, as long as there is room."""
        size = sum(len(str(value)) for value in content.values())
        if size > self._left:
            self._dropped += 1
            return
        self._left -= size
        output = {"output_type": kind, **content}
        last = self._kept[-1] if self._kept else {}
        is_more = kind == "stream" == last.get("output_type")
        if is_more and last.get("name") == content.get("name"):
            last["text"] = f"{last.get('text', '')}{content.get('text', '')}"
            return
        self._kept.append(output)

    def kept(self) -> tuple[Json, ...]:
        """Return what was kept, with a word on what was not."""
        if not self._dropped:
            return tuple(self._kept)
        note = f"\n… and {self._dropped} more outputs than are kept\n"
        return (*self._kept, {"output_type": "stream", "name": "stderr", "text": note})


@cache
def _context(_process: int) -> Any:
    # One for each process: a forked copy of another's does not work.
    return zmq.Context()


def _credentials_of(connection: socket.socket) -> int:
    """Return the number of the process at the other end: the warm parent's, which listens."""
    import struct

    options = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", options)[0])


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(each) for each in text.split()]
