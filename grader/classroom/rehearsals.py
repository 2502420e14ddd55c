"""Rehearsals: calls that go wrong as planned, and a clock that you move by hand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.errors import ScriptError
from grader.exams import sleepless
from grader.simulator import (
    Fault,
    Scripted,
    Simulator,
    SimulatorTransport,
    connection_cut,
    improvise,
    overloaded,
    rate_limited,
    server_error,
    spend_limit_reached,
    timed_out,
)

if TYPE_CHECKING:
    import anthropic

    from grader.catalog import ModelCard

Json = Any

ANSWER = "answer"
TROUBLES: dict[str, Fault] = {
    "wrong key": Fault(401, "invalid x-api-key"),
    "too large": Fault(413, "Request exceeds the maximum size"),
    "rate limited": rate_limited(retry_after=9),
    "spend limit": spend_limit_reached(),
    "server error": server_error(),
    "overloaded": overloaded(),
    "no connection": connection_cut(),
    "timed out": timed_out(),
}


@dataclass(frozen=True)
class Rehearsal:
    """Hold a client, and the record of its calls.

    client: an `anthropic.Anthropic` that never leaves this process. When the SDK retries, it
        doesn't wait, and `waits` records how many seconds it would have waited.
    """

    client: anthropic.Anthropic
    waits: list[float]
    _simulator: Simulator

    @property
    def requests(self) -> int:
        """Return how many requests have arrived."""
        return len(self._simulator.transcript)


def rehearse(*steps: str) -> Rehearsal:
    """Return a client whose requests end like this, in order; the last step repeats for ever.

    steps: each "answer", or one of the names in TROUBLES. Raises ScriptError for any other.
    """
    for step in steps:
        if step != ANSWER and step not in TROUBLES:
            known = ", ".join([ANSWER, *TROUBLES])
            raise ScriptError(f"There is no step {step!r} to rehearse. There are: {known}.")
    if not steps:
        raise ScriptError(
            'rehearse() was called with nothing. Name a step: rehearse("overloaded").'
        )
    import anthropic
    import httpx2

    left = list(steps)

    def reply(request: Json, card: ModelCard) -> Scripted:
        step = left.pop(0) if len(left) > 1 else left[0]
        return improvise(request, card) if step == ANSWER else TROUBLES[step]

    simulator = Simulator(replies=reply)
    waits: list[float] = []
    client = sleepless(anthropic.Anthropic, on_wait=waits.append)(
        api_key="simulated",
        http_client=httpx2.Client(transport=SimulatorTransport(simulator)),
    )
    return Rehearsal(client, waits, simulator)


class SimulatedClock:
    """Stand still until you make time pass; give it to `connect(clock=…)`.

    A client of the simulator follows it, and the cache grows older when it moves. A client of a
    real server doesn't, and then `pass_time` says that the clock can't be moved.
    """

    def __init__(self) -> None:
        self._now = time.time()
        self._is_followed = True

    def __call__(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._now

    def pass_time(self, *, minutes: float) -> None:
        """Move on by this many minutes, and print that, without waiting.

        Raises ValueError if minutes is negative.
        """
        if not minutes >= 0:
            raise ValueError(f"minutes={minutes!r} would turn the clock back. Give 0 or more.")
        unit = "minute" if minutes == 1 else "minutes"
        if not self._is_followed:
            print(f"This client is real, so its clock can't be moved by {minutes:g} {unit}.")
            return
        self._now += minutes * 60
        print(f"{minutes:g} {unit} later.")

    def ignore(self) -> None:
        """Note that a client follows the real time."""
        self._is_followed = False
