"""The HTTP edge: the simulated API on a port, for clients that are not in this process.

    serve(Simulator(), listen(port=8017))

uvicorn speaks HTTP, always by asyncio and h11, so that the server behaves the same everywhere.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import socket
from functools import partial
from types import FrameType
from typing import Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from grader.errors import PortError
from grader.simulator.app import SILENCE, OnAnswered, SimulatorApp
from grader.simulator.core import Simulator

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


class Connection(H11Protocol):
    """Let the application cut the connection of a request, and give up a head that stays half.

    silence: how long the rest of a request's head is waited for, in seconds.
    """

    def __init__(self, *args: Any, silence: float, **options: Any) -> None:
        super().__init__(*args, **options)
        self._silence = silence
        self._waiting: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for the rest of a head from its first piece on."""
        super().data_received(data)
        # A head that is whole has made the client's side go on from its beginning.
        is_half = self.conn.their_state is h11.IDLE
        if is_half and self._waiting is None:
            self._waiting = self.loop.call_later(self._silence, self._give_up)
        elif not is_half:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        """Answer a head that never came whole; there is no request that the API could see."""
        if self.transport.is_closing() or self.conn.their_state is not h11.IDLE:
            return
        self.transport.write(
            b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        self.transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Show the connection to the application, which finds it in its requests' state."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "connection": self}

    @property
    def has_more_body(self) -> bool:
        """Return whether the body of the request that is answered has not come to its end."""
        return self.cycle.more_body

    def cut(self) -> None:
        """Close the socket after what was said so far, without a proper end."""
        self.transport.close()


class Server(uvicorn.Server):
    """Serve a simulator on a listening socket until it is told to stop.

    Replies that are open then have two seconds to end; after that their connections are cut.
    """

    def __init__(
        self,
        simulator: Simulator,
        on_answered: OnAnswered | None = None,
        *,
        silence: float = SILENCE,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                SimulatorApp(simulator, on_answered, silence=silence),
                http=partial(Connection, silence=silence),  # type: ignore[arg-type]
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


def serve(
    simulator: Simulator, listener: socket.socket, *, on_answered: OnAnswered | None = None
) -> None:
    """Serve a simulator until SIGINT or SIGTERM arrives; then close the listener and return.

    on_answered: called after each reply, with the transcript's record.
    """
    Server(simulator, on_answered).run(sockets=[listener])
