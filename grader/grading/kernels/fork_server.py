"""The warm process: it has imported everything, and forks a sealed kernel on request.

It runs no foreign code, has one thread and no secrets, and holds what outlives a kernel: its
scratch directory and its exit status. The client that asks for a kernel keeps the connection open:
when it closes, the kernel is killed.

    {"do": "describe"}                         → {"level": "namespaces", "limits": {…}}
    {"do": "prepare", "cells": ["…"]}          → {"prepared": true}, once no kernel has to
    {"do": "fork", "chance": "…"} with two open files → {"forked": true}, at its end
                                                 {"exit": -9, "excess": "threads"}
    {"do": "fork_jupyter", "connection": {…}, "sockets": "1", "environment": {…}}
                                               → the same, for a kernel of Jupyter's own kind
    {"do": "times"}    what the kernel used    → {"used": 1.2, "waited": 0.3}, in seconds
    {"do": "look"}     whether it takes too much → {"excess": "threads"}, and then it is killed
    {"do": "interrupt"} · {"do": "kill"}
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

from grader.grading.kernels.inner_kernel import InnerKernel
from grader.grading.kernels.jupyter_kernel import serve_jupyter
from grader.grading.kernels.messages import CELLS, EXAM
from grader.grading.kernels.outline import stand_in_for_checks, stand_in_for_exercises
from grader.grading.kernels.plain_displays import show_words_only
from grader.grading.kernels.preloading import preload
from grader.grading.kernels.repeatable import draw_from
from grader.grading.kernels.usage import excess_of, times_of
from grader.grading.sandbox import Level, Limits, Sandbox, import_path, sandbox_of

_LOOK_AFTER = 0.1
"""How long to wait between two looks at what kernels use, in seconds."""
_LONGEST = 1 << 16


@dataclass
class _Client:
    """Hold one connection, and the kernel that was forked for it, if any."""

    connection: socket.socket
    received: bytes = b""
    pid: int = 0
    scratch: Path | None = None
    excess: str = ""


class ForkServer:
    """Answer requests for kernels, one after the other."""

    def __init__(
        self, level: Level, sandbox: Sandbox, listener: socket.socket, kernel: InnerKernel
    ) -> None:
        self._level = level
        self._sandbox = sandbox
        self._listener = listener
        self._kernel = kernel
        self._clients: dict[int, _Client] = {}
        self._forked = 0
        self._selector = selectors.DefaultSelector()
        self._wakes, self._woken = socket.socketpair()

    def serve(self, *, owner: int) -> None:
        """Serve until a file descriptor says that its owner is gone."""
        is_over = False

        def stop(*_: object) -> None:
            nonlocal is_over
            is_over = True

        for each in (self._wakes, self._woken):
            each.settimeout(0)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, stop)
        signal.set_wakeup_fd(self._woken.fileno())
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._wakes, selectors.EVENT_READ, self._reap)
        self._selector.register(owner, selectors.EVENT_READ, stop)
        looked = monotonic()
        while not is_over:
            is_watched = any(client.pid for client in self._clients.values())
            for key, _ in self._selector.select(_LOOK_AFTER if is_watched else None):
                _whatever_comes(key.data)
            if monotonic() - looked > _LOOK_AFTER:
                for client in self._clients.values():
                    _whatever_comes(self._look_at, client)
                looked = monotonic()
        for client in list(self._clients.values()):
            _whatever_comes(self._drop, client)

    def _look_at(self, client: _Client) -> None:
        """Kill a kernel that uses more than it may."""
        if not client.pid or client.excess:
            return
        limits = self._sandbox.limits
        client.excess = excess_of(client.pid, limits)
        if not client.excess and client.scratch and self._sandbox.is_too_full(client.scratch):
            client.excess = "files"
        if client.excess:
            os.kill(client.pid, signal.SIGKILL)

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        client = _Client(connection)
        self._clients[connection.fileno()] = client
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._hear(client))

    def _hear(self, client: _Client) -> None:
        descriptors: list[int] = []
        try:
            chunk, descriptors, _, _ = socket.recv_fds(client.connection, _LONGEST, 2)
            if not chunk:
                raise EOFError
            *lines, client.received = (client.received + chunk).split(b"\n")
            for line in lines:
                self._answer(client, json.loads(line), descriptors)
        except Exception:  # noqa: BLE001  # other kernels go on
            self._drop(client)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _answer(self, client: _Client, asked: dict[str, Any], descriptors: list[int]) -> None:
        asked_for = asked["do"]
        if asked_for == "describe":
            limits = asdict(self._sandbox.limits)
            self._say(client, {"level": self._level.value, "limits": limits})
        elif asked_for == "prepare":
            self._kernel.prepare(asked["cells"])
            self._say(client, {"prepared": True})
        elif asked_for == "fork" and not client.pid:
            cells, exam = descriptors
            chance = asked["chance"]
            self._fork(client, lambda scratch: self._be_kernel(scratch, cells, exam, chance))
        elif asked_for == "fork_jupyter" and not client.pid:
            self._fork(client, lambda scratch: self._be_jupyter(scratch, asked))
        elif asked_for == "times" and client.pid:
            self._say(client, times_of(client.pid))
        elif asked_for == "look" and client.pid:
            self._look_at(client)
            self._say(client, {"excess": client.excess})
        elif asked_for == "interrupt" and client.pid:
            os.kill(client.pid, signal.SIGINT)
        elif asked_for == "kill" and client.pid:
            os.kill(client.pid, signal.SIGKILL)

    def _fork(self, client: _Client, be_kernel: Callable[[Path], None]) -> None:
        self._forked += 1
        client.scratch = self._sandbox.make_scratch(str(self._forked))
        # What is frozen is not touched by the child's garbage collector, and so stays shared.
        gc.freeze()
        client.pid = self._sandbox.fork()
        if not client.pid:
            _be_child(be_kernel, client.scratch)
        self._say(client, {"forked": True})

    def _be_kernel(self, scratch: Path, cells: int, exam: int, chance: str) -> None:
        # Duplicate first: either may hold the number that the other needs.
        cells, exam = os.dup(cells), os.dup(exam)
        os.dup2(exam, EXAM, inheritable=False)
        os.dup2(cells, CELLS, inheritable=False)
        _close_all_but(CELLS)
        connection = socket.socket(fileno=CELLS)
        try:
            home = self._sandbox.seal(scratch, None)
        except OSError as error:
            connection.sendall(json.dumps({"failed": str(error)}).encode() + b"\n")
            raise
        _settle(home, {})
        if chance:
            draw_from(chance)
        self._kernel.serve(connection)

    def _be_jupyter(self, scratch: Path, asked: dict[str, Any]) -> None:
        _close_all_but(2)
        sockets = self._sandbox.sockets / asked["sockets"]
        home = self._sandbox.seal(scratch, sockets)
        _settle(home, asked["environment"])
        serve_jupyter(asked["connection"], self._sandbox.sockets_inside(sockets))

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wakes.recv(4096):
                pass
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for client in self._clients.values():
                if client.pid == pid:
                    _whatever_comes(self._bury, client, os.waitstatus_to_exitcode(status))

    def _bury(self, client: _Client, code: int) -> None:
        client.pid = 0
        if client.scratch:
            self._sandbox.remove_scratch(client.scratch)
            client.scratch = None
        # The client may be gone by now.
        with contextlib.suppress(OSError):
            self._say(client, {"exit": code, "excess": client.excess})

    def _drop(self, client: _Client) -> None:
        self._clients.pop(client.connection.fileno(), None)
        self._selector.unregister(client.connection)
        if client.pid:
            os.kill(client.pid, signal.SIGKILL)
            _, status = os.waitpid(client.pid, 0)
            self._bury(client, os.waitstatus_to_exitcode(status))
        client.connection.close()

    def _say(self, client: _Client, message: dict[str, Any]) -> None:
        client.connection.sendall(json.dumps(message).encode() + b"\n")


def _whatever_comes(action: Callable[..., object], *arguments: object) -> None:
    """Do something for one kernel; an error in it is logged, and harms no other kernel."""
    try:
        action(*arguments)
    except Exception:  # noqa: BLE001  # it is printed, and this process outlives it
        traceback.print_exc(file=sys.__stderr__)


def _be_child(be_kernel: Callable[[Path], None], scratch: Path) -> NoReturn:
    """Become a kernel, and never return into the server's loop."""
    try:
        # If Linux shares processors out by session, a kernel gets one share, not one a thread.
        os.setsid()
        signal.set_wakeup_fd(-1)
        for name in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        be_kernel(scratch)
    except BaseException:  # noqa: BLE001  # the server must never run twice
        traceback.print_exc(file=sys.__stderr__)
        os._exit(1)
    os._exit(0)


