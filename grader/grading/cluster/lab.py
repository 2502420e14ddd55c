"""A cluster of one's own: a scheduler that writes a file, and workers that join by that file.

The file has the address, and the certificate and key of all who take part: whoever has it can run
code on these machines. It can be read by its owner alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import dask
from distributed import Nanny, Scheduler
from distributed.security import Security

from grader.errors import GradingError
from grader.grading.cluster.address import Address, shared_security
from grader.grading.whole_file import write_whole

MOST_THREADS = 8
"""How many notebooks one Dask worker hands to its crew: one Python process can serve so many."""
_JOIN_WITHIN = 60
_SETTINGS = {
    # Two deaths under a chunk are enough: then it is examined alone.
    "distributed.scheduler.allowed-failures": 2,
    "distributed.worker.profile.enabled": False,
    # Kernels have limits of their own, and Dask does not see them.
    "distributed.worker.memory.terminate": False,
    "distributed.worker.memory.pause": False,
    "distributed.nanny.pre-spawn-environ.DASK_LOGGING__DISTRIBUTED": "warning",
    # Its web pages ask nobody for a certificate.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
_PAGES = "127.0.0.1:0"


def serve_cluster(
    file: Path,
    *,
    host: str | None = None,
    port: int = 0,
    jobs: int = 0,
    tell: Callable[[str], object],
) -> None:
    """Run a scheduler until it is interrupted.

    file: where to write how to reach it. host: the name or address at which other machines reach
    this one. port: 0 for a free one. jobs: how many notebooks are examined at once on this machine.
    tell: gets a sentence when others can join. Raises GradingError if it cannot listen.
    """
    _run(_serve(file, host, port, jobs, tell))


def join_cluster(
    address: Address, *, jobs: int | None = None, tell: Callable[[str], object]
) -> None:
    """Run workers of a cluster until it ends.

    jobs: how many notebooks are examined at once, by default one for each core.
    Raises GradingError if nobody answers.
    """
    _run(_join(address, jobs or os.cpu_count() or 1, tell))


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run until it ends, or until Ctrl+C or SIGTERM: then raise KeyboardInterrupt."""
    logging.getLogger("distributed").setLevel(logging.WARNING)

    async def until_ended() -> None:
        # So that workers end with it, however a service manager stops it.
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        # Windows has no such handlers; there Ctrl+C cancels what asyncio runs.
        for number in (signal.SIGTERM, signal.SIGINT) if sys.platform != "win32" else ():
            loop.add_signal_handler(number, task.cancel)
        await task

    with dask.config.set(_SETTINGS):
        try:
            asyncio.run(until_ended())
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


async def _serve(
    file: Path, host: str | None, port: int, jobs: int, tell: Callable[[str], object]
) -> None:
    made = Security.temporary()
    certificate, key = str(made.tls_ca_file), str(made.tls_client_key)
    security = shared_security(certificate, key)
    async with AsyncExitStack() as stack:
        try:
            opened = Scheduler(
                host=host,
                port=port,
                protocol="tls",
                security=security,
                dashboard=False,
                dashboard_address=_PAGES,
            )
            scheduler = await stack.enter_async_context(opened)
        except (OSError, ValueError) as error:
            raise GradingError(
                f"No scheduler can listen at {host or 'this machine'}, port {port} ({error}). "
                "Give another one: --host 127.0.0.1 --port 8786"
            ) from error
        told = {"address": scheduler.address, "certificate": certificate, "key": key}
        write_whole(file, (json.dumps(told, indent=1) + "\n").encode(), mode=0o600)
        stack.callback(lambda: file.unlink(missing_ok=True))
        await _start(stack, Address(scheduler.address, certificate, key), jobs)
        tell(scheduler.address)
        await scheduler.finished()


async def _join(address: Address, jobs: int, tell: Callable[[str], object]) -> None:
    async with AsyncExitStack() as stack:
        try:
            nannies = await asyncio.wait_for(_start(stack, address, jobs), _JOIN_WITHIN)
        except (OSError, TimeoutError) as error:
            raise GradingError(
                f"No cluster answers at {address.url} ({error or 'no answer'}). Is it running, "
                "and is this the file that it wrote last?"
            ) from error
        tell(address.url)
        await asyncio.gather(*(each.finished() for each in nannies))


async def _start(stack: AsyncExitStack, address: Address, jobs: int) -> list[Nanny]:
    """Start as many workers as it takes, each with an equal share of the jobs."""
    number = math.ceil(jobs / MOST_THREADS)
    shares = [jobs // number + (place < jobs % number) for place in range(number)]
    nannies = [
        Nanny(
            address.url,
            nthreads=each,
            memory_limit=0,
            security=address.security(),
            protocol=address.url.partition(":")[0],
            dashboard=False,
            dashboard_address=_PAGES,
        )
        for each in shares
    ]
    await asyncio.gather(*map(stack.enter_async_context, nannies))
    return nannies
