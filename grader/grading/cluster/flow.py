"""Hand jobs to a cluster in chunks, so that no worker waits and nothing in memory grows.

A worker's thread has one chunk at work and one waiting: while its answers travel, it has more to
do. Chunks are large at first, which costs little, and small at the end, so that all stop together.
"""

from __future__ import annotations

import asyncio
import json
import queue
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.errors import GradingError

Json = Any

MOST = 8
"""How many jobs a chunk has at most: a worker that dies costs that many again."""
_AHEAD = 2
"""How many chunks there are for each thread."""
_EVERY = 1.0


class ChunkLost(Exception):
    """Say that a chunk was tried several times and its workers died each time."""


@dataclass
class Arrived:
    """Hold what came of a chunk; places: of its jobs. text: the answers, None if it was lost.

    troubles: sentences on jobs that could not even be read, by place.
    taken: to be set once it was written down.
    """

    places: tuple[int, ...]
    text: str | None
    troubles: dict[int, str] = field(default_factory=dict)
    taken: asyncio.Event = field(default_factory=asyncio.Event)


Found = Arrived | GradingError | None


class Flow:
    """Keep the threads of a cluster busy with the jobs of a class.

    jobs: each is asked for when it's its turn. submit: sends a chunk and returns the answers; it
    may raise ChunkLost. count: how many threads the cluster has now. patience: for how many
    seconds there may be none. found: gets what arrives, in the order in which it arrives.
    """

    def __init__(
        self,
        jobs: Sequence[Json],
        submit: Callable[[str], Awaitable[str]],
        count: Callable[[], Awaitable[int]],
        found: queue.SimpleQueue[Found],
        *,
        patience: float,
    ) -> None:
        self._jobs = jobs
        self._submit = submit
        self._count = count
        self._found = found
        self._patience = patience
        self._waiting = deque(range(len(jobs)))
        self._threads = 0
        self._slots: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Hand out all jobs; raises GradingError if the cluster has no workers any more."""
        seen = time.monotonic()
        while True:
            self._threads = await self._count()
            now = time.monotonic()
            seen = now if self._threads else seen
            if now - seen > self._patience:
                raise GradingError(f"no worker has been there for {self._patience:.0f} s")
            self._open_slots()
            if not self._slots and not self._waiting:
                return
            await self._until_a_slot_ends()

    async def stop(self) -> None:
        """Take back what was handed out."""
        for each in self._slots:
            each.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)

    def _open_slots(self) -> None:
        while self._waiting and len(self._slots) < _AHEAD * self._threads:
            self._slots.add(asyncio.ensure_future(self._serve(self._next_chunk())))

    async def _until_a_slot_ends(self) -> None:
        """Wait for that or for a second; raises what ended a slot, if it was an error."""
        if not self._slots:
            await asyncio.sleep(_EVERY)
            return
        done, self._slots = await asyncio.wait(
            self._slots, timeout=_EVERY, return_when=asyncio.FIRST_COMPLETED
        )
        for each in done:
            each.result()

    async def _serve(self, places: tuple[int, ...]) -> None:
        """Serve chunk after chunk, as long as there are enough threads."""
        before = None
        while places:
            arrived = await self._examine(places)
            if before is not None:
                # What waits to be written down is at most one chunk for each slot.
                await before.taken.wait()
            self._found.put(arrived)
            before = arrived
            is_needed = len(self._slots) <= _AHEAD * self._threads
            places = self._next_chunk() if is_needed else ()

    async def _examine(self, places: tuple[int, ...]) -> Arrived:
        jobs, read, troubles = [], [], {}
        for place in places:
            try:
                jobs.append(self._jobs[place])
                read.append(place)
            except GradingError as error:
                troubles[place] = str(error)
        if not jobs:
            return Arrived((), "", troubles)
        try:
            text = await self._submit(json.dumps(jobs))
        except ChunkLost:
            return Arrived(tuple(read), None, troubles)
        return Arrived(tuple(read), text, troubles)

    def _next_chunk(self) -> tuple[int, ...]:
        share = len(self._waiting) // max(1, _AHEAD * self._threads)
        size = min(len(self._waiting), max(1, min(MOST, share)))
        return tuple(self._waiting.popleft() for _ in range(size))
