"""Run a learner's coroutine to its end, even while another event loop is running.

A notebook's cell, and so a check in that cell, runs inside the kernel's loop, and Python can't
start another loop in that thread. So the coroutine gets its own thread, with its own loop.

The loop is a `WatchedLoop`: it knows when nothing in it can go on. So it sees, without a clock,
which requests are in flight together, and when an `await` waits for something that never comes.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from grader.exams.watched_loop import WatchedLoop


def run_to_end(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine returns, or raise what it raises.

    Raises NothingWakes if it waits for something that never comes. An interrupt while it runs in
    its thread cancels it, and is raised here.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run(coroutine, WatchedLoop())
    return _Thread(coroutine).wait()


def _run(coroutine: Coroutine[Any, Any, Any], loop: WatchedLoop) -> Any:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(coroutine)


class _Thread:
    """Run one coroutine in its own thread, with its own loop."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self._value: Any = None
        self._error: BaseException | None = None
        self._loop = WatchedLoop()
        # A daemon: a loop that nothing can cancel must not keep the kernel from shutting down.
        self._thread = threading.Thread(target=self._run, name="check", daemon=True)
        self._thread.start()

    def wait(self) -> Any:
        try:
            self._thread.join()
        except KeyboardInterrupt:
            self._loop.call_soon_threadsafe(self._cancel)
            raise
        if self._error is not None:
            raise self._error
        return self._value

    def _run(self) -> None:
        try:
            self._value = _run(self._coroutine, self._loop)
        except BaseException as error:  # noqa: BLE001 - the waiting thread raises it again
            self._error = error

    def _cancel(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
