"""Run a learner's coroutine to its end, also where an event loop is already running.

A notebook's cell runs inside the kernel's loop, where no other may be started; so does a check in
that cell. There the coroutine gets a thread with a loop of its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any


def run_to_end(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine returns, or raise what it raises.

    An interrupt while it runs in its thread cancels it, and is raised here.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    return _Thread(coroutine).wait()


class _Thread:
    """Run one coroutine in a thread with a loop of its own."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self._value: Any = None
        self._error: BaseException | None = None
        self._loop = asyncio.new_event_loop()
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
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                self._value = runner.run(self._coroutine)
        except BaseException as error:  # noqa: BLE001 - it is raised again where it was waited for
            self._error = error

    def _cancel(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
