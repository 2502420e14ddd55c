"""The socket that the server listens on: which address, and who may reach it."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket

from grader.errors import PortError

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
