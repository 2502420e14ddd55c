"""Runs of clients that an API refuses and that come back, in four ways of trying again.

Each run has its own clock and plays event by event. A retry policy returns every wait, from the
attempt's number, a retry-after and a source of chance; nothing else is random.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from grader.errors import WidgetError

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
    Way("without jitter", is_random=False),
    Way("with jitter"),
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
    """Return the longest wait each time, without jitter."""
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
