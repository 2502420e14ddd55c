"""Run sealed kernels wherever Jupyter starts kernels: nbclient, nbgrader, a notebook server.

It is registered as the kernel provisioner `grader-sealed`, and is chosen by a kernelspec, or for
all kernels by JUPYTER_DEFAULT_PROVISIONER_NAME. The caller's folder and environment do not reach
the kernel: it sees its scratch directory and nothing else.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import signal
import tempfile
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool

from grader.errors import GradingError
from grader.grading.kernels.messages import BrokenLine, Messages
from grader.grading.kernels.warm_parent import WarmParent, ask
from grader.grading.sandbox import Level, probe

ADDRESS = "GRADER_WARM_PARENT"
"""The environment variable with the address of a warm parent to use; else one is started."""
_KEPT = ("NBGRADER_EXECUTION", "NBGRADER_VALIDATING")
_NO_CODE = -1


class SealedProvisioner(LocalProvisioner):
    """Fork a kernel from a warm parent, and tell Jupyter how it fares."""

    allow_unsandboxed = Bool(
        default_value=False,
        help="Run kernels also where neither namespaces nor Landlock can hold them.",
    ).tag(config=True)

    _control: Messages | None = None
    _sockets: Path | None = None
    _exit_code: int | None = None

    @property
    def has_process(self) -> bool:
        """Return whether a kernel was forked and not yet waited for."""
        return self._control is not None

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """Choose sockets in a folder, which is all that a sealed kernel can listen on."""
        parent = _warm_parent()
        if parent.level is Level.PROCESS and not self.allow_unsandboxed:
            raise GradingError(
                "On this machine neither namespaces nor Landlock can hold a submission; "
                "`grader doctor` says why. To run it anyway, set "
                "SealedProvisioner.allow_unsandboxed = True."
            )
        self._address = parent.address
        if self._sockets is None:
            below = Path(self._address).parent / "sockets"
            self._sockets = Path(tempfile.mkdtemp(prefix="k", dir=below))
        manager: Any = self.parent
        manager.transport, manager.ip = "ipc", str(self._sockets / "k")
        manager.cache_ports = False
        return await super().pre_launch(**options)

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:  # noqa: ARG002
        """Fork a kernel, ignoring the command and the folder that Jupyter would use."""
        assert self._sockets is not None
        given = options.get("env") or {}
        question = {
            "do": "fork_jupyter",
            "connection": {
                name: value.decode() if isinstance(value, bytes) else value
                for name, value in self.connection_info.items()
            },
            "sockets": self._sockets.name,
            "environment": {name: given[name] for name in _KEPT if name in given},
        }
        self._exit_code = None
        self._connected = ExitStack()
        self._control = self._connected.enter_context(ask(self._address, question))
        return self.connection_info

    async def poll(self) -> int | None:
        """Return None while the kernel lives, then its exit code."""
        if self._control is None:
            return 0
        self._hear()
        return self._exit_code

    async def wait(self) -> int | None:
        """Wait for the kernel's end; return its exit code."""
        if self._control is None:
            return 0
        while self._exit_code is None:
            await _readable(self._control)
            self._hear()
        self._connected.close()
        self._control = None
        return self._exit_code

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel, or kill it: there is no signal between the two."""
        if signum != 0:
            self._tell("interrupt" if signum == signal.SIGINT else "kill")

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Kill the kernel."""
        self._tell("kill")

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Kill the kernel: it has nothing to save."""
        self._tell("kill")

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Remove the sockets, unless another kernel takes this one's place."""
        if self._sockets is not None and not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None

    def _tell(self, what: str) -> None:
        if self._control is None:
            return
        try:
            self._control.send({"do": what})
        except OSError:
            self._exit_code = _NO_CODE

    def _hear(self) -> None:
        assert self._control is not None
        try:
            while self._exit_code is None:
                self._exit_code = self._control.receive(until=0).get("exit")
        except TimeoutError:
            pass
        except (EOFError, OSError, BrokenLine):
            self._exit_code = _NO_CODE


async def _readable(control: Messages) -> None:
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[None] = loop.create_future()
    loop.add_reader(control.connection, _set, arrived)
    try:
        await arrived
    finally:
        loop.remove_reader(control.connection)


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _warm_parent() -> WarmParent:
    address = os.environ.get(ADDRESS)
    return WarmParent.connect(address) if address else _own_parent()


@lru_cache
def _own_parent() -> WarmParent:
    """Start a warm parent that ends with this process."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(WarmParent(probe()))
