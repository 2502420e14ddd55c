"""The page at `/` of the server: the last requests as they arrive, for whoever debugs an agent.

The page itself holds nothing and asks `/requests` each second, without a request to another host.
Where the server has a key, `/requests` asks for it. Where it has none, only this machine reaches
it, and a request that names another host is refused: a web page whose name was made to mean this
machine would otherwise read what was sent here.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from grader.simulator.core import Simulator
from grader.simulator.seen import Showing
from grader.simulator.wire import Json, to_json

PAGE = "/"
REQUESTS = "/requests"

_JSON = {"content-type": "application/json", "cache-control": "no-store"}
_GUARDS = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_INLINE = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True)
class PageReply:
    """Hold what a browser gets."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def is_page(method: str, path: str) -> bool:
    """Return whether a request is for the page, and not for the API."""
    return method == "GET" and (path in (PAGE, REQUESTS) or path.startswith(f"{REQUESTS}/"))


def show(simulator: Simulator, path: str, headers: Mapping[str, str]) -> PageReply:
    """Return the page, the list of the last requests, or one of them.

    headers: lower-case names.
    """
    if simulator.api_key is None and not _names_this_machine(headers.get("host", "")):
        return _told(403, "This page is shown at an address or at localhost, and at no other name.")
    if path == PAGE:
        return PageReply(200, _page_headers(), _page().encode())
    if not simulator.admits(headers):
        return _told(401, "Give the key of this server.")
    showing = Showing(simulator.api_key)
    exchanges = list(simulator.transcript)
    if path == REQUESTS:
        return _json(200, [showing.line(exchange) for exchange in exchanges])
    wanted = path.removeprefix(f"{REQUESTS}/")
    for exchange in reversed(exchanges):
        if exchange.id == wanted:
            return _json(200, showing.whole(exchange))
    return _told(404, "This request is not among the last ones any more.")


def _names_this_machine(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.removeprefix("[").removesuffix("]").lower()
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return True


def _told(status: int, sentence: str) -> PageReply:
    return _json(status, {"error": sentence})


def _json(status: int, value: Json) -> PageReply:
    return PageReply(
        status, {**_GUARDS, **_JSON}, to_json(value).encode("utf-8", "backslashreplace")
    )


@cache
def _page() -> str:
    return files("grader.simulator").joinpath("page.html").read_text("utf-8")


@cache
def _page_headers() -> Mapping[str, str]:
    """Return headers that let run what the page holds, and nothing that might get into it."""
    allowed = {kind: _digest(code) for kind, code in _INLINE.findall(_page())}
    policy = (
        f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']}; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return {
        **_GUARDS,
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
    }


def _digest(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
