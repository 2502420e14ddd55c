"""When tools run: one after another, and together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from grader.errors import WidgetError


@dataclass(frozen=True)
class Run:
    """Hold one tool's run; start, end: seconds after the first one began."""

    name: str
    start: float
    end: float


@dataclass(frozen=True)
class Schedule:
    """Hold the same tools run in two ways."""

    one_after_another: tuple[Run, ...]
    together: tuple[Run, ...]

    @property
    def sum(self) -> float:
        """Return how long they take one after another, in seconds."""
        return self.one_after_another[-1].end

    @property
    def longest(self) -> Run:
        """Return the run that the others wait for."""
        return max(self.together, key=lambda run: run.end)


def plan(durations: Any) -> Schedule:
    """Return when each tool starts and ends; durations: seconds by the tool's name.

    Raises WidgetError for anything else than a dict of such numbers.
    """
    if not isinstance(durations, dict) or not durations:
        raise WidgetError(
            f"parallel_tools takes a dict of seconds by name, and this is {durations!r:.80}. "
            'Expected something like {"get_weather": 1.2, "get_time": 0.4}.'
        )
    runs, together, start = [], [], 0.0
    for name, seconds in durations.items():
        if not _is_duration(seconds):
            raise WidgetError(
                f"The duration of {name!r} is {seconds!r:.80}. Expected seconds, 0 or more."
            )
        runs.append(Run(str(name), start, start + seconds))
        together.append(Run(str(name), 0.0, float(seconds)))
        start += seconds
    return Schedule(tuple(runs), tuple(together))


def _is_duration(seconds: Any) -> bool:
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return is_number and math.isfinite(seconds) and seconds >= 0
