"""Threads where Python has none, as in a browser: their work is done at once, one after the other.

A kernel in the browser runs in a single thread of WebAssembly; `Thread.start` raises RuntimeError
there. So a thread does all its work when it is started, and a pool's job when it is submitted.
Results, errors and order are those of real threads that happen to be quick. What can't work is work
that waits for another thread to go on: it would wait for ever, as in any single thread. A pool's
`initializer` isn't called.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from grader.exams.event_loop import running_loop_aside

_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")


def work_at_once() -> None:
    """Let threads and pools of threads do their work when it is given to them."""
    ours: dict[type, dict[str, Callable[..., object]]] = {
        threading.Thread: {"start": _start, "join": _join, "is_alive": _is_alive},
        ThreadPoolExecutor: {"submit": _submit, "shutdown": _shutdown},
    }
    for kind, methods in ours.items():
        for name, method in methods.items():
            setattr(kind, name, method)


def _start(thread: threading.Thread) -> None:
    """Do all work of a thread; an error goes where errors of threads go."""
    if _has_run(thread):
        raise RuntimeError("threads can only be started once")
    thread._started.set()  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        with running_loop_aside():
            thread.run()
    except SystemExit:
        # Ends a thread quietly, as `Thread` documents.
        return
    except Exception:  # noqa: BLE001 - as in any thread
        threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), thread)))


def _join(thread: threading.Thread, timeout: float | None = None) -> None:  # noqa: ARG001
    """Return at once: the thread is done."""
    if not _has_run(thread):
        raise RuntimeError("cannot join thread before it is started")


def _is_alive(thread: threading.Thread) -> bool:
    """Return whether a thread is at work: only the one that asks."""
    return thread is threading.main_thread()


def _has_run(thread: threading.Thread) -> bool:
    return bool(thread._started.is_set())  # type: ignore[attr-defined]  # noqa: SLF001


def _submit(
    pool: ThreadPoolExecutor,
    fn: Callable[_Arguments, _Value],
    /,
    *args: _Arguments.args,
    **kwargs: _Arguments.kwargs,
) -> Future[_Value]:
    """Do a job, and return its future, which is done."""
    if pool._shutdown:  # noqa: SLF001
        raise RuntimeError("cannot schedule new futures after shutdown")
    job: Future[Any] = Future()
    try:
        with running_loop_aside():
            job.set_result(fn(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - the future holds it, as in any pool
        job.set_exception(error)
    return job


def _shutdown(pool: ThreadPoolExecutor, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG001, FBT001, FBT002
    """Take no more jobs; all of them are done."""
    pool._shutdown = True  # noqa: SLF001
