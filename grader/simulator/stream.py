"""Turn a whole message into the events of a stream, each made when it is pulled.

The order is the one recorded since February 2026: message_start, content_block_start, one ping
after the first of them, deltas, content_block_stop, …, message_delta, message_stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.simulator.identifiers import Identifiers
from grader.simulator.wire import Exchange, Json, ServerSentEvent, to_json

_TEXT_PIECE = re.compile(r"\S+\s*|\s+")
_JSON_PIECE = 6
_LAST_NAMES = ("message_stop", "error")
_LAST_DATA = "[DONE]"


@dataclass(frozen=True)
class Pace:
    """Say how fast a stream comes, in seconds; the socket's edge waits, the core never does."""

    first_token: float = 0.0
    between_deltas: float = 0.0


def message_events(message: Json, ids: Identifiers, pace: Pace) -> Iterator[ServerSentEvent]:
    """Yield the events of a streamed message."""
    yield _event("message_start", {"message": _opening(message)}, ids, pace.first_token)
    pinged = False
    for index, block in enumerate(message["content"]):
        start = {"index": index, "content_block": _empty(block)}
        yield _event("content_block_start", start, ids)
        if not pinged:
            yield ServerSentEvent("ping", {"type": "ping"})
            pinged = True
        for delta in _deltas(block):
            data = {"index": index, "delta": delta}
            yield _event("content_block_delta", data, ids, pace.between_deltas)
        yield _event("content_block_stop", {"index": index}, ids)
    yield _event("message_delta", _closing(message), ids)
    yield _event("message_stop", {}, ids)


def _event(
    name: str, data: dict[str, Json], ids: Identifiers, delay: float = 0.0
) -> ServerSentEvent:
    return ServerSentEvent(name, {"type": name, **data}, padding=ids.padding(), delay=delay)


def _opening(message: Json) -> Json:
    usage = {k: v for k, v in message["usage"].items() if k != "output_tokens_details"}
    blank: dict[str, Json] = {
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }
    return {**message, **blank, "usage": {**usage, "output_tokens": 1}}


def _closing(message: Json) -> dict[str, Json]:
    kept = (
        "input_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "output_tokens",
        "output_tokens_details",
    )
    usage = message["usage"]
    delta = {key: message[key] for key in ("stop_reason", "stop_sequence", "stop_details")}
    return {"delta": delta, "usage": {key: usage[key] for key in kept if key in usage}}


def _empty(block: Json) -> Json:
    blanks = {"text": "", "thinking": "", "signature": "", "input": {}, "citations": []}
    return {key: blanks.get(key, value) if key != "type" else value for key, value in block.items()}


def _deltas(block: Json) -> Iterator[Json]:
    kind = block["type"]
    if kind == "text":
        for citation in block.get("citations") or []:
            yield {"type": "citations_delta", "citation": citation}
        for piece in _TEXT_PIECE.findall(block["text"]):
            yield {"type": "text_delta", "text": piece}
    elif kind == "thinking":
        for piece in _TEXT_PIECE.findall(block["thinking"]):
            yield {"type": "thinking_delta", "thinking": piece}
        yield {"type": "signature_delta", "signature": block["signature"]}
    elif kind == "tool_use":
        yield {"type": "input_json_delta", "partial_json": ""}
        written = to_json(block["input"]) if block["input"] else ""
        for start in range(0, len(written), _JSON_PIECE):
            piece = written[start : start + _JSON_PIECE]
            yield {"type": "input_json_delta", "partial_json": piece}


class WatchedEvents(Iterator[ServerSentEvent]):
    """Pass events on one by one, and note in the transcript how far the client came.

    A stream that is dropped without being closed is noted as closed early when it is collected.
    """

    def __init__(self, events: Iterator[ServerSentEvent], exchange: Exchange) -> None:
        self._events = events
        self._exchange = exchange
        exchange.streamed = True
        exchange.finished = False

    def __next__(self) -> ServerSentEvent:
        event = next(self._events)
        self._exchange.events_sent += 1
        if event.name in _LAST_NAMES or event.data == _LAST_DATA:
            self._exchange.finished = True
        return event

    def close(self) -> None:
        """Send no more: the client has let go of the stream."""
        self._events = iter(())
        self._exchange.closed_early = not self._exchange.finished

    def __del__(self) -> None:
        self.close()
