"""The events of a stream, one by one: the bytes, what the event says, and the message so far."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.classroom.widgets.accumulation import Accumulation
from grader.classroom.widgets.history import read_plain
from grader.errors import WidgetError
from grader.simulator import ServerSentEvent

Json = Any
_PIECES = ("text", "thinking", "partial_json", "signature", "citation")
_SHOWN = 40
"""How much of a piece an effect shows, in characters."""


@dataclass(frozen=True)
class WireEvent:
    """Hold one event; raw: its lines on the wire; data: what they say."""

    number: int
    raw: str
    data: Json

    @property
    def kind(self) -> str:
        """Return the type of the event."""
        return str(self.data.get("type"))


@dataclass(frozen=True)
class Moment:
    """Hold the message as it is after an event.

    inputs: the letters of each tool's input that is not whole yet, by the index of its block.
    """

    message: Json
    inputs: tuple[tuple[int, str], ...]


def read_events(events: Any) -> tuple[WireEvent, ...]:
    """Return the events of a stream, from dicts, SDK objects, or the text of the stream.

    Raises WidgetError for anything else.
    """
    if isinstance(events, bytes):
        events = events.decode("utf-8", "replace")
    if isinstance(events, list | tuple) and events and all(isinstance(e, str) for e in events):
        events = "\n".join(events)
    if isinstance(events, str):
        found = tuple(_from_text(events))
        if not found:
            raise WidgetError(
                f"No event is in this text: {events!r:.80}. Expected lines that begin with "
                "'event: ' and 'data: ', with an empty line after each event."
            )
        return found
    plain = read_plain(events, "events") if isinstance(events, list | tuple) else None
    if not plain:
        raise WidgetError(
            f"This is {events!r:.80}. Expected the events of a stream, in a list, such as "
            'replay_events("text") gives.'
        )
    return tuple(_from_data(number, data) for number, data in enumerate(plain, start=1))


def moment(events: tuple[WireEvent, ...]) -> Moment:
    """Return the message after these events."""
    made = Accumulation()
    for event in events:
        made.add(event.data)
    growing = (
        (index, made.words_of(index))
        for index, block in enumerate(made.blocks)
        if index not in made.whole and "input" in block
    )
    return Moment(made.snapshot(), tuple(growing))


def effect(event: WireEvent) -> str:
    """Return what an event does to the message, in words."""
    data, index = event.data, event.data.get("index")
    delta = data.get("delta") if isinstance(data.get("delta"), dict) else {}
    if event.kind == "content_block_delta":
        piece = next((delta[name] for name in _PIECES if name in delta), None)
        if piece is None:
            return f"has {delta.get('type')} for block {index}"
        return f"adds {_short(piece)} to block {index}"
    return {
        "message_start": "the message begins, without content",
        "content_block_start": f"block {index} begins: {_kind_of(data.get('content_block'))}",
        "content_block_stop": f"block {index} is whole",
        "message_delta": f"stop_reason is {delta.get('stop_reason')}, and usage is final",
        "message_stop": "nothing more comes",
        "error": f"the stream ends with {_kind_of(data.get('error'))}",
    }.get(event.kind, "changes nothing")


def _short(piece: Json) -> str:
    written = repr(piece)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"


def _kind_of(part: Json) -> str:
    return str(part.get("type")) if isinstance(part, dict) else str(part)


def _from_data(number: int, data: Json) -> WireEvent:
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise WidgetError(
            f"events[{number - 1}] is {data!r:.80}. Expected an event with a type, such as "
            '{"type": "message_stop"}.'
        )
    raw = ServerSentEvent(data["type"], data).encode().decode()
    return WireEvent(number, raw.strip(), data)


def _from_text(text: str) -> Iterator[WireEvent]:
    number = 0
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = part.strip("\n").split("\n")
        written = "\n".join(
            line.removeprefix("data:") for line in lines if line.startswith("data:")
        )
        if not written.strip():
            continue
        number += 1
        try:
            data = json.loads(written)
        except ValueError:
            raise WidgetError(
                f"The data of event {number} is no JSON: {written!r:.80}. Expected the stream of "
                "the Messages API as it was on the wire."
            ) from None
        yield WireEvent(number, "\n".join(lines), _from_data(number, data).data)
