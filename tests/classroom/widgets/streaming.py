"""Streams for the tests of the widgets: a client of a simulator that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anthropic
import httpx2

from grader.simulator import Pace, Script, Simulator, SimulatorTransport, text, thinking, turn

REQUEST: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 1000,
    "messages": [{"role": "user", "content": "Tell me of updates."}],
}
WORDS = "A rolling update replaces the servers one at a time. " * 6
LONG = turn(thinking("The user asks about updates."), text(WORDS))
CALL = {"city": "Paris", "days": [1, 2]}


def connected(
    *replies: Any, pace: Pace | None = None
) -> tuple[anthropic.AsyncAnthropic, Simulator]:
    """Return an asynchronous client, and the simulator that answers it."""
    simulator = Simulator(replies=Script(*replies), seed=2, pace=pace)
    http_client = httpx2.AsyncClient(transport=SimulatorTransport(simulator))
    return anthropic.AsyncAnthropic(api_key="k", http_client=http_client, max_retries=0), simulator


def ticking(step: float) -> Callable[[], float]:
    """Return a clock that is one step further each time it is read."""
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += step
        return now

    return clock
