"""An event loop that knows when nothing in it can go on.

An event loop asks its selector what has come from outside, and says how long to wait: not at all
while something in the loop can go on, else until the next timer, or for ever. So the selector sees
idleness, without a clock. An idle loop then does the first of these that applies:

    a job in a thread, or a connection, may yet wake the loop   it gets a while, by the clock
    a timer is due before a reply would come                    the time jumps to it
    requests are held back                                      they ask for their replies
    a timer                                                     the time jumps to it
    nothing of all that                                         NothingWakes, after some seconds
"""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_jobs
from types import CoroutineType
from typing import Any, ParamSpec, TypeVar, TypeVarTuple

LATENCY = 1.0
"""How many seconds a reply takes, in the loop's own time, when something else has a timer."""
PATIENCE = 1.0
"""How many seconds a reply first waits for jobs in threads; each vain wait halves the time."""
SILENCE = 2.0
"""After how many silent seconds we call an idle loop stuck."""
SILENCE_WITH_THREADS = 15.0
"""The same if the learner's code has started threads, which may wake the loop."""
TURNS_WITH_REQUESTS = 1_000
"""After how many turns without an idle one a reply comes, for code that polls."""
MOST_TURNS = 500_000
"""After how many turns without a request we call a loop without threads stuck."""

HEAD_START = 0.01
"""How many seconds a job in a thread runs alone, so that short jobs end in order."""

_Parameters = TypeVarTuple("_Parameters")
_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")

_HAS_SOCKETS = sys.platform != "emscripten"
"""Whether Python can connect to itself; in a browser it can't, and has no threads that would."""
_POLL = 0.02
"""How often, in seconds, a request asks in a loop that we can't watch."""
_ASYNCIO = os.path.dirname(asyncio.__file__)


class NothingWakes(BaseException):
    """End a coroutine that waits for something that never comes; where: the waiting functions."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


async def when_quiet() -> None:
    """Return when nothing else in this loop can go on."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, WatchedLoop):
        await loop.when_quiet()
    else:
        # The learner's code made its own loop, which we can't watch.
        await asyncio.sleep(_POLL)


