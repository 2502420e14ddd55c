"""Back-off timeline: who comes back when, on one axis of time, in four ways of trying again.

A thin line for each client, from its first request to its answer; marks on it are requests. Below
it, on the same axis, columns count the requests of each second.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.classroom.widgets.backoff_runs import (
    WAYS,
    BackoffRun,
    Policy,
    World,
    make_world,
    play,
    wait_before_next,
)
from grader.classroom.widgets.live import make_live, redraw
from grader.classroom.widgets.parts import sentence
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import answer
from grader.errors import WidgetError
from grader.look import QUIET, button, choices, fold, row, style_sheet, swatch, themed
from grader.plural import counted

_ROWS = 24
"""The most time steps in a chart."""
_LETTERS = 40
"""The width of the chart in plain text, in characters."""
_CLIENTS_SHOWN = 3
_LEGEND = {"run": "answered", "refused": "refused", "lost": "gives up"}
_LANES, _COLUMNS = 180, 72
"""How high the lanes and the columns are drawn, in pixels."""
_MARK = 0.006
"""How wide a request is drawn, as a share of the axis."""
_TICKS = 8
_PAUSE = 0.25
"""The seconds between two steps of a play."""


def backoff_timeline(policy: Policy = wait_before_next, **world: float) -> Playable:
    """Show who comes back when, after an API has refused many clients at the same moment.

    policy: returns the seconds to wait, from the number of the attempt (1 first), retry-after
        (seconds or None), and a function like random.random; lesson 08's unless given.
    world: clients, outage (seconds), capacity (answers a second), attempts, seed.
    Raises WidgetError if the policy or a number makes no sense.
    """
    if not callable(policy):
        raise WidgetError(
            f"policy is {policy!r:.80}. Expected a function of (attempt, retry_after, rng) that "
            "returns the seconds to wait."
        )
    met = make_world(world)
    runs = [play(way, met, policy) for way in WAYS]
    return Playable(
        text="\n\n".join([_setting(met), *(_text(run, runs) for run in runs)]),
        html=_whole(runs),
        make_view=lambda: _view(runs),
    )


def _setting(met: World) -> str:
    layers = max(way.layers for way in WAYS)
    return (
        f"{counted(met.clients, 'client')} ask at the same moment. The API refuses everybody for "
        f"{met.outage:g} s, then it answers {met.capacity} per second. Each client makes at most "
        f"{counted(met.attempts, 'attempt')}. If retries are stacked, each attempt is "
        f"{layers} requests."
    )


def _label(run: BackoffRun) -> str:
    return (
        f"{run.way.name}: {counted(len(run.arrivals), 'request')}, "
        f"{run.answered} of {counted(run.world.clients, 'client')} answered"
    )


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _step(runs: Sequence[BackoffRun]) -> int:
    """Return how many seconds a column stands for, the same in all charts."""
    return max(1, math.ceil((max(run.end for run in runs) + 1) / _ROWS))


def _rows(run: BackoffRun, step: int) -> Iterator[tuple[str, int, int]]:
    """Yield the time, the answered and the refused of each row."""
    for at, (answered, refused) in enumerate(run.in_steps(step)):
        yield f"{at * step} s", answered, refused


def _most(runs: Sequence[BackoffRun]) -> int:
    step = _step(runs)
    return max(answered + refused for run in runs for _, answered, refused in _rows(run, step))


def _clients(run: BackoffRun) -> Iterator[str]:
    """Yield what each of the first clients does, in a line."""
    for client in range(min(_CLIENTS_SHOWN, run.world.clients)):
        arrivals = run.of(client)
        times = ", ".join(f"{arrival.time:.1f}" for arrival in arrivals)
        end = "answered" if arrivals[-1].is_answered else "gives up"
        yield f"client {client + 1} asks at {times} s: {end}"


def _text(run: BackoffRun, runs: Sequence[BackoffRun]) -> str:
    step, most = _step(runs), _most(runs)
    lines = [_label(run), *(f"  {line}" for line in _clients(run))]
    for time, answered, refused in _rows(run, step):
        drawn = "█" * round(answered * _LETTERS / most) + "░" * round(refused * _LETTERS / most)
        lines.append(f"  {time:>6} {answered:>4} answered {refused:>4} refused  {drawn}".rstrip())
    return "\n".join(lines)


def _numbers(run: BackoffRun, runs: Sequence[BackoffRun]) -> str:
    """Return what the picture shows as two lists; all that is left where SVG is taken out."""
    plain = f'<ul style="{QUIET};padding:0;list-style:none">'
    clients = "".join(f"<li>{line}</li>" for line in _clients(run))
    rows = "".join(
        f"<li>{time}: {answered} answered, {refused} refused</li>"
        for time, answered, refused in _rows(run, _step(runs))
        if answered or refused
    )
    return fold("In numbers", f"{plain}{clients}</ul>{plain}{rows}</ul>")


def _picture(run: BackoffRun, runs: Sequence[BackoffRun], until: float = math.inf) -> str:
    """Return the picture of a run up to a time, in seconds."""
    full = _step(runs) * math.ceil((max(each.end for each in runs) + 1) / _step(runs))
    outage = 100 * min(1.0, run.world.outage / full)
    caption = f"{counted(run.world.clients, 'client')}, a line each, the first to be done on top"
    down = (
        f'<span style="{themed("color", "orange")};font-weight:600">API down, '
        f"{run.world.outage:g} s</span>"
    )
    return (
        f'<p class="caption" style="margin:8px 0 2px;font-size:12px">{caption}. {down}</p>'
        f"{_lanes(run, full, outage, until)}"
        '<p class="caption" style="margin:8px 0 2px;font-size:12px">'
        f"Requests in each {_step(runs)} s; the dashed line is what the API can answer</p>"
        f"{_columns(run, runs, full, outage, until)}{_axis(full)}"
    )


def _lanes(run: BackoffRun, full: float, outage: float, until: float) -> str:
    ends: dict[int, float] = {}
    times: dict[int, list[tuple[float, bool]]] = {}
    for arrival in run.arrivals:
        ends[arrival.client] = arrival.time
        times.setdefault(arrival.client, []).append((arrival.time, arrival.is_answered))
    order = sorted(ends, key=lambda client: (not times[client][-1][1], ends[client], client))
    width = 100 * _MARK
    paths: dict[str, list[str]] = {"wait": [], "refused": [], "run": [], "lost": []}
    for lane, client in enumerate(order):
        visits = [visit for visit in times[client] if visit[0] <= until]
        if not visits:
            continue
        last = visits[-1][0]
        paths["wait"].append(f"M0 {lane}h{100 * last / full:.2f}v1H0z")
        for number, (time, is_answered) in enumerate(visits):
            is_end = number + 1 == len(times[client])
            kind = "run" if is_answered else "lost" if is_end else "refused"
            paths[kind].append(f"M{100 * time / full:.2f} {lane}h{width:.2f}v1h-{width:.2f}z")
    hues = {"refused": "orange", "run": "act", "lost": "red"}
    drawn = f'<path d="{"".join(paths["wait"])}" style="{themed("fill", "grey")};opacity:.18"/>'
    drawn += "".join(
        f'<path d="{"".join(paths[kind])}" style="{themed("fill", hue)}"/>'
        for kind, hue in hues.items()
    )
    return _svg(f"{_down(outage, run.world.clients)}{drawn}", run.world.clients, _LANES)


def _columns(
    run: BackoffRun, runs: Sequence[BackoffRun], full: float, outage: float, until: float
) -> str:
    step, most = _step(runs), _most(runs)
    width = 100 * step / full
    parts = []
    for at, (answered, refused) in enumerate(run.in_steps(step)):
        if at * step > until:
            break
        x = at * width
        parts += [
            (
                f'<rect x="{x:.2f}" y="{most - answered - refused}" width="{width * 0.9:.2f}" '
                f'height="{refused}" style="{themed("fill", "orange")};opacity:.75"/>'
            ),
            (
                f'<rect x="{x:.2f}" y="{most - answered}" width="{width * 0.9:.2f}" '
                f'height="{answered}" style="{themed("fill", "act")}"/>'
            ),
        ]
    able = most - min(most, run.world.capacity * step)
    line = (
        f'<path d="M{outage:.2f} {able}H100" fill="none" stroke="currentColor" '
        'stroke-dasharray="4 3" vector-effect="non-scaling-stroke"/>'
    )
    return _svg(f"{_down(outage, most)}{''.join(parts)}{line}", most, _COLUMNS)


def _down(outage: float, height: float) -> str:
    wash = themed("fill", "orange")
    return f'<rect width="{outage:.2f}" height="{height}" style="{wash};opacity:.1"/>'


def _svg(inside: str, height: float, pixels: int) -> str:
    # Stretched to the width there is; letters stand outside it, so that they keep their size.
    return (
        f'<svg viewBox="0 0 100 {height}" preserveAspectRatio="none" aria-hidden="true" '
        f'style="display:block;width:100%;height:{pixels}px;border-bottom:1px solid">{inside}</svg>'
    )


_LEAST_TICK = 0.08
"""How much of the axis a tick needs for its words, on a phone."""


def _axis(full: float) -> str:
    step = max(1, math.ceil(full / _TICKS))
    ticks = ""
    for at in range(0, math.ceil(full), step):
        share = min(step, full - at) / full
        words = f"{at} s" if share > _LEAST_TICK else ""
        ticks += f'<span style="flex:0 0 {100 * share:.2f}%">{words}</span>'
    return f'<div aria-hidden="true" style="display:flex;font-size:12px">{ticks}</div>'


def _legend() -> str:
    each = "".join(
        f'<span style="display:inline-block;padding-right:1em">{swatch(pattern)} {words}</span>'
        for pattern, words in _LEGEND.items()
    )
    return f'<p style="{QUIET};font-size:12px">{each}</p>'


def _whole(runs: Sequence[BackoffRun]) -> str:
    charts = "".join(
        f"{sentence(_capital(_label(run)))}{_picture(run, runs)}{_numbers(run, runs)}"
        for run in runs
    )
    return (
        f'<div style="max-width:60em"><p style="{QUIET}">{escape(_setting(runs[0].world))}</p>'
        f"{_legend()}{charts}</div>"
    )


def _view(runs: Sequence[BackoffRun]) -> Any:
    return _TimelineView(runs).view


class _TimelineView:
    """Show one way at a time, all of it or as far as it was played."""

    def __init__(self, runs: Sequence[BackoffRun]) -> None:
        self._runs = runs
        self._at = 0
        self._until = math.inf
        self._play: asyncio.Task[None] | None = None
        self.view = make_live(self._draw, self._hear)

    def _hear(self, name: str, value: str) -> None:
        self._stop()
        match name:
            case "choose":
                self._at, self._until = int(value), math.inf
            case "step":
                self._until = self._next()
            case "play" if value == "go":
                if math.isinf(self._until):
                    self._until = -1.0
                self._play = asyncio.ensure_future(self._go_on())

    def _stop(self) -> None:
        if self._play is not None:
            self._play.cancel()
            self._play = None

    def _next(self) -> float:
        """Return the time of the next step; after the last one all is shown."""
        if math.isinf(self._until):
            return 0.0
        later = self._until + _step(self._runs)
        return math.inf if later > self._runs[self._at].end + 1 else later

    async def _go_on(self) -> None:
        while True:
            self._until = self._next()
            if math.isinf(self._until):
                self._play = None
            redraw(self.view, self._draw)
            if self._play is None:
                return
            await asyncio.sleep(_PAUSE)

    def _draw(self) -> str:
        run = self._runs[self._at]
        said = _label(run) if math.isinf(self._until) else f"{run.way.name}: {self._until:g} s"
        options = {str(at): each.way.name for at, each in enumerate(self._runs)}
        is_playing = self._play is not None
        toggle = button(
            "■ Stop" if is_playing else "▶ Play",
            "play",
            "stop" if is_playing else "go",
            is_primary=True,
        )
        return (
            f"{style_sheet('controls')}{answer(_capital(said), [*map(_label, self._runs)])}"
            f"{choices(options, str(self._at), 'choose', purpose='The way of trying again')}"
            f"{_picture(run, self._runs, self._until)}"
            f"{row(toggle, button(f'Step {_step(self._runs)} s', 'step'))}"
            f"{_legend()}{_numbers(run, self._runs)}"
            f'<p class="caption">{escape(_setting(run.world))}</p>'
        )
