"""Time two things in turns, so that what slows the machine slows both, and put it in a row."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Hold one line of the table as it is printed; a column that does not apply is empty."""

    what: str
    base: str = ""
    ours: str = ""
    ratio: str = ""
    goal: str = ""

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.what:<64} {self.base:>10} {self.ours:>10} {self.ratio:>6} {self.goal:>8}"


HEADING = Row("what", "base", "ours", "ratio", "goal")


def in_turns(
    base: Callable[[], object], ours: Callable[[], object], *, rounds: int
) -> tuple[float, float]:
    """Return the median seconds of each, after one round that does not count."""
    timings: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for index, run in enumerate((base, ours)):
            start = time.perf_counter()
            run()
            if number:
                timings[index].append(time.perf_counter() - start)
    return statistics.median(timings[0]), statistics.median(timings[1])


def pair(what: str, base: float, ours: float, *, goal: float) -> Row:
    """Return the row of two timings in seconds, and of the highest ratio that is promised."""
    return Row(what, milliseconds(base), milliseconds(ours), f"{ours / base:.2f}", f"<= {goal:.2f}")


def milliseconds(seconds: float) -> str:
    """Return a time as the table shows it."""
    return f"{seconds * 1000:.2f}ms"
