"""Run a learner's coroutine to its end, even while another event loop is running.

A notebook's cell, and so a check in that cell, runs inside the kernel's loop, and asyncio refuses
to start another loop in that thread. A thread of its own would help, but Python in a browser has
none. So the running loop is set aside until the coroutine's own loop is done: it couldn't go on
before the check returns anyway.

The loop is a `WatchedLoop`: it knows when nothing in it can go on. So it sees, without a clock,
which requests are in flight together, and when an `await` waits for something that never comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from grader.exams.watched_loop import WatchedLoop


def run_to_end(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine returns, or raise what it raises.

    Raises NothingWakes if it waits for something that never comes. An interrupt cancels it, and is
    raised here.
    """
    with running_loop_aside(), asyncio.Runner(loop_factory=WatchedLoop) as runner:
        return runner.run(coroutine)


@contextmanager
def running_loop_aside() -> Iterator[None]:
    """Let another loop run in this thread, as if none were running."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        yield
        return
    # asyncio gives these to who writes an event loop: `_set_running_loop` in the documentation of
    # its extension points, `_swap_current_task` since Python 3.12 for loops that start tasks at
    # once. From 3.14 on the current task is the thread's, so it has to step aside too.
    swap = getattr(asyncio.tasks, "_swap_current_task", None)
    task = swap(loop, None) if swap else None
    asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)  # noqa: SLF001
        if swap:
            swap(loop, task)
        # The runner has left this thread without one.
        asyncio.set_event_loop(loop)
