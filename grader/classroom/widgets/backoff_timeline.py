"""Back-off timeline: when refused clients come back, in four ways of trying again.

Each run has its own clock and plays event by event. A retry policy returns every wait, from the
attempt's number, a retry-after and a source of chance; nothing else is random.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from grader.classroom.widgets.bars import FIGURE, LINE, QUIET, Segment, bar, swatch
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_chooser, make_picture, sentence
from grader.errors import WidgetError
from grader.plural import counted

Chance = Callable[[], float]
"""A number from 0 to 1, such as random.random."""
Policy = Callable[[int, float | None, Chance], float]
"""The seconds to wait, given the attempt's number (1 first), retry-after and a source of chance."""

LONGEST_WAIT = 30.0
_ATTEMPTS_OF_SDK = 3
_FIRST_WAIT_OF_SDK, _LONGEST_WAIT_OF_SDK = 0.5, 8.0
_MOST_CLIENTS = 1000
_MOST_ATTEMPTS = 8
_MOST_SECONDS = 3600
_LONGEST_ACCEPTED = 86_400


def wait_before_next(attempt: int, retry_after: float | None, rng: Chance) -> float:
    """Return how long to wait after a refusal, in seconds: the policy of lesson 08.

    The bound is 1, 2, 4 … up to 30 seconds; chance decides between half of it and all of it. If
    the reply has a retry-after, the wait is that or a little longer, again by chance: otherwise all
    clients with the same retry-after would come back at the same moment.
    """
    bound = min(LONGEST_WAIT, 2.0 ** (attempt - 1))
    chance = rng()
    asked = 0.0 if retry_after is None else retry_after * (1 + chance / 4)
    return max(bound / 2 * (1 + chance), asked)


def wait_of_sdk(retry: int, retry_after: float | None, rng: Chance) -> float:
    """Return how long the SDK waits before its own retry, 1 first, in seconds.

    As in anthropic 2.12; a test compares it with the SDK.
    """
    if retry_after:
        return retry_after
    bound = min(_FIRST_WAIT_OF_SDK * 2.0 ** (retry - 1), _LONGEST_WAIT_OF_SDK)
    return bound * (1 - 0.25 * rng())


@dataclass(frozen=True)
class World:
    """Hold the conditions that the clients meet.

    outage: how long the API refuses every request, in seconds; after that it answers capacity
    requests in each second, and refuses the others. attempts: of a client's own loop.
    """

    clients: int = 200
    outage: float = 5.0
    capacity: int = 40
    attempts: int = 5
    seed: int = 1


@dataclass(frozen=True)
class Arrival:
    """Hold one request: its time in seconds, its client, and whether the API answered it."""

    time: float
    client: int
    is_answered: bool


@dataclass(frozen=True)
class Way:
    """Hold one way of trying again; is_random: whether chance plays a part.

    is_told: whether a refusal says when to come back.
    layers: how many requests one attempt of the loop makes, because the SDK retries beneath it.
    """

    name: str
    is_random: bool = True
    is_told: bool = False
    layers: int = 1


WAYS = (
    Way("without chance", is_random=False),
    Way("with chance"),
    Way("with retry-after", is_told=True),
    Way("stacked retries", layers=_ATTEMPTS_OF_SDK),
)


