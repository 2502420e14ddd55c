"""The HTTP edge: the simulated API on a port, for clients that are not in this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from grader.errors import PortError
from grader.simulator.core import Simulator
from grader.simulator.wire import ServerSentEvent


def make_app(simulator: Simulator) -> Starlette:
    """Return an ASGI application that answers every path from a simulator."""

    async def answer(request: Request) -> Response:
        path = f"{request.url.path}?{request.url.query}"
        reply = simulator.handle(request.method, path, dict(request.headers), await request.body())
        headers = dict(reply.headers)
        if reply.events is None:
            return Response(reply.content(), status_code=reply.status, headers=headers)
        return StreamingResponse(_sent(reply.events), status_code=reply.status, headers=headers)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


async def _sent(events: Iterator[ServerSentEvent]) -> AsyncIterator[bytes]:
    try:
        for event in events:
            if event.delay:
                await asyncio.sleep(event.delay)
            yield event.encode()
    finally:
        # A client that hangs up closes the simulator's side too.
        close = getattr(events, "close", None)
        if close is not None:
            close()


def serve(*, host: str, port: int, simulator: Simulator | None = None) -> None:
    """Serve a simulator until the process is interrupted.

    Raises PortError when the address cannot be had.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortError(
            f"Port {port} of {host} cannot be had ({error.strerror}). "
            f"Stop what listens there, or choose another: grader serve --port {port % 65535 + 1}"
        ) from error
    config = uvicorn.Config(make_app(simulator or Simulator()), log_level="warning")
    uvicorn.Server(config).run(sockets=[listener])
