r"""What crosses the wire: a request that arrived, a reply, and server-sent events.

The bytes follow recorded traffic: compact JSON in UTF-8; `event: NAME\ndata: JSON\n\n` with
line feeds only; the ping alone is written with a space after its colon.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict with str keys."""


def to_json(value: Json) -> str:
    """Return a JSON value as the API writes it: compact, not escaped to ASCII."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _to_bytes(line: str) -> bytes:
    # Half a surrogate pair has no form in UTF-8; what Python writes instead, \udXXX, is exactly
    # JSON's escape for it.
    return line.encode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class ServerSentEvent:
    """Hold one event of a streamed reply.

    name: the event's name, or None for the unnamed chunks of the OpenAI-compatible endpoint.
    data: a JSON value, or the literal text "[DONE]".
    padding: spaces before the last brace, as the live API pads its lines (0 to 15).
    delay: seconds that a socket waits before it sends the event; 0 by default.
    """

    name: str | None
    data: Json
    padding: int = 0
    delay: float = 0.0

    def encode(self) -> bytes:
        """Return the event as bytes on the wire."""
        if isinstance(self.data, str):
            line = self.data
        elif self.name == "ping":
            line = json.dumps(self.data)
        else:
            line = to_json(self.data)
            line = line[:-1] + " " * self.padding + line[-1]
        head = f"event: {self.name}\n" if self.name is not None else ""
        return _to_bytes(f"{head}data: {line}\n\n")


@dataclass(frozen=True)
class Reply:
    """Hold one HTTP reply: its status, its headers, and either a JSON body or events.

    headers: lower-case names.
    body: the JSON body; None when the reply is streamed.
    events: an iterator that makes each event when it is pulled; None when it is not streamed.
    """

    status: int
    headers: Mapping[str, str]
    body: Json = None
    events: Iterator[ServerSentEvent] | None = None

    def content(self) -> bytes:
        """Return the JSON body as bytes on the wire."""
        return _to_bytes(to_json(self.body))


@dataclass(frozen=True)
class Request:
    """Hold one request as it arrived.

    headers: lower-case names; the key is not kept.
    body: the parsed JSON body, or None for a GET.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: Json


@dataclass
class Exchange:
    """Record one request and what was answered, in the simulator's transcript.

    message: the whole message of a plain or streamed answer; None for an error.
    events_sent: how many events of a streamed reply were pulled so far.
    finished: whether the reply was sent to its last event; False while a stream is open, and for
        good when the client closed it early.
    closed_early: whether the client let go of a stream before its last event.
    """

    request: Request
    status: int
    body: Json = None
    message: Json = None
    streamed: bool = False
    events_sent: int = 0
    finished: bool = True
    closed_early: bool = field(default=False)
