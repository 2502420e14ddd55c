"""A kernel of Jupyter's own kind, for nbclient and nbgrader: ipykernel, over sockets in a folder.

It differs from a plain one where the sandbox demands it: no connection file, no history, no way to
open a connection, no shell, and the current folder last on the import path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets.config import Config

from grader.grading.kernels.shell_lines import forget_kernel, stand_in_for_shell


def serve_jupyter(connection: dict[str, Any], sockets: Path) -> None:
    """Run a kernel until it is told to shut down.

    connection: what would stand in a connection file. sockets: where the kernel listens.
    """
    forget_kernel()
    # Those made before the fork belong to the other kind of kernel.
    for each in (IPythonKernel, ZMQInteractiveShell):
        each.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    # Any: most of ipykernel has no types.
    app: Any = _SealedKernelApp.instance(config=config)
    name = Path(connection["ip"]).name
    app.load_connection_info({**connection, "ip": str(sockets / name)})
    app.initialize([])
    stand_in_for_shell(app.kernel)
    app.start()


class _SealedKernelApp(IPKernelApp):
    def init_connection_file(self) -> None:
        """Look for no file; its contents were given."""

    def write_connection_file(self, **_more: Any) -> None:
        """Write no file; the client that connects made up its contents."""

    def init_control(self, context: zmq.Context[Any]) -> None:
        """Open the control channel, and take back the debugger's connection to this same kernel."""
        super().init_control(context)  # type: ignore[no-untyped-call]
        self.debug_shell_socket.disconnect(self.shell_socket.getsockopt(zmq.LAST_ENDPOINT))

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """Open the channel for outputs, as ipykernel does, but without a port for forked processes.

        There are none, and libzmq ends the process if it may not open the port.
        """
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        app: Any = self
        self.iopub_port = app._bind_socket(  # noqa: SLF001  # as the method that this one takes the place of
            self.iopub_socket, self.iopub_port
        )
        app.configure_tornado_logger()
        make_thread: Any = IOPubThread
        self.iopub_thread = make_thread(self.iopub_socket, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_path(self) -> None:
        """Leave the import path alone; ipykernel would put the current folder first."""
