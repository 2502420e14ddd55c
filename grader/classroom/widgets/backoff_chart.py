"""Back-off timeline: when clients that were refused come back, in four ways of trying again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.classroom.widgets.backoff import (
    WAYS,
    Policy,
    Run,
    make_world,
    play,
    wait_before_next,
)
from grader.classroom.widgets.bars import FIGURE, LINE, QUIET, Segment, bar, swatch
from grader.classroom.widgets.chooser import make_chooser
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_picture, sentence
from grader.classroom.widgets.words import counted
from grader.errors import WidgetError

_ROWS = 24
"""How many steps of time a chart has at most."""
_COLUMNS = 40
"""How wide the chart is in plain text, in characters."""
_CLIENTS_SHOWN = 3
_LEGEND = {"solid": "answered", "hatched": "refused"}


def backoff_timeline(policy: Policy = wait_before_next, **world: float) -> Playable:
    """Show who comes back when, after an API refused many clients in the same moment.

    policy: gives the seconds to wait for the number of the attempt (1 first), what retry-after
        said (seconds or None), and a function like random.random; lesson 08's unless given.
    world: clients, outage (seconds), capacity (answers a second), attempts, seed.
    Raises WidgetError for a policy or a number that makes no sense.
    """
    if not callable(policy):
        raise WidgetError(
            f"policy is {policy!r:.80}. Expected a function of (attempt, retry_after, rng) that "
            "returns the seconds to wait."
        )
    met = make_world(world)
    runs = [play(way, met, policy) for way in WAYS]
    return Playable(
        text="\n\n".join([_setting(runs[0]), *(_text(run, runs) for run in runs)]),
        html=_whole(runs),
        summary=f"{len(runs)} ways of trying again at once",
        make_view=lambda: _view(runs),
    )


def _setting(run: Run) -> str:
    met, layers = run.world, max(way.layers for way in WAYS)
    return (
        f"{counted(met.clients, 'client')} ask in the same moment. The API refuses everybody for "
        f"{met.outage:g} s; then it answers {met.capacity} in each second. Each client makes "
        f"{counted(met.attempts, 'attempt')} at most; where retries are stacked, each attempt is "
        f"{layers} requests."
    )


def _label(run: Run) -> str:
    return (
        f"{run.way.name}: {counted(len(run.arrivals), 'request')}, "
        f"{run.answered} of {counted(run.world.clients, 'client')} answered"
    )


def _step(runs: Sequence[Run]) -> int:
    """Return how many seconds a row stands for, the same in all charts."""
    return max(1, math.ceil((max(run.end for run in runs) + 1) / _ROWS))


def _rows(run: Run, step: int) -> Iterator[tuple[str, int, int]]:
    """Yield the time, the answered and the refused of each row."""
    for at, (answered, refused) in enumerate(run.in_steps(step)):
        yield f"{at * step} s", answered, refused


def _most(runs: Sequence[Run]) -> int:
    step = _step(runs)
    return max(answered + refused for run in runs for _, answered, refused in _rows(run, step))


def _clients(run: Run) -> Iterator[str]:
    """Yield what each of the first clients does, in a line."""
    for client in range(min(_CLIENTS_SHOWN, run.world.clients)):
        arrivals = run.of(client)
        times = ", ".join(f"{arrival.time:.1f}" for arrival in arrivals)
        end = "answered" if arrivals[-1].is_answered else "gives up"
        yield f"client {client + 1} asks at {times} s: {end}"


def _text(run: Run, runs: Sequence[Run]) -> str:
    step, most = _step(runs), _most(runs)
    lines = [_label(run), *(f"  {line}" for line in _clients(run))]
    for time, answered, refused in _rows(run, step):
        drawn = "█" * round(answered * _COLUMNS / most) + "░" * round(refused * _COLUMNS / most)
        lines.append(f"  {time:>6} {answered:>4} answered {refused:>4} refused  {drawn}".rstrip())
    return "\n".join(lines)


def _chart(run: Run, runs: Sequence[Run]) -> str:
    step, most = _step(runs), _most(runs)
    clients = "".join(
        f"<li>{line}{bar(_marks(run, client, runs), full=1)}</li>"
        for client, line in enumerate(_clients(run))
    )
    legend = "".join(
        f'<span style="display:inline-block;padding-right:1em">{swatch(pattern)} {words}</span>'
        for pattern, words in _LEGEND.items()
    )
    rows = "".join(_row(*row, most) for row in _rows(run, step))
    plain = f"{QUIET};padding:0;list-style:none"
    return (
        f'<div style="{FIGURE}"><ul style="{plain}">{clients}</ul>'
        f'<p style="{QUIET}">All requests, by the second of their arrival:<br>{legend}</p>'
        f'<ul style="{plain}">{rows}</ul></div>'
    )


def _row(time: str, answered: int, refused: int, most: int) -> str:
    segments = (Segment(answered, "solid"), Segment(refused, "hatched"))
    words = f"{time}: {answered} answered, {refused} refused"
    return (
        '<li style="display:flex;flex-wrap:wrap;align-items:center;line-height:1.3">'
        f'<span style="flex:0 0 17em">{words}</span>'
        f'<div style="flex:1 1 12em;border-left:1px solid {LINE}">'
        f"{bar(segments, full=most)}</div></li>"
    )


def _marks(run: Run, client: int, runs: Sequence[Run]) -> list[Segment]:
    """Return the requests of a client as marks on a line of time, 1 long for all runs."""
    full, mark = max(each.end for each in runs) or 1, 0.012
    scale = (1 - mark) / full
    segments, drawn = [], 0.0
    for arrival in run.of(client):
        gap = max(0.0, arrival.time * scale - drawn)
        pattern = "solid" if arrival.is_answered else "hollow"
        segments += [Segment(gap, ""), Segment(mark, pattern)]
        drawn += gap + mark
    return segments


def _whole(runs: Sequence[Run]) -> str:
    charts = "".join(f"{sentence(_label(run))}{_chart(run, runs)}" for run in runs)
    return f'<p style="{QUIET};{FIGURE}">{escape(_setting(runs[0]))}</p>{charts}'


def _view(runs: Sequence[Run]) -> Any:
    from ipywidgets import VBox

    setting = make_picture(f'<p style="{QUIET};{FIGURE}">{escape(_setting(runs[0]))}</p>')
    chooser = make_chooser(
        [run.way.name for run in runs],
        [_label(run) for run in runs],
        lambda at: make_picture(_chart(runs[at], runs)),
        noun="way of trying again",
    )
    return VBox([setting, chooser])
