"""The way to a real server: its address, the proxy in front of it, and the certificates to trust.

A client with a custom transport, as ours need for the spending cap, doesn't look for a proxy. This
module finds it as the SDK alone would, with one difference: requests to this machine never go to a
proxy, which couldn't bring them back.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from grader.errors import ConnectionChoiceError

BASE_URL = "ANTHROPIC_BASE_URL"
_PORTS = {"http": 80, "https": 443}
# A path of the API may follow it; a gateway may have a /v1 before its own folders.
_VERSIONED = re.compile(r"(?:/v1)+(?:/(?:messages|models|complete|chat|responses)(?:/.*)?)?/*$")
_SOCKS = ("socks5", "socks5h")


@dataclass(frozen=True)
class Proxy:
    """Hold a proxy's URL, and the name of the variable that sets it."""

    url: str
    source: str


def check_address(base_url: str) -> None:
    """Raise ConnectionChoiceError if this isn't a server's address."""
    try:
        parts = urlsplit(base_url)
        is_address = parts.scheme in _PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ConnectionChoiceError(
            f"{BASE_URL} is {base_url!r}, which isn't a server's address. Expected http:// or "
            f"https:// and a host, such as {BASE_URL}=http://localhost:8017."
        )


def address_remark(base_url: str) -> str:
    """Return a sentence with the right address if this one ends in /v1, else ""."""
    found = _VERSIONED.search(base_url)
    if found is None:
        return ""
    return (
        f"{BASE_URL} ends in {found[0]}, and the SDK adds /v1/messages to it: requests would go to "
        f"{base_url}/v1/messages, where nothing answers but a 404. "
        f"Set {BASE_URL}={base_url[: found.start()]}"
    )


def proxy_remark(base_url: str, environment: Mapping[str, str]) -> str:
    """Return a sentence on the proxy that requests to this machine bypass, or ""."""
    proxy = _configured(base_url, environment)
    if proxy is None or not _is_here(base_url):
        return ""
    return f"Requests to this machine don't go through the proxy of {proxy.source}."