class WatchedLoop(asyncio.SelectorEventLoop):
    """Wake the requests that wait until the loop is idle, and end a loop that is stuck."""

    def __init__(self) -> None:
        self._jumped = 0.0
        self._jobs = 0
        self._held: list[asyncio.Future[None]] = []
        self._held_since = 0.0
        self._turns = 0
        self._patience = PATIENCE
        self._is_closing = False
        self._has_executor = False
        self._threads = set(threading.enumerate())
        self._watch = _Watch(self)
        super().__init__(self._watch)
        self._own_connections = len(self._watch.get_map())

    def _make_self_pipe(self) -> None:
        """Make the connection by which a thread wakes the loop, where there are any."""
        self._has_pipe = _HAS_SOCKETS
        if self._has_pipe:
            super()._make_self_pipe()  # type: ignore[misc]

    def _close_self_pipe(self) -> None:
        if self._has_pipe:
            super()._close_self_pipe()  # type: ignore[misc]

    def _write_to_self(self) -> None:
        if self._has_pipe:
            super()._write_to_self()  # type: ignore[misc]

    def time(self) -> float:
        """Return the loop's own time, which jumps to the next timer when nothing else is left."""
        return super().time() + self._jumped

    async def when_quiet(self) -> None:
        """Return when the loop is idle, or spins."""
        self._held.append(self.create_future())
        self._held_since = self.time()
        self._turns = 0
        await self._held[-1]

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*_Parameters], _Value], *args: *_Parameters
    ) -> asyncio.Future[_Value]:
        """Run a function in a thread, and remember that it may wake the loop until it is done."""
        if executor is None and not self._has_executor:
            # Only now: a loop with an executor starts a thread to end it. By this name `_is_alone`
            # knows asyncio's own threads.
            self.set_default_executor(_InOrder(thread_name_prefix="asyncio"))
            self._has_executor = True
        future = super().run_in_executor(executor, func, *args)
        self._jobs += 1
        future.add_done_callback(self._end_job)
        return future

    def _end_job(self, _future: object) -> None:
        self._jobs -= 1

    async def shutdown_asyncgens(self) -> None:
        """Close what is left, unwatched: ending a thread may take any time."""
        self._is_closing = True
        await super().shutdown_asyncgens()

    def wait(self, timeout: float | None) -> list[Any]:
        """Return what comes from outside, after `timeout` seconds at most; None waits for ever."""
        if self._is_closing:
            return self._watch.wait(timeout)
        self._turns += 1
        comes = self._watch.wait(0)
        if comes:
            return comes
        if timeout is None or timeout > 0:
            return self._idle(timeout)
        if self._held and self._turns > TURNS_WITH_REQUESTS:
            self._release()
        elif self._turns > MOST_TURNS and self._is_alone:
            raise NothingWakes(self._where())
        return []

    def _idle(self, timeout: float | None) -> list[Any]:
        """Do what the module's table says for an idle loop."""
        if self._is_awaited:
            if not self._held:
                return self._watch.wait(timeout)
            patience = self._patience if timeout is None else min(timeout, self._patience)
            comes = self._watch.wait(patience)
            if not comes and patience == self._patience:
                self._patience /= 2
                self._release()
            return comes
        if self._held and (timeout is None or self.time() + timeout > self._held_since + LATENCY):
            self._release()
            return []
        if timeout is not None:
            return self._jump(timeout)
        comes = self._watch.wait(SILENCE if self._is_alone else SILENCE_WITH_THREADS)
        if not comes:
            raise NothingWakes(self._where())
        return comes

    def _jump(self, timeout: float) -> list[Any]:
        if not self._is_alone:
            return self._watch.wait(timeout)
        if self._turns > MOST_TURNS:
            raise NothingWakes(self._where())
        self._jumped += timeout
        return []

    @property
    def _is_awaited(self) -> bool:
        """Return whether a thread's job or a connection other than its own may wake the loop."""
        return self._jobs > 0 or len(self._watch.get_map()) > self._own_connections

    @property
    def _is_alone(self) -> bool:
        """Return whether there are only the threads from the start and asyncio's idle ones."""
        new = set(threading.enumerate()) - self._threads
        own = all(each.name.startswith("asyncio") for each in new - {threading.current_thread()})
        return own and not self._is_awaited

    def _release(self) -> None:
        held, self._held, self._turns = self._held, [], 0
        for future in held:
            if not future.done():
                future.set_result(None)

    def _where(self) -> str:
        """Return, in words, what the tasks wait for, and in which functions."""
        tasks = asyncio.all_tasks(self)
        places = {_place(task.get_coro()) for task in tasks}
        # A task that waits for other tasks isn't the one that is stuck.
        places = {place for place in places if place[0]} or places
        return ", ".join(sorted(" in ".join(filter(None, place)) for place in places))


class _InOrder(ThreadPoolExecutor):
    """Run jobs in threads, so that short jobs end in the order they began.

    The SDK asks a thread for the platform before the first request of each client; which of several
    requests arrives first must not depend on which thread is faster.
    """

    def submit(
        self,
        fn: Callable[_Arguments, _Value],
        /,
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> Future[_Value]:
        job = super().submit(fn, *args, **kwargs)
        wait_for_jobs([job], timeout=HEAD_START)
        return job


class _Watch(selectors.DefaultSelector):
    """Let the loop decide how to wait."""

    def __init__(self, loop: WatchedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        return self._loop.wait(timeout)

    def wait(self, timeout: float | None) -> list[Any]:
        return super().select(timeout)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return super().get_map() or {}


def _place(coroutine: Any) -> tuple[str, str]:
    """Return what a coroutine waits in, such as "Semaphore.acquire", and where, such as "one"."""
    theirs = inner = ""
    while type(coroutine) is CoroutineType:
        name = coroutine.cr_code.co_qualname
        if coroutine.cr_code.co_filename.startswith(_ASYNCIO):
            inner = inner or name
        else:
            theirs, inner = name.rpartition(".")[2], ""
        coroutine = coroutine.cr_await
    return inner, theirs
