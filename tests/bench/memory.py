"""How much memory calls leave behind, when the transcript is bounded."""

from __future__ import annotations

import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from grader.simulator import Simulator
from tests.bench.calling import HEADERS, PLAIN
from tests.bench.measure import Row

WARM_UP = 10_000
CALLS = 100_000
_MEGABYTE = 2**20


def remembering() -> list[Row]:
    """Compare the peak of a fresh process before and after many calls, no two alike."""
    if sys.platform == "win32":
        return [Row("memory is not measured on Windows")]
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as process:
        base, ours = process.submit(_call).result()
    return [
        Row(
            f"memory after {CALLS:,} calls in process, over that after {WARM_UP:,}",
            f"{base / _MEGABYTE:.1f}MB",
            f"{ours / _MEGABYTE:.1f}MB",
            f"{ours / base:.2f}",
            "<= 1.05",
        )
    ]


def _call() -> tuple[int, int]:
    simulator = Simulator(transcript_limit=100)
    for number in range(WARM_UP):
        _one(simulator, number)
    base = _peak()
    for number in range(WARM_UP, WARM_UP + CALLS):
        _one(simulator, number)
    return base, _peak()


def _one(simulator: Simulator, number: int) -> None:
    """Make a call that no other is like; every fourth is streamed, every eighth caches."""
    words = f"Call {number}: what is the capital of country {number}?"
    request = {**PLAIN, "messages": [{"role": "user", "content": words}]}
    if number % 4 == 0:
        request["stream"] = True
    if number % 8 == 0:
        # Long enough to be cached.
        control = {"type": "ephemeral"}
        block = {"type": "text", "text": f"{number} " * 1100, "cache_control": control}
        request["system"] = [block]
    reply = simulator.handle("POST", "/v1/messages", HEADERS, json.dumps(request).encode())
    if reply.events is None:
        reply.content()
    else:
        for event in reply.events:
            event.encode()


def _peak() -> int:
    """Return the most memory that this process had at once, in bytes."""
    # Unix alone has it.
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
