"""The kernel itself: ipykernel's, in a process that is sealed before any cell runs."""

from __future__ import annotations

import os
import random
import sys
from typing import Any

from grader.grading.sandbox import Level, Limits
from grader.grading.sandbox.sealing import seal

PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "hb": 4, "control": 5}
"""The numbers at the end of the kernel's sockets."""
READY = b"ready"
EXAM_DESCRIPTOR = 3
"""The exam's socket, also in the environment as GRADER_EXAM_FD."""
SOCKETS = ".kernel"
"""The name of the kernel's sockets in its scratch folder."""


def run_kernel(
    level: Level, limits: Limits, *, scratch: str, key: str, exam: int, telling: int
) -> None:
    """Become a kernel that listens in `scratch`, and never return.

    key: signs its messages. exam: the exam's socket. telling: where to write when it listens.
    """
    telling = _keep_only(exam, telling)
    try:
        _settle(scratch)
        seal(level, limits, scratch=scratch)
        app = _make_app(scratch, key)
        app.initialize([])
    except BaseException as error:
        os.write(telling, f"{type(error).__name__}: {error}".encode()[:1000])
        raise
    # What was imported before came from where Python lies, and what comes now does too: no file
    # in the working folder stands in for a module.
    sys.path[:] = [path for path in sys.path if path not in ("", scratch)]
    os.write(telling, READY)
    os.close(telling)
    app.start()


def _keep_only(exam: int, telling: int) -> int:
    """Close every descriptor but two, give the exam's its number, and return the other."""
    null = os.open(os.devnull, os.O_RDWR)
    moved = os.dup2(telling, 200), os.dup2(exam, 201)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.dup2(moved[1], EXAM_DESCRIPTOR)
    os.dup2(moved[0], EXAM_DESCRIPTOR + 1)
    os.closerange(EXAM_DESCRIPTOR + 2, 4096)
    return EXAM_DESCRIPTOR + 1


def _settle(scratch: str) -> None:
    work = os.path.join(scratch, "work")
    os.makedirs(work, exist_ok=True)
    os.chdir(work)
    os.environ.update(
        {
            "GRADER_EXAM_FD": str(EXAM_DESCRIPTOR),
            "HOME": scratch,
            "IPYTHONDIR": os.path.join(scratch, ".ipython"),
            "TMPDIR": scratch,
            "MPLCONFIGDIR": os.path.join(scratch, ".matplotlib"),
        }
    )
    # The state that was forked is the same in every kernel; so is this one.
    random.seed(0)


def _make_app(scratch: str, key: str) -> Any:
    import zmq
    from ipykernel.iostream import IOPubThread
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    class SealedKernelApp(IPKernelApp):
        """ipykernel's application, without what connects to itself or only costs time."""

        def init_control(self, context: Any) -> None:
            # The debugger's socket would connect to the shell's, and connecting is refused.
            bound, self.shell_socket = self.shell_socket, _NotBound()
            try:
                super().init_control(context)
            finally:
                self.shell_socket = bound

        def init_iopub(self, context: Any) -> None:
            # As ipykernel does it, but without a socket for the output of subprocesses: that is
            # one of TCP, and there are no subprocesses.
            self.iopub_socket = context.socket(zmq.XPUB)
            self.iopub_socket.linger = 1000
            self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)
            self.configure_tornado_logger()
            self.iopub_thread = IOPubThread(self.iopub_socket, pipe=False, session=self.session)
            self.iopub_thread.start()
            self.iopub_socket = self.iopub_thread.background_socket

        def init_heartbeat(self) -> None:
            """Leave it out: whether this kernel lives is seen by its process."""

    config = Config()
    config.Session.key = key.encode()
    config.HistoryManager.enabled = False
    config.InteractiveShellApp.ignore_cwd = True
    # Coloured tracebacks with code around each line cost more than most cells.
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.colors = "NoColor"
    config.IPKernelApp.capture_fd_output = False
    app = SealedKernelApp(config=config)
    app.transport, app.ip = "ipc", os.path.join(scratch, SOCKETS)
    app.connection_file = os.path.join(scratch, f"{SOCKETS}.json")
    app.shell_port, app.iopub_port, app.stdin_port = PORTS["shell"], PORTS["iopub"], PORTS["stdin"]
    app.hb_port, app.control_port = PORTS["hb"], PORTS["control"]
    return app


class _NotBound:
    """Stand for a socket that has no address to connect to."""

    def getsockopt(self, _option: int) -> bytes:
        return b""
