"""A clock for deadlines that a busy machine, or a greedy neighbour, cannot make come early.

It stands still while the kernel, or the process that waits for it, could run but gets no processor:
Linux says how long. It runs faster than the wall clock while several of the kernel's threads work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from grader.grading.kernels.usage import waited

Times = Mapping[str, float]

_LEAST = 0.01
"""Shorter times count as none, in seconds."""


@dataclass(frozen=True)
class _Reading:
    wall: float
    used: float
    waited: float
    waited_here: float


class FairClock:
    """Measure how much time a kernel has had, in seconds since this was made.

    ask: returns `usage.times_of` for the kernel, or None if it is gone. Asking costs a message, so
    `now` goes by the wall clock since the last `measure`.
    """

    def __init__(self, ask: Callable[[], Times | None]) -> None:
        self._ask = ask
        self._fair = 0.0
        self._last = _Reading(monotonic(), 0.0, 0.0, waited(os.getpid()))

    def now(self) -> float:
        """Return the time, as if nothing had been kept waiting since the last `measure`."""
        return self._fair + monotonic() - self._last.wall

    def measure(self) -> float:
        """Return the time that the kernel really had."""
        times = self._ask()
        if times is None:
            return self.now()
        last = self._last
        self._last = _Reading(monotonic(), times["used"], times["waited"], waited(os.getpid()))
        kept = self._last.waited - last.waited + self._last.waited_here - last.waited_here
        self._fair += max(self._last.used - last.used, self._last.wall - last.wall - kept, 0.0)
        return self._fair


class Deadline:
    """Hold when something must end, by a fair clock.

    seconds: from now on. patience: how many times as long it may take by the wall clock.
    """

    def __init__(self, clock: FairClock, *, seconds: float, patience: float) -> None:
        self._clock = clock
        self._at = clock.now() + seconds
        self._wall_at = monotonic() + seconds * max(patience, 1)

    @property
    def wait_until(self) -> float:
        """Return when to look again, by `time.monotonic`."""
        return monotonic() + max(0.0, self._at - self._clock.now())

    def more(self) -> float:
        """Return how many more seconds there are, now that `wait_until` has come; 0 for none."""
        left = self._at - self._clock.measure()
        if left <= _LEAST or self._is_over:
            return 0.0
        return min(left, self._wall_at - monotonic())

    @property
    def was_starved(self) -> bool:
        """Return whether it ended by the wall clock, with some of its fair time left."""
        return self._is_over and self._at - self._clock.now() > _LEAST

    @property
    def _is_over(self) -> bool:
        return monotonic() >= self._wall_at
