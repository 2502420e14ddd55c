"""Examine a class on a Dask cluster: what `Crew` is for this machine.

Workers may come, go and die. A chunk whose workers died too often, and each submission that the
cluster has no result for, are examined once more here, alone: what one worker lacks or what kills
it says nothing about a submission.
"""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import threading
import time
import warnings
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from grader.errors import GradingError
from grader.grading.cluster.address import TCP, Address, import_dask, is_closed, refuse_open
from grader.grading.cluster.flow import Arrived, ChunkLost, Flow, Found
from grader.grading.cluster.version import version_of
from grader.grading.crew import Examiners, Jobs
from grader.grading.sandbox import Level, Limits

Json = Any
_Made = TypeVar("_Made")

PATIENCE = 60.0
"""For how many seconds there may be no worker."""
_CONNECT_WITHIN = 10.0
_CLOSE_WITHIN = 10.0
_ANSWER_WITHIN = 60.0
"""How long a busy scheduler may take; a connection that breaks is noticed at once."""
_TRIES = 3
"""How often to send a chunk that a worker without the grader got."""
_AGAIN = "The same command goes on where this one stopped."
_NO_SUCH_CODE = (ImportError, AttributeError)


class Cluster:
    """Examine submissions on a cluster. Use as a context manager.

    address: of the scheduler. course: the repository. limits: of the kernels. here: starts one
    worker on this machine, for what the cluster has no result for; None if submissions can't be
    sealed off here. patience: for how many seconds there may be no worker.
    Entering it raises GradingError, with the fix, if no cluster is there or no worker fits.
    """

    def __init__(
        self,
        address: Address,
        course: Path,
        limits: Limits,
        *,
        here: Callable[[], AbstractContextManager[Examiners]] | None,
        patience: float = PATIENCE,
    ) -> None:
        self._address = address
        self._course = course
        self._limits = limits
        self._here = here
        self._patience = patience
        self._refused: list[str] = []
        self._levels: set[Level] = set()
        self._numbers = count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._client: Any = None
        self._is_registered = False

    def __enter__(self) -> Cluster:
        import_dask()
        # Its connections fail at odd times, and we say in words what that means.
        for name in ("distributed", "distributed.client", "distributed.core"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._thread.start()
        try:
            self._do(self._connect())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def level(self) -> Level | None:
        """Return the weakest level at which something was examined; None before that."""
        return max(self._levels, key=list(Level).index, default=None)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return which workers did not take part, and why, a sentence each."""
        return tuple(
            f"A worker did not take part: {each}." for each in dict.fromkeys(self._refused)
        )

    def examine(self, jobs: Sequence[Json]) -> Iterator[tuple[int, Json]]:
        """Yield each job's answer with the job's place, in the order in which they arrive.

        jobs: each is asked for when it's its turn, in another thread; if that raises a
        GradingError, its sentence is the answer. Raises GradingError when the cluster vanishes.
        """
        found: queue.SimpleQueue[Found] = queue.SimpleQueue()
        pump = asyncio.run_coroutine_threadsafe(self._pump(jobs, found), self._loop)
        again: list[int] = []
        try:
            while (arrived := found.get()) is not None:
                if isinstance(arrived, GradingError):
                    raise arrived
                for place, answer in self._answers(arrived):
                    if "trouble" in answer and place not in arrived.troubles and self._here:
                        again.append(place)
                    else:
                        yield place, answer
                self._loop.call_soon_threadsafe(arrived.taken.set)
        finally:
            pump.cancel()
        yield from self._alone(jobs, again)

    def _answers(self, arrived: Arrived) -> Iterator[tuple[int, Json]]:
        for place, sentence in arrived.troubles.items():
            yield place, {"trouble": sentence}
        if arrived.text is None:
            lost = {
                "trouble": "Each worker that graded it died. `grader grade` without --cluster "
                "says more, on a machine that can seal it off."
            }
            yield from ((place, lost) for place in arrived.places)
        elif arrived.places:
            told = json.loads(arrived.text)
            self._levels.add(Level(told["level"]))
            for place, answer in zip(arrived.places, told["answers"], strict=True):
                yield place, {**answer, "level": told["level"]}

    def _alone(self, jobs: Sequence[Json], places: list[int]) -> Iterator[tuple[int, Json]]:
        """Examine on this machine, one after the other, what the cluster has no result for."""
        if places and self._here:
            with self._here() as crew:
                for number, answer in crew.examine(Jobs(places, jobs.__getitem__)):
                    yield places[number], answer

    async def _pump(self, jobs: Sequence[Json], found: queue.SimpleQueue[Found]) -> None:
        flow = Flow(jobs, self._submit, self._count, found, patience=self._patience)
        try:
            await flow.run()
            found.put(None)
        except GradingError as error:
            found.put(GradingError(f"{self._none_there(str(error))} {_AGAIN}"))
        except (OSError, CancelledError, RuntimeError) as error:
            found.put(
                GradingError(
                    f"The cluster at {self._address.url} is gone ({_in_a_line(error)}). What was "
                    f"graded is kept. Start the cluster again. {_AGAIN}"
                )
            )
        except Exception as error:  # noqa: BLE001 - else the other thread would wait for ever
            found.put(GradingError(f"The cluster failed ({_in_a_line(error)}). {_AGAIN}"))
        finally:
            await flow.stop()

    async def _submit(self, text: str) -> str:
        from distributed.scheduler import KilledWorker

        from grader.grading.cluster.station import examine_chunk

        for left in reversed(range(_TRIES)):
            key = f"grader-{self._client.id}-{next(self._numbers)}"
            future = self._client.submit(examine_chunk, text, key=key, pure=False)
            try:
                return str(await future)
            except KilledWorker as error:
                raise ChunkLost from error
            except _NO_SUCH_CODE:
                if not left:
                    raise
                await self._retire_strangers()
            finally:
                future.release()
        raise AssertionError("one of the tries returns or raises")

    async def _count(self) -> int:
        threads = await asyncio.wait_for(self._client.scheduler.ncores_running(), _ANSWER_WITHIN)
        return sum(threads.values())

    async def _connect(self) -> None:
        from distributed import Client

        from grader.grading.cluster.station import CLIENT, NAME, REFUSED, other_clients

        url = self._address.url
        security = self._address.security()
        try:
            with warnings.catch_warnings():
                # Another version of a package that counts is named by the worker itself.
                warnings.simplefilter("ignore")
                self._client = await Client(
                    url,
                    security=security,
                    asynchronous=True,
                    timeout=_CONNECT_WITHIN,
                    name=CLIENT,
                    direct_to_workers=True,
                )
            await self._refuse_open_cluster()
            others = await self._client.run_on_scheduler(other_clients, self._client.id)
        except _NO_SUCH_CODE as error:
            raise GradingError(
                f"The scheduler at {url} cannot load this grader ({_in_a_line(error)}). Start it "
                "in an environment with the same course installed."
            ) from error
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            raise GradingError(
                f"No cluster answers at {url} ({_in_a_line(error)}). Is it running, and is this "
                "the right address and certificate? `grader cluster lab.json` starts one."
            ) from error
        if others:
            raise GradingError(
                f"Somebody else is grading on the cluster at {url}. Wait for that to end, or start "
                "another cluster."
            )
        self._client.subscribe_topic(REFUSED, lambda event: self._refused.append(str(event[1])))
        self._is_registered = True
        with suppress(*_NO_SUCH_CODE):
            await self._client.register_plugin(self._station(), name=NAME)
        await self._retire_strangers()
        await self._wait_for_a_worker()

    def _station(self) -> Any:
        """Return what runs on each worker."""
        from grader.grading.cluster.station import Station

        return Station(version_of(self._course), self._limits)

    async def _refuse_open_cluster(self) -> None:
        """Refuse one that is open although it's reached by a closed door, such as a tunnel."""
        told = await self._client.scheduler.identity()
        urls = [str(told["address"]), *map(str, await self._client.scheduler.ncores())]
        if self._address.url.startswith(TCP):
            for each in urls:
                if not is_closed(each):
                    refuse_open(each)

    async def _wait_for_a_worker(self) -> None:
        until = time.monotonic() + self._patience
        while not await self._count():
            if time.monotonic() > until:
                raise GradingError(
                    self._none_there(f"no worker came within {self._patience:.0f} s")
                )
            await asyncio.sleep(0.1)

    def _none_there(self, why: str) -> str:
        said = f"The cluster at {self._address.url} has no workers: {why}. "
        if self._refused:
            return f"{said}Refused: {'; '.join(dict.fromkeys(self._refused))}."
        return (
            f"{said}Start some, with the same course installed: `grader worker lab.json`, or dask "
            f"worker {self._address.url}"
        )

    async def _retire_strangers(self) -> None:
        """Close the workers that cannot import the grader."""
        from grader.grading.cluster.station import can_grade

        told = await self._client.run(can_grade, on_error="return")
        lost = {each: error for each, error in told.items() if isinstance(error, _NO_SUCH_CODE)}
        self._refused += [f"{each} has no grader ({error})" for each, error in lost.items()]
        if lost:
            await self._client.retire_workers(list(lost), close_workers=True)

    async def _close(self) -> None:
        if self._client is None:
            return
        from grader.grading.cluster.station import NAME

        # What still waits for an answer is told to nobody.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        # A cluster that is gone needs no farewell.
        with suppress(Exception):
            if self._is_registered and self._client.status == "running":
                farewell = self._client.unregister_worker_plugin(NAME)
                await asyncio.wait_for(farewell, _CLOSE_WITHIN)
        with suppress(Exception):
            await asyncio.wait_for(self._client.close(timeout=_CLOSE_WITHIN), 2 * _CLOSE_WITHIN)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for each in rest:
            each.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    def _do(self, work: Coroutine[Any, Any, _Made]) -> _Made:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _in_a_line(error: BaseException) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