def find_proxy(base_url: str, environment: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for an address, None for none."""
    return None if _is_here(base_url) else _configured(base_url, environment)


def _is_here(base_url: str) -> bool:
    return is_loopback(urlsplit(base_url).hostname or "")


def is_loopback(host: str) -> bool:
    """Return whether a host's name or address is this machine itself."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return _is_short_loopback(name)
    mapped = getattr(address, "ipv4_mapped", None)
    found = mapped or address
    return bool(found.is_loopback or found.is_unspecified)


def _is_short_loopback(name: str) -> bool:
    """Return whether this is a short form, such as 127.1 or 0x7f000001, that reaches 127.0.0.1."""
    if not name[:1].isdigit():
        return False
    try:
        return ipaddress.IPv4Address(socket.inet_aton(name)).is_loopback
    except OSError:
        return False


def check_way(base_url: str, environment: Mapping[str, str]) -> Proxy | None:
    """Return the proxy on the way to an address, None for none.

    Raises ConnectionChoiceError, with the variable and its value, if the environment names a proxy
    or certificates that don't work.
    """
    proxy = find_proxy(base_url, environment)
    if proxy is not None:
        _check_proxy(proxy)
    _check_certificates(base_url, environment)
    return proxy


def _check_proxy(proxy: Proxy) -> None:
    scheme = proxy.url.partition("://")[0].lower()
    told = f"{proxy.source} is {_without_password(proxy.url)!r}"
    if scheme not in (*_PORTS, *_SOCKS) or not _has_host(proxy.url):
        raise ConnectionChoiceError(
            f"{told}, which isn't a proxy that the SDK can use. Expected something like "
            "http://proxy.example:3128. Correct it, or unset it, before you start Jupyter."
        )
    if scheme in _SOCKS and find_spec("socksio") is None:
        raise ConnectionChoiceError(
            f"{told}, and a SOCKS proxy needs the package socksio, which isn't installed. Run "
            "%pip install socksio and restart the kernel; or name an http:// proxy, or unset "
            f"{proxy.source}, before you start Jupyter."
        )


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _check_certificates(base_url: str, environment: Mapping[str, str]) -> None:
    """Raise ConnectionChoiceError if the SDK couldn't load its certificates."""
    path, folders = (environment.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    if path:
        try:
            ssl.create_default_context(cafile=path)
        except OSError as error:
            # A file without a certificate raises ssl.SSLError, which is an OSError too.
            why = error.strerror or "it holds no certificate"
            raise ConnectionChoiceError(_no_certificates("SSL_CERT_FILE", path, why)) from None
        return
    has_one = any(map(os.path.isdir, (folders or "").split(os.pathsep)))
    # OpenSSL doesn't check a folder before the first connection, which then trusts nobody.
    if folders and not has_one and base_url.startswith("https:"):
        why = "there is no such folder"
        raise ConnectionChoiceError(_no_certificates("SSL_CERT_DIR", folders, why))


def _no_certificates(name: str, value: str, why: str) -> str:
    return (
        f"{name} is {value!r}, and the SDK can't read certificates there ({why}). It needs them "
        f"to know real servers. Correct {name}, or unset it to use the system's, before you start "
        "Jupyter."
    )


def _configured(base_url: str, environment: Mapping[str, str]) -> Proxy | None:
    """Return the proxy that the environment or system names for an address, unchecked."""
    address = urlsplit(base_url)
    proxies = getproxies()
    kind = next((each for each in (address.scheme, "all") if proxies.get(each)), None)
    host = address.hostname or ""
    if kind is None or _is_excepted(address, proxies.get("no", "")):
        return None
    # Knows the exceptions of macOS and Windows, but takes the end of an IPv6 address for a port.
    if ":" not in host and proxy_bypass(host):
        return None
    named = proxies[kind]
    return Proxy(named if "://" in named else f"http://{named}", _source(kind, environment))


def _source(kind: str, environment: Mapping[str, str]) -> str:
    """Return the name of the variable that sets a proxy, as spelt in the environment."""
    names = [name for name in environment if name.lower() == f"{kind}_proxy" and environment[name]]
    # Lower-case names win over capitals.
    return max(names, key=str.islower, default="the system's settings")


def _is_excepted(address: SplitResult, exceptions: str) -> bool:
    """Return whether NO_PROXY names a host: by name, domain, address or network, or with a port."""
    host = (address.hostname or "").rstrip(".").lower()
    port = address.port or _PORTS.get(address.scheme)
    return any(_excepts(each, host, port) for each in _entries(exceptions))


def _entries(exceptions: str) -> Iterator[str]:
    for part in exceptions.replace(",", " ").split():
        yield part.lower().rpartition("://")[2]


def _excepts(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return _is_in_network(host, entry)
    name, at_port = _split_port(entry)
    if at_port is not None and at_port != port:
        return False
    try:
        return ipaddress.ip_address(host) == ipaddress.ip_address(name)
    except ValueError:
        domain = name.removeprefix("*").strip(".")
        return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _split_port(entry: str) -> tuple[str, int | None]:
    """Return the host and port of an entry such as "[::1]:80", "::1" or "name:80"."""
    if entry.startswith("["):
        name, _, rest = entry[1:].partition("]")
        port = rest.removeprefix(":")
    elif entry.count(":") == 1:
        name, _, port = entry.partition(":")
    else:
        return entry, None
    return name, int(port) if port.isascii() and port.isdigit() else None


def _is_in_network(host: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network.strip("[]"), strict=False)
    except ValueError:
        return False


def _without_password(proxy: str) -> str:
    head, at, host = proxy.rpartition("@")
    return f"{head.partition('://')[0]}://…@{host}" if at else proxy
