"""Parallel tools: the same tools one after another, a few at a time, and together, over time."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from grader.classroom.showing import Drawn, Shown
from grader.errors import WidgetError
from grader.look import FIGURE, LINE, Segment, bar


@dataclass(frozen=True)
class ToolRun:
    """Hold one tool's run; start, end: seconds after the first one began."""

    name: str
    start: float
    end: float


@dataclass(frozen=True)
class Schedule:
    """Hold the same tools' runs in each way; few_at_a_time: none if there is no limit to show."""

    one_after_another: tuple[ToolRun, ...]
    together: tuple[ToolRun, ...]
    few_at_a_time: tuple[ToolRun, ...] = ()
    limit: int = 0

    @property
    def sum(self) -> float:
        """Return how long they take one after another, in seconds."""
        return self.one_after_another[-1].end

    @property
    def longest(self) -> ToolRun:
        """Return the run that the others wait for."""
        return max(self.together, key=lambda run: run.end)


def plan(durations: Any, limit: int | None = None) -> Schedule:
    """Return when each tool starts and ends.

    durations: seconds by the tool's name. limit: how many a semaphore lets through at a time.
    Raises WidgetError for anything but a dict of such numbers, and for a limit below 1.
    """
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise WidgetError(f"at_once is {limit!r:.80}. Expected a whole number, 1 or more.")
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
        runs.append(ToolRun(str(name), start, start + seconds))
        together.append(ToolRun(str(name), 0.0, float(seconds)))
        start += seconds
    few = _gated(together, limit) if limit else ()
    return Schedule(tuple(runs), tuple(together), few, limit or 0)


def _gated(together: Sequence[ToolRun], limit: int) -> tuple[ToolRun, ...]:
    """Return the runs behind a gate of so many places: each starts when a place gets free."""
    free = [0.0] * limit
    runs = []
    for run in together:
        start = heapq.heappop(free)
        runs.append(ToolRun(run.name, start, start + run.end))
        heapq.heappush(free, start + run.end)
    return tuple(runs)


def _is_duration(seconds: Any) -> bool:
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return is_number and math.isfinite(seconds) and seconds >= 0


_COLUMNS = 40
"""The width of the chart in plain text, in characters."""


def parallel_tools(durations: Mapping[str, float], *, at_once: int | None = None) -> Shown:
    """Show tools, or requests, run one after another and together.

    durations: seconds by name. at_once: show also how they run if a semaphore lets only so many
    through at a time. Raises WidgetError for anything else.
    """
    schedule = plan(durations, at_once)
    return Drawn(_text(schedule), _html(schedule))


def _groups(schedule: Schedule) -> Iterator[tuple[str, tuple[ToolRun, ...]]]:
    """Yield a sentence and the runs for each way."""
    full, last = schedule.sum, schedule.longest
    yield f"One after another: {_time(full, full)} in all.", schedule.one_after_another
    if schedule.few_at_a_time:
        end = max(run.end for run in schedule.few_at_a_time)
        title = f"{schedule.limit} at a time: {_time(end, full)} in all."
        yield title, schedule.few_at_a_time
    yield (
        f"All together: {_time(last.end, full)}, as long as the slowest one, {last.name}.",
        schedule.together,
    )


def _gain(schedule: Schedule) -> str:
    saved = schedule.sum - schedule.longest.end
    if not saved:
        return "Running them together saves no time here."
    return f"Running all together saves {_time(saved, schedule.sum)}."


def _time(seconds: float, full: float) -> str:
    """Return a time in the unit that suits the whole chart."""
    return f"{seconds:.2f} s" if full >= 1 else f"{seconds * 1000:.0f} ms"


def _span(run: ToolRun, full: float) -> str:
    return f"{_time(run.start, full)} to {_time(run.end, full)}"


def _text(schedule: Schedule) -> str:
    lines = []
    for title, runs in _groups(schedule):
        lines += [title, *_lines(runs, schedule.sum), ""]
    return "\n".join([*lines, _gain(schedule)])


def _lines(runs: Sequence[ToolRun], full: float) -> Iterator[str]:
    names = max(len(run.name) for run in runs)
    spans = max(len(_span(run, full)) for run in runs)
    scale = _COLUMNS / (full or 1)
    for run in runs:
        before = round(run.start * scale)
        drawn = "█" * (round(run.end * scale) - before)
        yield f"  {run.name:<{names}}  {_span(run, full):>{spans}}  {' ' * before}{drawn}"


def _html(schedule: Schedule) -> str:
    full = schedule.sum
    parts = []
    for title, runs in _groups(schedule):
        rows = "".join(_row(run, full) for run in runs)
        parts.append(
            f'<p style="margin:12px 0 2px"><strong>{escape(title)}</strong></p>'
            f'<ul style="margin:0;padding:0;list-style:none">{rows}</ul>'
        )
    return (
        f'<div style="{FIGURE}"><p class="answer" style="font-size:20px;font-weight:600;margin:0">'
        f"{escape(_gain(schedule))}</p>{''.join(parts)}{_axis(full)}</div>"
    )


_NAMES = "flex:0 0 16em"
_BARS = "flex:1 1 14em"


def _row(run: ToolRun, full: float) -> str:
    segments = (Segment(run.start, ""), Segment(run.end - run.start, "run"))
    return (
        '<li style="display:flex;flex-wrap:wrap;align-items:center;padding:2px 0">'
        f'<span style="{_NAMES}"><code>{escape(run.name)}</code> '
        f'<span style="white-space:nowrap">{_span(run, full)}</span></span>'
        f'<div style="{_BARS};border-left:1px solid {LINE};border-right:1px solid {LINE}">'
        f"{bar(segments, full=full or 1, height=18)}</div></li>"
    )


def _axis(full: float) -> str:
    """Return the one time axis of all bars."""
    ends = (
        '<div aria-hidden="true" style="display:flex;justify-content:space-between;font-size:12px">'
        f"<span>{_time(0, full)}</span><span>{_time(full, full)}</span></div>"
    )
    return (
        '<div style="display:flex;flex-wrap:wrap">'
        f'<span style="{_NAMES}"></span><div style="{_BARS}">{ends}</div></div>'
    )
