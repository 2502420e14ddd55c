"""Time two things in turns, so that what slows the machine slows both; report the ratio."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import anthropic
import httpx2

from grader.simulator import Script, Simulator, SimulatorTransport, text


@dataclass(frozen=True)
class Pair:
    """Hold the medians of two timings in seconds, and the highest ratio that is promised."""

    name: str
    base: float
    ours: float
    goal: float

    @property
    def ratio(self) -> float:
        """Return how many times as long ours takes."""
        return self.ours / self.base


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


def importing() -> Pair:
    """Compare what a notebook imports with `import anthropic` alone."""

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    base, ours = in_turns(
        run("import anthropic"),
        run("import anthropic; from grader.classroom import check, connect, show"),
        rounds=15,
    )
    return Pair("import grader.classroom, over import anthropic", base, ours, 1.15)


def calling() -> Pair:
    """Compare an SDK call against the simulator with one against a constant reply."""
    request = {
        "model": "claude-sonnet-4-6",
        "max_tokens": 300,
        "messages": [{"role": "user", "content": "What is the capital of France?"}],
    }
    constant = Simulator(replies=Script(text("Paris.")), seed=1)
    headers = {"x-api-key": "bench", "anthropic-version": "2026-10-21"}
    body = httpx2.Request("POST", "https://bench", json=request).content
    reply = constant.handle("POST", "/v1/messages", headers, body)

    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=dict(reply.headers), content=reply.content())

    def client(transport: httpx2.BaseTransport) -> anthropic.Anthropic:
        return anthropic.Anthropic(api_key="bench", http_client=httpx2.Client(transport=transport))

    theirs = client(httpx2.MockTransport(answer))
    mine = client(SimulatorTransport(Simulator(seed=1)))
    base, ours = in_turns(
        lambda: [theirs.messages.create(**request) for _ in range(20)],
        lambda: [mine.messages.create(**request) for _ in range(20)],
        rounds=30,
    )
    return Pair("an SDK call to the simulator, over one to a constant reply", base, ours, 1.5)