def _close_all_but(last: int) -> None:
    """Close every file above a number; the first three then lead nowhere."""
    os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _settle(home: Path, more: dict[str, str]) -> None:
    """Give the kernel an environment that points only to its scratch directory."""
    os.environ.update(
        {"HOME": str(home), "IPYTHONDIR": f"{home}/.ipython", "TMPDIR": str(home), **more}
    )
    # An earlier import may have set it.
    tempfile.tempdir = None
    # A module that the notebook writes can be imported, but shadows no other.
    sys.path.append(str(home))
    gc.enable()


def main() -> None:
    """Serve as the command's one argument, in JSON, says: see `WarmParent`."""
    asked = json.loads(sys.argv[2])
    ready = os.fdopen(asked["ready"], "w")
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.disable()
        level, limits = Level(asked["level"]), Limits(**asked["limits"])
        sandbox = sandbox_of(level, limits, Path(asked["folder"]))
        sandbox.enter()
        home = sandbox.make_scratch("home")
        os.environ.update({"HOME": str(home), "IPYTHONDIR": f"{home}/.ipython"})
        os.chdir(home)
        sys.path[:] = import_path()
        stand_in_for_exercises(asked["course"])
        preload()
        stand_in_for_checks()
        show_words_only()
        # So IPython has little to collect when it forgets the first cells.
        gc.freeze()
        kernel = InnerKernel(most=limits.output_bytes)
        server = ForkServer(level, sandbox, socket.socket(fileno=asked["listener"]), kernel)
    except Exception as error:
        ready.write(json.dumps({"failed": f"{type(error).__name__}: {error}"}) + "\n")
        raise
    with ready:
        ready.write(json.dumps({"ready": True}) + "\n")
    server.serve(owner=asked["owner"])
    sandbox.leave()
