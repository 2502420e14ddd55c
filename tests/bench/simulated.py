"""Workers that only seem to work: a station whose crew sleeps, to see what the way there costs.

`python -m tests.bench.simulated FILE THREADS WORKERS` runs some in one process.
"""

from __future__ import annotations

import asyncio
import queue
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from distributed import Worker

from grader.grading.cluster import Cluster, read_address
from grader.grading.cluster.station import Station
from grader.grading.sandbox import Level, Limits

Json = Any

SECONDS = 0.3
_ANSWER = "a" * 100_000


class _Sleepers:
    def answer(self, at: int, jobs: Sequence[Json], place: int) -> Json:
        time.sleep(SECONDS)
        return {"result": jobs[place]["number"], "notebook": _ANSWER}


class StandIn(Station):
    """Answer each job after a while, with as much text as a graded notebook has."""

    def _prepare(self, worker: Worker) -> str:
        self._level = Level.NAMESPACES
        self._free = queue.SimpleQueue()
        for at in range(worker.state.nthreads):
            self._free.put(at)
        self._crew = _Sleepers()  # type: ignore[assignment]
        return ""


class SimulatedCluster(Cluster):
    """Ask stand-ins."""

    def _station(self) -> Station:
        return StandIn({}, Limits())


async def _work(file: Path, threads: int, number: int) -> None:
    address = read_address(str(file))
    workers = [
        Worker(
            address.url,
            nthreads=threads,
            security=address.security(),
            protocol="tls",
            memory_limit=0,
            dashboard=False,
            dashboard_address="127.0.0.1:0",
        )
        for _ in range(number)
    ]
    await asyncio.gather(*workers)
    await asyncio.gather(*(each.finished() for each in workers))


if __name__ == "__main__":
    asyncio.run(_work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
