"""The HTTP edge: the simulated API on a port, for clients that are not in this process.

    serve(Simulator(), listen(port=8017))

uvicorn speaks HTTP, always by asyncio and h11, so that the server behaves the same everywhere. Each
event of a stream is written by itself, and made only when the one before it is on its way. A client
that hangs up closes the simulator's side.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from types import FrameType
from typing import cast

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from grader.errors import PortError
from grader.simulator.core import MAX_BODY, NO_SUCH_PATH, TOO_LARGE, Simulator
from grader.simulator.wire import Reply, ServerSentEvent

HOST = "127.0.0.1"
"""The address unless another is asked for: this machine alone reaches it."""

PORT = 8017
"""The port unless another is asked for."""


def listen(host: str = HOST, port: int = PORT, *, is_guarded: bool = False) -> socket.socket:
    """Return a socket that listens.

    port: 0 takes a free one. is_guarded: whether only requests with a key of one's own will be
    answered; without one, other machines are to be kept out.
    Raises PortError when the address cannot be had, or lets other machines in unguarded.
    """
    family, address = _find(host)
    if not is_guarded and not ipaddress.ip_address(address).is_loopback:
        raise PortError(
            f"{host} can be reached from other machines, and any key would be accepted. Name the "
            f"one key that is: grader serve --host {host} --api-key KEY, or set GRADER_API_KEY; "
            "or leave --host out."
        )
    # Only a socket that says it is TCP gets TCP_NODELAY from asyncio. Without it every reply of
    # two writes waits 40 ms for the client's acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # On Windows it would let two servers have one port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortError(_why(error, host, port)) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address that clients of a listener are pointed at."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _find(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PortError(
            f"The host {host!r} is not known here ({error}). "
            "Leave --host out to serve this machine alone, or name one of its addresses."
        ) from error
    family, _, _, _, address = found[0]
    return family, str(address[0])


def _why(error: OSError, host: str, port: int) -> str:
    said = f"Port {port} of {host} cannot be had ({error.strerror})."
    if isinstance(error, PermissionError):
        return f"{said} Ports below 1024 are the system's: grader serve --port {PORT}"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{said} This machine has no such address; leave --host out, or name one it has."
    another = port % 65535 + 1
    return f"{said} Stop what listens there, or choose another: grader serve --port {another}"


_PATIENCE = 2.0
_KEEP_ALIVE = 75


OnLost = Callable[[str, str], None]
"""Called for a request to a path that the API does not have, with its method and the path."""


class SimulatorApp:
    """Answer every path from a simulator, as an ASGI application; on_lost: see `serve`."""

    def __init__(self, simulator: Simulator, on_lost: OnLost | None = None) -> None:
        self._simulator = simulator
        self._on_lost = on_lost

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return
        reply = _too_large() if body is None else self._reply(request, body)
        # Lets other requests arrive before this one's reply begins, as they do on a network.
        await asyncio.sleep(0)
        if reply.events is not None:
            await _send_events(reply, reply.events, receive, send)
        elif reply.cut is None:
            response = Response(reply.content(), reply.status, reply.headers)
            await response(scope, receive, send)
        if reply.cut is not None:
            scope["state"]["connection"].cut()
            await _hung_up(receive)

    def _reply(self, request: Request, body: bytes) -> Reply:
        # Escapes stay as they were sent, and the query follows, as in a request's first line.
        path = b"?".join((request.scope["raw_path"], request.scope["query_string"]))
        headers = dict(request.headers)
        reply = self._simulator.handle(request.method, path.decode("ascii"), headers, body)
        if self._on_lost is not None and _is_lost(reply):
            self._on_lost(request.method, request.scope["raw_path"].decode("ascii"))
        return reply


def _is_lost(reply: Reply) -> bool:
    """Return whether a reply says that there is no such path, not that there is no model."""
    if reply.status != NO_SUCH_PATH.status or not isinstance(reply.body, dict):
        return False
    return bool(reply.body["error"]["message"] == NO_SUCH_PATH.message)


async def _read(request: Request) -> bytes | None:
    """Return a request's body, or None as soon as it is known to be too large.

    What is left of it is dropped by uvicorn as it comes in.
    """
    if int(request.headers.get("content-length", 0)) > MAX_BODY:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _too_large() -> Reply:
    return Reply(413, {"content-type": "application/json"}, TOO_LARGE.envelope(""))


async def _send_events(
    reply: Reply, events: Iterator[ServerSentEvent], receive: Receive, send: Send
) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    gone = asyncio.create_task(_hung_up(receive))
    try:
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
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


class Connection(H11Protocol):
    """Let the application cut the connection of a request, as a network does."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Show the connection to the application, which finds it in its requests' state."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "connection": self}

    def cut(self) -> None:
        """Close the socket after what was said so far, without a proper end."""
        self.transport.close()


class Server(uvicorn.Server):
    """Serve a simulator on a listening socket until it is told to stop.

    Replies that are open then have two seconds to end; after that their connections are cut.
    """

    def __init__(self, simulator: Simulator, on_lost: OnLost | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                SimulatorApp(simulator, on_lost),
                http=Connection,
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_level="error",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Stop at a signal; uvicorn's own way would raise it once more in the end."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the listener and the idle connections; wait for the others, but not for long."""
        asyncio.get_running_loop().call_later(_PATIENCE, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            cast(Connection, connection).transport.abort()


def serve(simulator: Simulator, listener: socket.socket, *, on_lost: OnLost | None = None) -> None:
    """Serve a simulator until SIGINT or SIGTERM arrives; then close the listener and return.

    on_lost: called for each request to a path that the API does not have.
    """
    Server(simulator, on_lost).run(sockets=[listener])
