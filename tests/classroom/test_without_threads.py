"""Threads done at once, as in a browser: results, order and errors are those of real threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom import without_threads
from grader.classroom.without_threads import work_at_once

PATCHED = {
    threading.Thread: ("start", "join", "is_alive"),
    ThreadPoolExecutor: ("submit", "shutdown"),
}
NUMBERS = st.lists(st.integers(-3, 3), max_size=6)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let threads work at once in this test."""
    with monkeypatch.context() as patched:
        for kind, names in PATCHED.items():
            for name in names:
                patched.setattr(kind, name, vars(kind)[name])
        work_at_once()
        yield


def inverse(number: int) -> float:
    """Return one over a number; 0 is an error."""
    return 1 / number


def mapped(numbers: list[int]) -> Any:
    """Return what a pool makes of numbers, or the error it ends with."""
    try:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(inverse, numbers))
    except ZeroDivisionError as error:
        return str(error)


def submitted(numbers: list[int]) -> list[Any]:
    """Return the result or error of each job of a pool."""
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(inverse, number) for number in numbers]
        assert set(as_completed(jobs)) == set(jobs)
    return [(job.exception() and str(job.exception())) or job.result() for job in jobs]


def started(numbers: list[int]) -> list[float]:
    """Return what threads put into a list, in the order of the numbers."""
    found: dict[int, float] = {}

    def work(place: int, number: int) -> None:
        found[place] = number * 2

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(numbers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not any(thread.is_alive() for thread in threads)
    return [found[place] for place in range(len(numbers))]


async def awaited(numbers: list[int]) -> list[float]:
    """Return what asyncio's own pool makes of numbers."""
    return await asyncio.gather(
        *(asyncio.to_thread(lambda each=each: each * 2) for each in numbers)
    )


@given(NUMBERS)
def test_a_pool_or_a_thread_gives_what_a_real_one_gives(numbers):
    """Jobs that need no other thread cannot tell the difference."""
    ways = (mapped, submitted, started, lambda each: asyncio.run(awaited(each)))
    real = [way(numbers) for way in ways]
    kept = {(kind, name): vars(kind)[name] for kind, names in PATCHED.items() for name in names}
    work_at_once()
    try:
        now = [way(numbers) for way in ways]
    finally:
        for (kind, name), method in kept.items():
            setattr(kind, name, method)
    assert now == real


def test_no_thread_is_started(at_once):
    """All work is done in the thread that asks for it."""
    with ThreadPoolExecutor() as pool:
        names = list(pool.map(lambda _: threading.get_ident(), range(3)))
    thread = threading.Thread(target=lambda: names.append(threading.get_ident()))
    thread.start()
    assert set(names) == {threading.get_ident()}


def test_work_may_run_an_event_loop_of_its_own(at_once):
    """A thread has no running loop, though the cell that starts it has one."""

    async def cell() -> int:
        with ThreadPoolExecutor() as pool:
            return pool.submit(asyncio.run, asyncio.sleep(0, 5)).result()

    assert asyncio.run(cell()) == 5


def test_what_a_thread_refuses_is_refused(at_once):
    """A second start, a join before the start, a job after the end."""
    thread = threading.Thread(target=int)
    with pytest.raises(RuntimeError, match="before it is started"):
        thread.join()
    thread.start()
    with pytest.raises(RuntimeError, match="only be started once"):
        thread.start()
    pool = ThreadPoolExecutor()
    pool.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(int)


def test_an_error_in_a_thread_is_told_and_goes_no_further(at_once, monkeypatch):
    """It goes to threading.excepthook, as always; SystemExit ends a thread quietly."""
    told: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    for work in (lambda: inverse(0), lambda: exec("raise SystemExit")):
        threading.Thread(target=work).start()
    assert [each.exc_type for each in told] == [ZeroDivisionError]


def test_threads_stay_as_they_are_where_there_are_any():
    """Nothing is changed outside of a browser."""
    import grader.classroom  # noqa: F401 - what is tested is that the import changes nothing

    assert threading.Thread.start is not without_threads._start
    assert ThreadPoolExecutor.submit is not without_threads._submit
