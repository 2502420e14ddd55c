"""Sealed kernels for whatever speaks to kernels through jupyter_client, such as nbclient.

A kernelspec whose metadata names this provisioner, `grader-sealed`, gets kernels of a warm parent:

    {"kernel_provisioner": {"provisioner_name": "grader-sealed", "config": {"address": …}}}

address: that of a running `WarmParent`; without it each kernel starts a parent of its own.
"""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import signal
import tempfile
from contextlib import ExitStack
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Dict

from grader.grading.kernels.kernel_process import PORTS
from grader.grading.kernels.starting import Started, start_kernel
from grader.grading.kernels.warm_parent import WarmParent
from grader.grading.sandbox import Level, Limits, probe


class SealedProvisioner(KernelProvisionerBase):
    """Start, signal and end a sealed kernel for a kernel manager."""

    address = Dict(help="The address of a running WarmParent; empty to start one.").tag(config=True)

    _started: Started | None = None
    _open: ExitStack | None = None

    @property
    def has_process(self) -> bool:
        """Tell whether a kernel was started and not cleaned up."""
        return self._started is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Name a command, which jupyter_client asks for and nobody runs."""
        return await super().pre_launch(cmd=["grader-sealed"], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002
        """Start a kernel, and return how it is reached."""
        self._open = ExitStack()
        address: dict[str, str] = dict(self.address)
        if not address:
            address = self._open.enter_context(WarmParent(probe())).address
        place = tempfile.mkdtemp(prefix="k", dir=os.path.dirname(address["socket"]))
        self._open.callback(shutil.rmtree, place, ignore_errors=True)
        level = Level(address["level"])
        self._started = start_kernel(address["socket"], place, level, Limits())
        self._open.callback(self._started.exam.close)
        self._open.callback(self._started.connection.close)
        reached: Any = {f"{name}_port": port for name, port in PORTS.items()}
        key = self._started.key.encode()
        reached |= {"transport": "ipc", "ip": self._started.sockets}
        reached |= {"key": key, "signature_scheme": "hmac-sha256"}
        return cast("KernelConnectionInfo", reached)

    async def poll(self) -> int | None:
        """Return None while the kernel lives."""
        if self._started is None:
            return 0
        ended = select.select([self._started.connection], [], [], 0)[0]
        return 1 if ended else None

    async def wait(self) -> int | None:
        """Wait for the end of the kernel."""
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        return 0

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel, or end it with any other signal."""
        if self._started is None:
            return
        if signum == signal.SIGINT:
            self._started.connection.send(b"i")
        else:
            await self.kill()

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """End the kernel with all that it started."""
        if self._started is not None:
            self._started.connection.shutdown(1)

    async def terminate(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """End the kernel; a sealed one is never asked."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Give back what the kernel had."""
        if self._open is not None:
            self._open.close()
        self._open = self._started = None
