r"""What crosses the wire: a request that arrived, a reply, and server-sent events.

The bytes follow recorded traffic: compact JSON in UTF-8; `event: NAME\ndata: JSON\n\n` with
line feeds only; the ping alone is written with a space after its colon.

A reply may be cut on purpose: `Reply.cut` says how the connection is lost, before anything is sent
or, with events, after the last of them. What carries replies then ends the connection without a
proper end. In process that is httpx2's own exception, raised at once: RemoteProtocolError for
"connection", ReadTimeout for "timeout". A socket is closed for both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from json import encoder
from typing import Any, Literal, NamedTuple, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
"""A JSON value of which nothing is known yet."""

Json = Any
"""A JSON value that was checked: code that knows its shape goes straight to what is in it."""

Cut = Literal["connection", "timeout"]
"""How a connection is lost on purpose: cut, or silent until the client gives up."""

# json.dumps would make one for every call, which takes half as long again.
# Values come from JSON or from here, so none holds itself.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _writer() -> Callable[[JsonValue, int], Iterable[str]]:
    """Return what writes a value in pieces.

    The encoder makes a new one of these for every value, which takes as long as the writing.
    """
    # The library's own, which its stubs don't know; a Python without them has None.
    library: Any = encoder
    make, write = library.c_make_encoder, library.c_encode_basestring
    if make is None or write is None:
        return lambda value, _level: _ENCODER.iterencode(value)
    marks = (_ENCODER.indent, _ENCODER.key_separator, _ENCODER.item_separator)
    flags = (_ENCODER.sort_keys, _ENCODER.skipkeys, _ENCODER.allow_nan)
    made: Callable[[JsonValue, int], Iterable[str]] = make(
        None, _ENCODER.default, write, *marks, *flags
    )
    return made


_WRITE = _writer()


def to_json(value: JsonValue) -> str:
    """Return a JSON value as the API writes it: compact, not escaped to ASCII."""
    return "".join(_WRITE(value, 0))


def _to_bytes(line: str) -> bytes:
    # Half a surrogate pair has no form in UTF-8; what Python writes instead, \udXXX, is exactly
    # JSON's escape for it.
    return line.encode("utf-8", "backslashreplace")


class ServerSentEvent(NamedTuple):
    """Hold one event of a streamed reply; a tuple is made in half the time of a dataclass.

    name: the event's name, or None for a chunk without one, as Chat Completions send them.
    data: a JSON value, or the literal text "[DONE]".
    padding: spaces before the last brace, as the live API pads its lines (0 to 15).
    delay: seconds to wait before the event is handed on, at a socket or in process; 0 by default.
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


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold one HTTP reply: its status, its headers, and either a JSON body or events.

    headers: lower-case names.
    body: the JSON body; None when the reply is streamed, bytes for the content of a file.
    is_lines: whether the body is a list that is sent as JSON Lines.
    events: an iterator that makes each event when it is pulled; None when it is not streamed.
    on_begin: what happens when a plain reply begins to be sent; a streamed one knows by itself.
    cut: how the connection is lost on purpose, after the events where there are any; without
        events nothing is sent at all, and the status is 0.
    delay: seconds that are waited before the reply begins.
    exchange: the transcript's record of the request that is answered.
    """

    status: int
    headers: Mapping[str, str]
    body: Json = None
    events: Iterator[ServerSentEvent] | None = None
    on_begin: Callable[[], None] | None = field(default=None, compare=False, repr=False)
    cut: Cut | None = None
    delay: float = 0.0
    exchange: Exchange | None = field(default=None, compare=False, repr=False)
    is_lines: bool = False

    def content(self) -> bytes:
        """Return the body as bytes on the wire, none where there is none: the reply begins."""
        if self.on_begin is not None:
            self.on_begin()
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        if self.is_lines:
            return b"".join(_to_bytes(f"{to_json(line)}\n") for line in self.body)
        return _to_bytes(to_json(self.body))


@dataclass(frozen=True, slots=True)
class Request:
    """Hold one request as it arrived.

    headers: lower-case names; the key is not kept.
    body: the parsed JSON body, or None for a GET.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: Json


@dataclass(slots=True)
class Exchange:
    """Record one request and what was answered, in the simulator's transcript.

    status: the HTTP status; 0 where the connection was lost before any reply.
    message: the whole message of a plain or streamed answer; None for an error.
    events_sent: how many events of a streamed reply were pulled so far.
    finished: whether the reply was sent to its last event; False while a stream is open, and for
        good when the client closed it early.
    closed_early: whether the client let go of a stream before its last event.
    forgiven: why the API would have refused a request that a lenient simulator answered.
    cut: how the connection was lost on purpose, if it was.
    id: that of the request, as the reply's header gives it. at: when it arrived, in seconds since
    the epoch, by the simulator's clock.
    by_subscription: whether it was asked with the token of a Claude subscription.
    """

    request: Request
    status: int
    body: Json = None
    message: Json = None
    streamed: bool = False
    events_sent: int = 0
    finished: bool = True
    closed_early: bool = field(default=False)
    forgiven: str | None = None
    cut: Cut | None = None
    id: str = field(default="", compare=False)
    at: float = field(default=0.0, compare=False)
    by_subscription: bool = False
