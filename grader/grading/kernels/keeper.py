"""A kernel's keeper: the process between the warm parent and one kernel.

It reads what is wanted, forks the kernel into its sandbox, says when it is ready, and lives as long
as the connection: when that is closed, or the kernel ends, all that ran in the sandbox is killed.

    wanted    {"level": …, "limits": {…}, "place": folder, "key": …}   and the exam's descriptor
    answer    {"sockets": prefix of the kernel's sockets, as seen from outside}, or {"error": why}
    later     "i" to interrupt the kernel
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
from contextlib import suppress
from typing import Any

from grader.grading.kernels.kernel_process import READY, SOCKETS, run_kernel
from grader.grading.sandbox import Level, Limits
from grader.grading.sandbox.system import IS_LINUX, PR_SET_PDEATHSIG, prctl

Json = Any

MAX_WANTED = 65_536
MAX_SAID = 1_000


def keep(connection: socket.socket) -> None:
    """Serve one connection to its end."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    message, descriptors, _, _ = socket.recv_fds(connection, MAX_WANTED, 1)
    if not message:
        return
    wanted = json.loads(message)
    level, limits = Level(wanted["level"]), Limits(**wanted["limits"])
    place = wanted["place"]
    exam = descriptors[0]
    if level is Level.NAMESPACES:
        from grader.grading.sandbox.namespaces import SCRATCH, leave

        leave()
        outside = f"/proc/{os.getpid()}/root{SCRATCH}/{SOCKETS}"
    else:
        outside = f"{place}/{SOCKETS}"
    listening, telling = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        try:
            os.close(listening)
            _enter(level, limits, place, wanted["key"], exam, telling)
        except BaseException as error:  # noqa: BLE001 - whoever wants the kernel has to hear of it
            os.write(telling, f"{type(error).__name__}: {error}"[:MAX_SAID].encode())
        finally:
            os._exit(1)
    os.close(telling)
    os.close(exam)
    try:
        said = os.read(listening, MAX_SAID)
        is_ready = said == READY
        answer = {"sockets": outside} if is_ready else {"error": said.decode(errors="replace")}
        connection.sendall(json.dumps(answer).encode() + b"\n")
        if is_ready:
            _watch(connection, kernel)
    finally:
        _kill(kernel, level)
        os._exit(0)


def _enter(level: Level, limits: Limits, place: str, key: str, exam: int, telling: int) -> None:
    """Go into the sandbox, and become the kernel there."""
    _die_with_parent()
    os.setsid()
    scratch = place
    if level is Level.NAMESPACES:
        from grader.grading.sandbox.namespaces import SCRATCH, move_in

        move_in(place, limits)
        scratch = SCRATCH
        # The first process of a namespace cannot be killed from inside; the kernel is its child.
        child = os.fork()
        if child:
            _be_first(child, exam, telling)
        _die_with_parent()
    run_kernel(level, limits, scratch=scratch, key=key, exam=exam, telling=telling)


def _be_first(kernel: int, exam: int, telling: int) -> None:
    """Pass interrupts on, and end with the kernel."""
    os.close(exam)
    os.close(telling)
    signal.signal(signal.SIGINT, lambda *_: os.kill(kernel, signal.SIGINT))
    while os.waitpid(-1, 0)[0] != kernel:
        pass
    os._exit(0)


def _watch(connection: socket.socket, kernel: int) -> None:
    """Return when the kernel has ended or nobody wants it any more."""
    ending = os.pidfd_open(kernel) if IS_LINUX else None
    watched: list[Any] = [connection] if ending is None else [connection, ending]
    while True:
        ready, _, _ = select.select(watched, [], [], None if ending is not None else 0.05)
        if ending in ready or (ending is None and os.waitpid(kernel, os.WNOHANG)[0]):
            return
        if connection in ready:
            if not connection.recv(1):
                return
            with suppress(ProcessLookupError):
                os.kill(kernel, signal.SIGINT)


def _kill(kernel: int, level: Level) -> None:
    with suppress(ProcessLookupError):
        os.kill(kernel, signal.SIGKILL)
    if level is not Level.NAMESPACES:
        # It leads a group of its own; without namespaces that is all there is to kill by.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(kernel, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(kernel, 0)


def _die_with_parent() -> None:
    if IS_LINUX:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
