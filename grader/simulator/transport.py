"""The in-process edge: httpx2 transports that carry an SDK's requests to a simulator.

    client = anthropic.Anthropic(
        api_key="simulated", http_client=httpx2.Client(transport=SimulatorTransport(Simulator()))
    )

No thread and no port. A stream pulls one event at a time, and closing it closes the simulator's
side; the delays that replies and events carry are waited here. A reply that is cut, or comes later
than the client waits, raises what httpx2 raises for it on a network, without the wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import httpx2

from grader.simulator.core import Simulator
from grader.simulator.headers import read_headers
from grader.simulator.wire import Cut, Reply, ServerSentEvent


class SimulatorTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answer the requests of a synchronous or asynchronous httpx2 client from a simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        request.read()
        reply = self._reply(request)
        if reply.delay:
            time.sleep(_wait(reply, request))
        return _response(reply)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request of an asynchronous client."""
        await request.aread()
        reply = self._reply(request)
        # Lets other requests arrive before this one's reply begins, as they do on a network.
        await asyncio.sleep(_wait(reply, request) if reply.delay else 0)
        return _response(reply)

    def _reply(self, request: httpx2.Request) -> Reply:
        path = request.url.raw_path.decode("ascii")
        headers = read_headers(request.headers.raw)
        return self.simulator.handle(request.method, path, headers, request.content)


class EventStream(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """Send events as bytes, one for each pull, and close their source when closed.

    cut: how the connection is lost after the last of them.
    """

    def __init__(self, events: Iterator[ServerSentEvent], cut: Cut | None = None) -> None:
        self._events = events
        self._cut = cut

    def __iter__(self) -> Iterator[bytes]:
        for event in self._events:
            if event.delay:
                time.sleep(event.delay)
            yield event.encode()
        if self._cut:
            raise lost_connection(self._cut, begun=True)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for event in self._events:
            if event.delay:
                await asyncio.sleep(event.delay)
            yield event.encode()
        if self._cut:
            raise lost_connection(self._cut, begun=True)

    def close(self) -> None:
        """Close the simulator's side of the stream."""
        close = getattr(self._events, "close", None)
        if close is not None:
            close()

    async def aclose(self) -> None:
        """Close the simulator's side of the stream."""
        self.close()


def _wait(reply: Reply, request: httpx2.Request) -> float:
    """Return the seconds that a reply is waited for; raise at once if the client won't wait."""
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is not None and reply.delay > patience:
        raise lost_connection("timeout", begun=False)
    return reply.delay


def _response(reply: Reply) -> httpx2.Response:
    if reply.events is not None:
        return httpx2.Response(
            reply.status, headers=dict(reply.headers), stream=EventStream(reply.events, reply.cut)
        )
    if reply.cut:
        raise lost_connection(reply.cut, begun=False)
    return httpx2.Response(reply.status, headers=dict(reply.headers), content=reply.content())


def lost_connection(cut: Cut, *, begun: bool) -> httpx2.TransportError:
    """Return httpx2's exception for a lost connection, in its own words.

    begun: whether the reply had begun.
    """
    if cut == "timeout":
        return httpx2.ReadTimeout("The read operation timed out")
    if begun:
        return httpx2.RemoteProtocolError(
            "peer closed connection without sending complete message body (incomplete chunked read)"
        )
    return httpx2.RemoteProtocolError("Server disconnected without sending a response.")
