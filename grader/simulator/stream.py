"""Turn a whole message into the events of a stream, each made when it is pulled.

The order is the one recorded since February 2026: message_start, content_block_start, one ping
after the first of them, deltas, content_block_stop, …, message_delta, message_stop. The pieces of
a text or of a tool's input are drawn by the seed, and as long as recorded ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import assert_never

from grader.simulator.blocks import Delta, kind_of
from grader.simulator.identifiers import Identifiers
from grader.simulator.wire import Exchange, Json, ServerSentEvent

# Recorded: three in four texts begin with a piece of one word.
_FIRST_PIECE = re.compile(r"\s*(?:\w{1,12}|\W)")
# Recorded: a piece ends within a word one time in seven, so most words are finished.
_REST_OF_WORD = re.compile(r"\w{0,6}")
# One in twenty each. Pieces of text had a median of 9 characters, and a tenth had 48 and more;
# fragments of a tool's input 5, and a tenth 11 and more; none was longer than 12.
_TEXT_LENGTHS = (1, 1, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 11, 14, 18, 24, 32, 42, 57, 93)
_INPUT_LENGTHS = (1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 7, 8, 9, 9, 11, 11, 12)
# Recorded: 1 in more than half of all streams, else 2 to 8 with few exceptions.
_FIRST_OUTPUT_TOKENS = (1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 8)
_LAST_NAMES = ("message_stop", "error")
_LAST_DATA = "[DONE]"


@dataclass(frozen=True)
class Pace:
    """Say how fast a stream comes, in seconds; the socket's edge waits, the core never does."""

    first_token: float = 0.0
    between_deltas: float = 0.0

    @classmethod
    def realistic(cls) -> Pace:
        """Return a pace like that of a fast model, for display.

        A guess at a usual day: the first token after 0.6 seconds, then about 70 tokens a second.
        A delta has 18 characters on average, which is between 4 and 5 tokens: one in 0.06 seconds.
        """
        return cls(first_token=0.6, between_deltas=0.06)


def message_events(message: Json, ids: Identifiers, pace: Pace) -> Iterator[ServerSentEvent]:
    """Return the events of a streamed message, each made when it is pulled."""
    # Its own source, so that streams that are read by turns are the same as one after the other.
    return _events(message, ids.branch(), pace)


def _events(message: Json, ids: Identifiers, pace: Pace) -> Iterator[ServerSentEvent]:
    yield _event("message_start", {"message": _opening(message, ids)}, ids, pace.first_token)
    pinged = False
    for index, block in enumerate(message["content"]):
        kind = kind_of(block)
        blanks = kind.blanks
        empty = {key: blanks.get(key, value) for key, value in block.items()}
        start = {"index": index, "content_block": empty}
        yield _event("content_block_start", start, ids)
        if not pinged:
            yield ServerSentEvent("ping", {"type": "ping"})
            pinged = True
        for delta in _deltas(block, kind.deltas, ids):
            data = {"index": index, "delta": delta}
            yield _event("content_block_delta", data, ids, pace.between_deltas)
        yield _event("content_block_stop", {"index": index}, ids)
    yield _event("message_delta", _closing(message), ids)
    yield _event("message_stop", {}, ids)


def _event(
    name: str, data: dict[str, Json], ids: Identifiers, delay: float = 0.0
) -> ServerSentEvent:
    return ServerSentEvent(name, {"type": name, **data}, padding=ids.padding(), delay=delay)


def _opening(message: Json, ids: Identifiers) -> Json:
    usage = {k: v for k, v in message["usage"].items() if k != "output_tokens_details"}
    blank: dict[str, Json] = {
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }
    begun = min(ids.choose(_FIRST_OUTPUT_TOKENS), usage["output_tokens"])
    return {**message, **blank, "usage": {**usage, "output_tokens": begun}}


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


def _deltas(block: Json, deltas: Sequence[Delta], ids: Identifiers) -> Iterator[Json]:
    for delta in deltas:
        for piece in _cut(block.get(delta.key), delta, ids):
            yield {"type": delta.type, delta.field: piece}


def _cut(value: Json, delta: Delta, ids: Identifiers) -> Iterable[Json]:
    match delta.cut:
        case "words":
            return _pieces(value, ids)
        case "json":
            return chain([""], _fragments(value, ids))
        case "each":
            return value or ()
        case "whole":
            return (value,)
        case _:
            assert_never(delta.cut)


def _pieces(words: str, ids: Identifiers) -> Iterator[str]:
    """Yield a text in pieces: its first word, then pieces that mostly end where a word does."""
    start, match = 0, _FIRST_PIECE.match(words)
    while match is not None and start < len(words):
        yield words[start : match.end()]
        start = match.end()
        match = _REST_OF_WORD.match(words, start + ids.choose(_TEXT_LENGTHS))


def _fragments(tool_input: Json, ids: Identifiers) -> Iterator[str]:
    """Yield a tool's input in fragments of JSON; nothing for a tool that takes none."""
    # Recorded: written with spaces, unlike all else on the wire.
    written = json.dumps(tool_input, ensure_ascii=False) if tool_input else ""
    start = 0
    while start < len(written):
        end = start + ids.choose(_INPUT_LENGTHS)
        yield written[start:end]
        start = end


def break_off(
    events: Iterator[ServerSentEvent], *, after: int, last: ServerSentEvent | None
) -> Iterator[ServerSentEvent]:
    """Yield the events of a stream that breaks off, of either endpoint.

    after: how many deltas are sent; the stream breaks off before its end in any case.
    last: the event that says why; None where the connection is cut.
    """
    left = after
    for event in events:
        if _is_ending(event) or (_is_delta(event) and left == 0):
            break
        left -= _is_delta(event)
        yield event
    if last is not None:
        yield last


def _is_delta(event: ServerSentEvent) -> bool:
    if event.name is not None:
        return event.name == "content_block_delta"
    delta = event.data["choices"][0]["delta"]
    return bool(delta.get("content") or delta.get("tool_calls"))


def _is_ending(event: ServerSentEvent) -> bool:
    if event.name is not None:
        return event.name == "message_delta"
    return event.data["choices"][0]["finish_reason"] is not None


def _is_last(event: ServerSentEvent) -> bool:
    if event.name is not None:
        return event.name in _LAST_NAMES
    return event.data == _LAST_DATA or "error" in event.data


class WatchedEvents(Iterator[ServerSentEvent]):
    """Pass events on one by one, and note in the transcript how far the client came.

    A stream that is dropped without being closed is noted as closed early when it is collected.
    """

    def __init__(
        self,
        events: Iterator[ServerSentEvent],
        exchange: Exchange,
        *,
        on_begin: Callable[[], None],
    ) -> None:
        self._events = events
        self._on_begin = on_begin
        self._exchange = exchange
        exchange.streamed = True
        exchange.finished = False

    def __next__(self) -> ServerSentEvent:
        try:
            event = next(self._events)
        except StopIteration:
            # There is no more, also where no event says so because the connection is cut.
            self._exchange.finished = not self._exchange.closed_early
            raise
        if self._exchange.events_sent == 0:
            self._on_begin()
        self._exchange.events_sent += 1
        if _is_last(event):
            self._exchange.finished = True
        return event

    def close(self) -> None:
        """Send no more: the client has let go of the stream."""
        self._events = iter(())
        self._exchange.closed_early = not self._exchange.finished

    def __del__(self) -> None:
        self.close()
