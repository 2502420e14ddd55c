"""Which addresses are this machine's own, so that nobody else sees what goes there."""

from __future__ import annotations

import socket
from ipaddress import ip_address


def is_on_loopback(host: str) -> bool:
    """Return whether all that a host's name or number stands for is on this machine's loopback."""
    try:
        numbers = [each[4][0] for each in socket.getaddrinfo(host, None)]
        return bool(numbers) and all(ip_address(each).is_loopback for each in numbers)
    except (OSError, UnicodeError, ValueError):
        return False