@dataclass(frozen=True)
class BackoffRun:
    """Hold all that arrived in one way, in the order of time."""

    way: Way
    world: World
    arrivals: tuple[Arrival, ...]

    @property
    def answered(self) -> int:
        """Return how many clients got their answer."""
        return sum(arrival.is_answered for arrival in self.arrivals)

    @property
    def end(self) -> float:
        """Return when the last request arrived, in seconds."""
        return self.arrivals[-1].time

    @property
    def waits(self) -> tuple[float, ...]:
        """Return how long the first client waited before each further request, in seconds."""
        times = [arrival.time for arrival in self.of(0)]
        return tuple(later - sooner for sooner, later in pairwise(times))

    def in_steps(self, step: int) -> tuple[tuple[int, int], ...]:
        """Return how many requests were answered, and how many refused, in each step of time."""
        counts = Counter((int(each.time // step), each.is_answered) for each in self.arrivals)
        return tuple(
            (counts[at, True], counts[at, False]) for at in range(int(self.end // step) + 1)
        )

    def of(self, client: int) -> tuple[Arrival, ...]:
        """Return the requests of one client, 0 the first."""
        return tuple(arrival for arrival in self.arrivals if arrival.client == client)


def play(way: Way, world: World, policy: Policy = wait_before_next) -> BackoffRun:
    """Let all clients come in the same moment, and come back as the policy says.

    Raises WidgetError if the policy doesn't return a number of seconds.
    """
    chance = random.Random(world.seed).random if way.is_random else _certain
    coming = [(0.0, client, 1) for client in range(world.clients)]
    answered_in: Counter[int] = Counter()
    arrivals = []
    while coming:
        time, client, number = heapq.heappop(coming)
        second = math.floor(time)
        is_answered = time >= world.outage and answered_in[second] < world.capacity
        answered_in[second] += is_answered
        arrivals.append(Arrival(time, client, is_answered))
        if is_answered or number == world.attempts * way.layers:
            continue
        retry_after = None
        if way.is_told:
            # Whole seconds, as the API gives it: to the end of the outage, or to the next second.
            retry_after = float(max(1, math.ceil(world.outage - time)))
        wait = _wait(way, number, retry_after, chance, policy)
        heapq.heappush(coming, (time + wait, client, number + 1))
    return BackoffRun(way, world, tuple(arrivals))


def make_world(given: dict[str, Any]) -> World:
    """Return a world with these numbers; raises WidgetError if one makes no sense."""
    bounds = {
        "clients": (1, _MOST_CLIENTS),
        "outage": (0, _MOST_SECONDS),
        "capacity": (1, _MOST_CLIENTS),
        "attempts": (1, _MOST_ATTEMPTS),
        "seed": (0, 2**32),
    }
    for name, value in given.items():
        low, high = bounds[name]
        kinds = (int, float) if name == "outage" else (int,)
        if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
            kind = "a number" if name == "outage" else "a whole number"
            raise WidgetError(f"{name} is {value!r:.80}. Expected {kind} from {low} to {high:,}.")
    return World(**given)


def _certain() -> float:
    """Return the longest wait each time, without chance."""
    return 1.0


def _wait(
    way: Way, number: int, retry_after: float | None, chance: Chance, policy: Policy
) -> float:
    attempt, retry = divmod(number, way.layers)
    if retry:
        return wait_of_sdk(retry, retry_after, chance)
    try:
        wait = policy(attempt, retry_after, chance)
    except Exception as error:
        raise WidgetError(
            f"The policy raised {type(error).__name__}: {error}. It is called with the number of "
            "the attempt, retry-after (seconds or None), and a function like random.random."
        ) from error
    is_number = isinstance(wait, int | float) and not isinstance(wait, bool)
    if not is_number or not 0 <= wait <= _LONGEST_ACCEPTED:
        raise WidgetError(
            f"The policy gave {wait!r:.80} after attempt {attempt}. Expected seconds, from 0 to "
            f"{_LONGEST_ACCEPTED:,}."
        )
    return float(wait)


_ROWS = 24
"""The most time steps in a chart."""
_COLUMNS = 40
"""The width of the chart in plain text, in characters."""
_CLIENTS_SHOWN = 3
_LEGEND = {"solid": "answered", "hatched": "refused"}


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
        text="\n\n".join([_setting(runs[0]), *(_text(run, runs) for run in runs)]),
        html=_whole(runs),
        summary=f"{len(runs)} ways of trying again at once",
        make_view=lambda: _view(runs),
    )


def _setting(run: BackoffRun) -> str:
    met, layers = run.world, max(way.layers for way in WAYS)
    return (
        f"{counted(met.clients, 'client')} ask in the same moment. The API refuses everybody for "
        f"{met.outage:g} s; then it answers {met.capacity} in each second. Each client makes "
        f"{counted(met.attempts, 'attempt')} at most; where retries are stacked, each attempt is "
        f"{layers} requests."
    )


def _label(run: BackoffRun) -> str:
    return (
        f"{run.way.name}: {counted(len(run.arrivals), 'request')}, "
        f"{run.answered} of {counted(run.world.clients, 'client')} answered"
    )


def _step(runs: Sequence[BackoffRun]) -> int:
    """Return how many seconds a row stands for, the same in all charts."""
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
        drawn = "█" * round(answered * _COLUMNS / most) + "░" * round(refused * _COLUMNS / most)
        lines.append(f"  {time:>6} {answered:>4} answered {refused:>4} refused  {drawn}".rstrip())
    return "\n".join(lines)


def _chart(run: BackoffRun, runs: Sequence[BackoffRun]) -> str:
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


def _marks(run: BackoffRun, client: int, runs: Sequence[BackoffRun]) -> list[Segment]:
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


def _whole(runs: Sequence[BackoffRun]) -> str:
    charts = "".join(f"{sentence(_label(run))}{_chart(run, runs)}" for run in runs)
    return f'<p style="{QUIET};{FIGURE}">{escape(_setting(runs[0]))}</p>{charts}'


def _view(runs: Sequence[BackoffRun]) -> Any:
    from ipywidgets import VBox

    setting = make_picture(f'<p style="{QUIET};{FIGURE}">{escape(_setting(runs[0]))}</p>')
    chooser = make_chooser(
        [run.way.name for run in runs],
        [_label(run) for run in runs],
        lambda at: make_picture(_chart(runs[at], runs)),
        noun="way of trying again",
    )
    return VBox([setting, chooser])
