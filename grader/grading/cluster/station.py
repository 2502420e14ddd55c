"""What runs on a worker of the cluster: a crew as on this machine, which examines what arrives.

Dask calls `Station.setup` when a worker joins and `teardown` when it leaves, and `examine_chunk`
for each chunk. An exception in `setup` does not keep a worker out, so an unfit one closes itself:
https://distributed.dask.org/en/stable/plugins.html
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import threading
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from distributed import Reschedule, Worker, WorkerPlugin, get_worker

import grader
from grader.errors import GraderError
from grader.grading.cluster.address import is_closed
from grader.grading.cluster.version import difference, version_of
from grader.grading.crew import Crew
from grader.grading.sandbox import Level, Limits, probe
from grader.sources import find_root

Json = Any

NAME = "grader"
"""The plugin's; there is one on a worker, that of who came last."""
CLIENT = "grader-grade"
"""How the names of our clients begin, for the scheduler."""
REFUSED = "grader-refused"
"""The topic on which workers say why they don't take part."""

_READY_WITHIN = 180.0
_PAUSE = 0.5


class Station(WorkerPlugin):
    """Hold a worker's crew: one process for each of its threads, and their warm parent.

    wanted: what the worker must have, see `version_of`. limits: of the kernels.
    """

    name = NAME

    def __init__(self, wanted: Json, limits: Limits) -> None:
        self._wanted = wanted
        self._limits = asdict(limits)

    def __setstate__(self, state: Json) -> None:
        self.__dict__.update(state)
        # Dask knows a plugin before its setup has begun.
        self._ready = threading.Event()

    async def setup(self, worker: Worker) -> None:
        """Start the crew, or close the worker and say why."""
        self._stack = ExitStack()
        self._crew: Crew | None = None
        self._reason = await asyncio.to_thread(self._prepare, worker)
        self._ready.set()
        if self._reason:
            self.refuse(worker)

    def teardown(self, worker: Worker) -> None:
        """End the crew."""
        del worker
        self._crew = None
        self._stack.close()

    def refuse(self, worker: Worker) -> None:
        """Tell the client why this worker does not take part, and close it."""
        worker.log_event(REFUSED, f"{worker.address} has {self._reason}")
        worker.loop.add_callback(worker.close, nanny=True, reason=f"grader: {self._reason}")

    def examine(self, jobs: list[Json]) -> Json:
        """Return the answers to some jobs; raises Reschedule if this worker cannot take any."""
        if not self._ready.wait(_READY_WITHIN) or self._crew is None:
            # It is about to close.
            time.sleep(_PAUSE)
            raise Reschedule
        crew, at = self._crew, self._free.get()
        try:
            return {
                "level": self._level.value,
                "answers": [crew.answer(at, jobs, place) for place in range(len(jobs))],
            }
        finally:
            self._free.put(at)

    def _prepare(self, worker: Worker) -> str:
        """Start the crew, and return "", or what is wrong with this worker."""
        if not (is_closed(worker.address) and is_closed(worker.scheduler.address)):
            return "no certificate, and is not on loopback"
        try:
            course = find_root(Path(grader.__file__).parent)
            differs = difference(self._wanted, version_of(course))
            if differs:
                return differs
            self._level = probe()
            if self._level is Level.PROCESS:
                return "nothing that seals submissions off; `grader doctor` there says why"
            # The worker's own log, also where a test has put something else at sys.stderr.
            log = self._stack.enter_context(os.fdopen(os.dup(2), "ab"))
            jobs = worker.state.nthreads
            limits = Limits(**self._limits)
            crew = self._stack.enter_context(Crew(course, self._level, limits, jobs=jobs, log=log))
            crew.wait_until_ready()
            self._free: queue.SimpleQueue[int] = queue.SimpleQueue()
            for at in range(jobs):
                self._free.put(at)
            self._crew = crew
        except (GraderError, OSError) as error:
            self._stack.close()
            return f"a fault: {error}"
        return ""


def examine_chunk(text: str) -> str:
    """Return the answers to a chunk of jobs; both are JSON."""
    return json.dumps(_station_of(get_worker()).examine(json.loads(text)))


def _station_of(worker: Worker) -> Station:
    """Return a worker's station; it takes tasks before it has its plugins."""
    until = time.monotonic() + _READY_WITHIN
    while time.monotonic() < until:
        station = worker.plugins.get(NAME)
        if isinstance(station, Station):
            return station
        time.sleep(_PAUSE)
    raise LookupError(f"the worker {worker.address} has nothing to grade with")


def other_clients(own: str, dask_scheduler: Any) -> list[str]:
    """Return the ids of others who are grading on this cluster; runs on the scheduler."""
    return [each for each in dask_scheduler.clients if CLIENT in each and each != own]


def can_grade() -> bool:
    """Return True, on a worker that can import the grader."""
    return True
