"""The application behind the port: a request comes in, the simulator answers, the reply goes out.

Each event of a stream is written by itself, and made only when the one before it is on its way. A
client that hangs up closes the simulator's side; one that sends half a body and falls silent gets
an error. A large body is answered in a thread beside the event loop, one at a time, so that nobody
else waits for it. Requests for the page at `/` are answered here, and are in no transcript.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from grader.simulator.core import TOO_LARGE, Simulator, max_body
from grader.simulator.faults import Fault
from grader.simulator.headers import read_headers
from grader.simulator.page import is_page, show
from grader.simulator.wire import Exchange, Reply, ServerSentEvent

SILENCE = 30.0
"""How long the rest of a body is waited for, in seconds, before the request is given up."""

_LARGE = 64 * 1024
_MANY = 500
_Made = TypeVar("_Made")

# As the specification of ASGI has them.
Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# The API's own answer is not known; its status is the one that HTTP has for it.
_SILENT = Fault(408, "The rest of the request did not arrive in time.", {"connection": "close"})

OnAnswered = Callable[[Exchange], None]
"""Called when a reply was sent, or its client is gone, with the transcript's record."""


class _Gone(Exception):
    """Say that the client hung up."""


class SimulatorApp:
    """Answer every path from a simulator, as an ASGI application.

    on_answered: called after each reply. silence: how long the rest of a body is waited for, in
    seconds.
    """

    def __init__(
        self,
        simulator: Simulator,
        on_answered: OnAnswered | None = None,
        *,
        silence: float = SILENCE,
    ) -> None:
        self._simulator = simulator
        self._on_answered = on_answered
        self._silence = silence
        self._one_at_a_time = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = read_headers(scope["headers"])
        if is_page(scope["method"], scope["path"]):
            shown = show(self._simulator, scope["path"], headers)
            await _send(send, shown.status, shown.headers, shown.content)
            return
        with suppress(_Gone):
            reply = await self._reply(scope, headers, receive)
            if reply.delay:
                await _wait(reply.delay, receive)
            else:
                # Lets other requests arrive before this reply begins, as they do on a network.
                await asyncio.sleep(0)
            await self._carry(reply, scope, receive, send)
            if self._on_answered is not None and reply.exchange is not None:
                self._on_answered(reply.exchange)

    async def _reply(self, scope: Scope, headers: dict[str, str], receive: Receive) -> Reply:
        # Escapes stay as they were sent, and the query follows, as in a request's first line.
        path = b"?".join((scope["raw_path"], scope["query_string"])).decode("ascii")
        method: str = scope["method"]
        body = await self._read(scope, headers, receive)
        if isinstance(body, Fault):
            return self._simulator.refuse(method, path, headers, body)
        # The results of a batch may be those of a hundred thousand requests.
        if len(body) < _LARGE and not scope["path"].endswith("/results"):
            return self._simulator.handle(method, path, headers, body)
        return await self._beside(
            lambda: self._simulator.handle(method, path, headers, body), receive
        )

    async def _read(self, scope: Scope, headers: dict[str, str], receive: Receive) -> bytes | Fault:
        """Return a request's body, or why it is not read to its end.

        What is left of a body that is too large is dropped by uvicorn as it comes in.
        """
        largest = max_body(scope["path"].rstrip("/"))
        if int(headers.get("content-length", 0)) > largest:
            return TOO_LARGE
        connection = scope["state"]["connection"]
        body = bytearray()
        while True:
            # Most bodies have come whole, and then no clock need be set.
            if connection.has_more_body:
                try:
                    async with asyncio.timeout(self._silence):
                        message = await receive()
                except TimeoutError:
                    return _SILENT
            else:
                message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            body += message["body"]
            if len(body) > largest:
                return TOO_LARGE
            if not message["more_body"]:
                return bytes(body)

    async def _carry(self, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a reply, or cut the connection where the reply says so."""
        if reply.events is not None:
            await _send_events(reply, reply.events, receive, send)
        elif reply.cut is None:
            is_long = reply.is_lines and len(reply.body) > _MANY
            content = await self._beside(reply.content, receive) if is_long else reply.content()
            await _send(send, reply.status, reply.headers, content)
        if reply.cut is not None:
            scope["state"]["connection"].cut()
            await _hung_up(receive)

    async def _beside(self, answer: Callable[[], _Made], receive: Receive) -> _Made:
        """Return what a function returns, which runs in a thread of its own."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[_Made] = loop.create_future()

        def settle(reply: _Made | None, error: Exception | None) -> None:
            if answered.done():
                return
            if reply is not None:
                answered.set_result(reply)
            elif error is not None:
                answered.set_exception(error)

        def run() -> None:
            reply, error = None, None
            try:
                with self._one_at_a_time:
                    reply = answer()
            except Exception as caught:  # noqa: BLE001 - it is raised again where it is awaited
                error = caught
            # The loop may have ended meanwhile: then nobody waits for it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, reply, error)

        # A daemon, so that a server that is stopped does not wait for it.
        threading.Thread(target=run, name="a large request", daemon=True).start()
        gone = asyncio.create_task(_hung_up(receive))
        either: list[asyncio.Future[Any]] = [answered, gone]
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not answered.done():
                answered.cancel()
                raise _Gone
            return answered.result()
        finally:
            gone.cancel()


async def _send(send: Send, status: int, headers: Mapping[str, str], content: bytes) -> None:
    length = (b"content-length", str(len(content)).encode())
    await send(_start(status, [*_encoded(headers), length]))
    await send({"type": "http.response.body", "body": content, "more_body": False})


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


async def _send_events(
    reply: Reply, events: Iterator[ServerSentEvent], receive: Receive, send: Send
) -> None:
    gone = asyncio.create_task(_hung_up(receive))
    try:
        await send(_start(reply.status, _encoded(reply.headers)))
        for event in events:
            if event.delay:
                await asyncio.wait([gone], timeout=event.delay)
            else:
                # Other clients get their turn, and a hang-up is noticed.
                await asyncio.sleep(0)
            if gone.done():
                return
            await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
        if reply.cut is None:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        close = getattr(events, "close", None)
        if close is not None:
            close()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _wait(seconds: float, receive: Receive) -> None:
    """Wait before a reply, unless its client hangs up."""
    gone = asyncio.create_task(_hung_up(receive))
    await asyncio.wait([gone], timeout=seconds)
    if gone.done():
        raise _Gone
    gone.cancel()
