"""A crew of workers: processes that examine a class's notebooks side by side, in warm kernels.

Each worker has a thread here that hands it one job after the other. JSON goes between them.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, TypeVar

from grader.errors import GradingError
from grader.grading.kernels import WarmParent
from grader.grading.sandbox import Level, Limits

Json = Any

_TRIES = 2
"""How often to try a job that its worker dies of."""
_ALONE, _ANEW = "alone", "anew"
"""How a worker asks for a job to be tried again; see `worker`."""
_DIED = "The process that graded it ended ({cause}), and so did a second one."


_Asked = TypeVar("_Asked")


class Jobs(Sequence[Json]):
    """Make each job when it's asked for: together they would take gigabytes.

    asked: what a job is made of, one each. make: makes it.
    """

    def __init__(self, asked: Sequence[_Asked], make: Callable[[_Asked], Json]) -> None:
        self._asked, self._make = asked, make

    def __len__(self) -> int:
        return len(self._asked)

    def __getitem__(self, place: Any) -> Json:
        return self._make(self._asked[place])


class Examiners(Protocol):
    """Examine jobs: a crew of this machine, or a cluster."""

    def examine(self, jobs: Sequence[Json]) -> Iterator[tuple[int, Json]]:
        """Yield each job's answer with the job's place, in the order in which they arrive."""


class Crew:
    """Examine submissions in several processes at once. Use as a context manager.

    Entering it waits for nothing: workers and their kernels' warm parent start side by side, which
    is most of the time that a small class takes, and `examine` waits for them.

    course: the repository. level, limits: of the kernels. jobs: how many processes.
    log: where the processes write their messages.
    """

    def __init__(
        self, course: Path, level: Level, limits: Limits, *, jobs: int, log: IO[bytes]
    ) -> None:
        self._course = course
        self._level = level
        self._limits = limits
        self._jobs = jobs
        # The notebook's own deadline comes first; this is for a worker that is stuck itself.
        self._seconds = 2 * limits.notebook_seconds * max(limits.patience, 1) + 60
        self._log = log
        self._workers: list[_Worker] = []
        self._is_over = False
        self._stack = ExitStack()
        self._renewing = threading.Lock()

    def __enter__(self) -> Crew:
        with ExitStack() as stack:
            self._parents = stack.enter_context(ExitStack())
            self._warm = self._new_parent()
            stack.callback(self._end)
            self._workers += [self._start() for _ in range(self._jobs)]
            self._stack = stack.pop_all()
        return self

    def _new_parent(self) -> WarmParent:
        parent = WarmParent(self._level, self._limits, in_background=True)
        return self._parents.enter_context(parent)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _end(self) -> None:
        # Set first: a waiting thread would take its worker's end for a crash.
        self._is_over = True
        for worker in self._workers:
            worker.end()

    def wait_until_ready(self) -> None:
        """Wait for the warm parent; raises GradingError when it could not start."""
        self._warm.wait_until_ready()

    def examine(self, jobs: Sequence[Json]) -> Iterator[tuple[int, Json]]:
        """Yield each job's answer with the job's place, in the order in which they arrive.

        jobs: each is asked for when it's its turn, in a worker's thread; if that raises a
        GradingError, its sentence is the answer. Raises GradingError when the warm parent could
        not start.
        """
        self.wait_until_ready()
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        found: queue.SimpleQueue[tuple[int, Json]] = queue.SimpleQueue()
        again: list[int] = []
        for place in range(len(jobs)):
            waiting.put(place)

        def serve(at: int) -> None:
            while True:
                try:
                    place = waiting.get_nowait()
                except queue.Empty:
                    return
                found.put((place, self.answer(at, jobs, place)))

        for at in range(self._jobs):
            threading.Thread(target=serve, args=(at,), daemon=True).start()
        for _ in range(len(jobs)):
            place, answer = found.get()
            if answer.get("try") == _ALONE:
                again.append(place)
            else:
                yield place, answer
        # Now no other submission is examined at the same time.
        for place in again:
            yield place, self.answer(0, jobs, place)

    def answer(self, at: int, jobs: Sequence[Json], place: int) -> Json:
        """Return the answer to the job in a place, by the worker `at`, which has no other one."""
        try:
            job = jobs[place]
        except GradingError as error:
            return {"trouble": str(error)}
        cause, answer = "", None
        for _ in range(_TRIES):
            worker = self._workers[at]
            answer = worker.answer(job, seconds=self._seconds)
            if answer is not None and answer.get("try") != _ANEW:
                return answer
            if self._is_over:
                break
            cause = worker.end()
            self._renew_parent()
            self._workers[at] = self._start()
        return answer or {"trouble": _DIED.format(cause=cause)}

    def _renew_parent(self) -> None:
        """Start a new warm parent if the last one is gone; the first thread to notice does it."""
        with self._renewing:
            if not self._is_over and not self._warm.is_alive:
                self._warm = self._new_parent()
                self._warm.wait_until_ready()

    def _start(self) -> _Worker:
        settings = {
            "course": str(self._course),
            "warm": self._warm.address,
            "limits": asdict(self._warm.limits),
        }
        return _Worker(settings, self._log)


class _Worker:
    """Talk to one process."""

    def __init__(self, settings: Json, log: IO[bytes]) -> None:
        self._process = subprocess.Popen(
            # -P: a json.py in the current folder must not be imported.
            [sys.executable, "-P", "-m", "grader.grading.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            # Ctrl+C reaches only the command, which ends its workers itself.
            start_new_session=sys.platform != "win32",
        )
        self._is_stuck = False
        self._send(settings)

    def answer(self, job: Json, *, seconds: float) -> Json | None:
        """Return a job's answer, or None if the process died of it."""
        watch = threading.Timer(seconds, self._kill_stuck)
        watch.start()
        try:
            self._send(job)
            assert self._process.stdout is not None
            return json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            return None
        finally:
            watch.cancel()

    def end(self) -> str:
        """End the process, and say how it ended."""
        code = self._process.poll()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # What is still in the buffer has nowhere to go.
                try:
                    pipe.close()
                except OSError:
                    continue
        return "it was stuck" if self._is_stuck else f"exit code {code}"

    def _send(self, value: Json) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(value) + "\n")
            self._process.stdin.flush()
        except OSError:
            # It is gone already; the caller that waits for its answer notices.
            return

    def _kill_stuck(self) -> None:
        self._is_stuck = True
        self._process.kill()
