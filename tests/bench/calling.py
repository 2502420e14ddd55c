"""What a call to the simulator in process costs, over one to a constant reply."""

from __future__ import annotations

from typing import Any

import anthropic
import httpx2

from grader.simulator import Reply, Script, Simulator, SimulatorTransport, Turn, text
from tests.bench.measure import Row, in_turns, pair

HEADERS = {"x-api-key": "bench", "anthropic-version": "2026-10-21"}
PLAIN: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 300,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
}
STREAMED = {**PLAIN, "max_tokens": 10_000, "stream": True}
EVENTS = 500
_CALLS = 20


def calling() -> list[Row]:
    """Compare a plain call."""
    reply = _asked(Simulator(replies=Script(text("Paris.")), seed=1), PLAIN)
    content = reply.content()

    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=dict(reply.headers), content=content)

    theirs = _client(httpx2.MockTransport(answer))
    mine = _client(SimulatorTransport(Simulator(seed=1)))
    base, ours = in_turns(
        lambda: [theirs.messages.create(**PLAIN) for _ in range(_CALLS)],
        lambda: [mine.messages.create(**PLAIN) for _ in range(_CALLS)],
        rounds=30,
    )
    what = "an SDK call to the simulator, over one to a constant reply"
    return [pair(what, base / _CALLS, ours / _CALLS, goal=1.4)]


def streaming() -> list[Row]:
    """Compare a stream, read to its end, with the same bytes in one piece."""
    turn = _turn_of(EVENTS)
    reply = _asked(Simulator(replies=Script(turn), seed=1), STREAMED)
    pieces = [event.encode() for event in reply.events or ()]
    content = b"".join(pieces)

    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=dict(reply.headers), content=content)

    theirs = _client(httpx2.MockTransport(answer))
    mine = _client(SimulatorTransport(Simulator(replies=lambda *_: turn, seed=1)))
    base, ours = in_turns(lambda: _read(theirs), lambda: _read(mine), rounds=30)
    what = f"a stream of {len(pieces)} events, over the same bytes from a constant reply"
    return [pair(what, base, ours, goal=1.4)]


def _read(client: anthropic.Anthropic) -> int:
    with client.messages.create(**STREAMED) as stream:
        return sum(1 for _ in stream)


def _turn_of(events: int) -> Turn:
    """Return a turn whose stream has so many events, or as near as its pieces allow."""
    words = 1
    while True:
        turn = text("word " * words)
        reply = _asked(Simulator(replies=Script(turn), seed=1), STREAMED)
        if sum(1 for _ in reply.events or ()) >= events:
            return turn
        words += 1


def _asked(simulator: Simulator, request: dict[str, Any]) -> Reply:
    body = httpx2.Request("POST", "https://bench", json=request).content
    return simulator.handle("POST", "/v1/messages", HEADERS, body)


def _client(transport: httpx2.BaseTransport) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="bench", http_client=httpx2.Client(transport=transport))
