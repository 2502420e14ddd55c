"""Parallel tools: the same tools one after another and together, as a chart of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from grader.classroom.shown import Shown
from grader.classroom.widgets.bars import FIGURE, Segment, bar
from grader.classroom.widgets.schedule import Run, Schedule, plan

_COLUMNS = 40
"""How wide the chart is in plain text, in characters."""


def parallel_tools(durations: Mapping[str, float]) -> Shown:
    """Show tools one after another against together; durations: seconds by the tool's name.

    Raises WidgetError for anything else than such a dict.
    """
    schedule = plan(durations)
    return Shown(_text(schedule), _html(schedule))


def _titles(schedule: Schedule) -> tuple[str, str]:
    longest = schedule.longest
    return (
        f"One after another: {_seconds(schedule.sum)}, the sum of all.",
        f"Together: {_seconds(longest.end)}, as long as the slowest, {longest.name}.",
    )


def _summary(schedule: Schedule) -> str:
    saved = schedule.sum - schedule.longest.end
    return f"Together you wait {_seconds(saved)} less."


def _seconds(amount: float) -> str:
    return f"{amount:.2f} s"


def _span(run: Run) -> str:
    return f"{run.start:.2f} to {run.end:.2f} s"


def _text(schedule: Schedule) -> str:
    lines = []
    for title, runs in zip(_titles(schedule), _groups(schedule), strict=True):
        lines += [title, *(_line(run, runs, schedule.sum) for run in runs), ""]
    return "\n".join([*lines, _summary(schedule)])


def _groups(schedule: Schedule) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    return schedule.one_after_another, schedule.together


def _line(run: Run, runs: Sequence[Run], full: float) -> str:
    name = max(len(each.name) for each in runs)
    span = max(len(_span(each)) for each in runs)
    scale = _COLUMNS / (full or 1)
    before = round(run.start * scale)
    drawn = "█" * max(round(run.end * scale) - before, 1)
    return f"  {run.name:<{name}}  {_span(run):>{span}}  {' ' * before}{drawn}"


def _html(schedule: Schedule) -> str:
    parts = []
    for title, runs in zip(_titles(schedule), _groups(schedule), strict=True):
        rows = "".join(_row(run, schedule.sum) for run in runs)
        parts.append(f"<p><strong>{escape(title)}</strong></p><ul>{rows}</ul>")
    return f'<div style="{FIGURE}">{"".join(parts)}<p>{escape(_summary(schedule))}</p></div>'


def _row(run: Run, full: float) -> str:
    segments = (Segment(run.start, ""), Segment(run.end - run.start, "solid"))
    words = f"<code>{escape(run.name)}</code> {_span(run)}"
    return f"<li>{words}{bar(segments, full=full or 1)}</li>"
