"""Prepared streams for demos that no prompt can reliably produce."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.catalog import DEFAULT_MODEL
from grader.errors import ScriptError
from grader.simulator import (
    NEWEST_VERSION,
    Pace,
    Script,
    Scripted,
    Simulator,
    SimulatorTransport,
    interrupted,
    overloaded,
    text,
    thinking,
    tool_use,
    turn,
)

if TYPE_CHECKING:
    from anthropic import MessageStreamManager

Json = Any

_ROLLING = (
    "A rolling update replaces the servers one at a time. While one is being replaced, the others "
    "go on answering, so nobody notices."
)

_SEED = 2
"""Cuts a reply into the same pieces each time, because the text around a demo describes them."""

STREAMS: dict[str, Scripted] = {
    "text": text(_ROLLING),
    "thinking aloud": turn(
        thinking("The user asks about rolling updates. Two short sentences will do."),
        text(_ROLLING),
    ),
    "two calls": turn(
        text("I'll look up both."),
        tool_use("get_weather", {"city": "Paris", "unit": "celsius"}),
        tool_use("get_time", {}),
    ),
    "overloaded": interrupted(text(_ROLLING), after=6, fault=overloaded()),
}


def replay_stream(scene: str, *, is_paced: bool = False) -> MessageStreamManager[None]:
    """Return a prepared reply as `client.messages.stream(…)` would, without sending anything.

    scene: one of the names in STREAMS. Raises ScriptError for any other.
    is_paced: whether events come at the pace of a fast model, instead of all at once.
    """
    import anthropic
    import httpx2

    simulator = _simulator(scene, Pace.realistic() if is_paced else Pace())
    http_client = httpx2.Client(transport=SimulatorTransport(simulator))
    client = anthropic.Anthropic(api_key="simulated", http_client=http_client)
    return client.messages.stream(**_request(scene))


def replay_events(scene: str) -> list[Json]:
    """Return the events of a prepared reply: each one's data, as on the wire.

    scene: one of the names in STREAMS. Raises ScriptError for any other.
    """
    headers = {"x-api-key": "simulated", "anthropic-version": NEWEST_VERSION}
    body = json.dumps({**_request(scene), "stream": True}).encode()
    reply = _simulator(scene, Pace()).handle("POST", "/v1/messages", headers, body)
    return [event.data for event in reply.events or ()]


def _simulator(scene: str, pace: Pace) -> Simulator:
    if scene not in STREAMS:
        raise ScriptError(f"There is no stream {scene!r}. There are: {', '.join(STREAMS)}.")
    return Simulator(replies=Script(STREAMS[scene]), seed=_SEED, pace=pace)


def _request(scene: str) -> dict[str, Any]:
    return {
        "model": DEFAULT_MODEL,
        "max_tokens": 300,
        "messages": [{"role": "user", "content": f"Show me a stream of the kind {scene}."}],
    }
