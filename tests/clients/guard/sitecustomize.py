"""Keep a client in Python from reaching any machine but this one."""

import socket
from typing import Any

LOCAL = ("127.", "::1", "localhost")

_connect, _look_up = socket.socket.connect, socket.getaddrinfo


def is_local(host: object) -> bool:
    """Return whether a host is this machine."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    return host is None or name == "" or name.startswith(LOCAL)


class _Socket(socket.socket):
    def connect(self, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
            raise ConnectionRefusedError(f"{address[0]} is not this machine")
        _connect(self, address)

    def connect_ex(self, address: Any) -> int:
        self.connect(address)
        return 0


def _look_up_here(host: Any, *args: Any, **options: Any) -> Any:
    if not is_local(host):
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} is not this machine")
    return _look_up(host, *args, **options)


socket.socket = _Socket  # type: ignore[misc]
socket.getaddrinfo = _look_up_here
