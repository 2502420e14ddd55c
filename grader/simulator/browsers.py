"""Requests from web pages: what the API says to a browser that asks for another site's page (CORS).

A browser names the page's site in `origin`. The API answers it where the page sends the header of
that alarming name, and then any page may read the reply: recorded in July 2026 in
github.com/open-pencil/open-pencil/issues/436. Without the header it refuses, in the words of
github.com/ChatGPTNextWeb/NextChat/issues/5429. What it answers to a browser's question ahead of a
request, beside that it allows it, is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.simulator.faults import Fault, Refused
from grader.simulator.wire import Reply

ACCESS = "anthropic-dangerous-direct-browser-access"
"""The request's header by which a page says that it means to call the API from a browser."""

_REFUSAL = Fault(401, f"CORS requests must set '{ACCESS}' header")
_OPEN = {"access-control-allow-origin": "*", "access-control-expose-headers": "*"}
_METHODS = "GET, POST, DELETE, OPTIONS"
_A_DAY = "86400"


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse a request from a web page that lacks the header; headers: lower-case names."""
    if "origin" in headers and not _has_access(headers):
        raise Refused(_REFUSAL)


def answer_preflight(method: str, headers: Mapping[str, str]) -> Reply | None:
    """Return the answer to a browser that asks whether a page may send a request.

    None for any other request, and for a page that won't send the header: the browser then finds
    no permission in whatever is answered.
    """
    wanted = headers.get("access-control-request-headers", "")
    names = {name.strip().lower() for name in wanted.split(",")}
    if method != "OPTIONS" or "origin" not in headers or ACCESS not in names:
        return None
    allowed = {
        "access-control-allow-methods": _METHODS,
        "access-control-allow-headers": wanted,
        "access-control-max-age": _A_DAY,
    }
    return Reply(200, {**_OPEN, **allowed})


def open_to_pages(reply: Reply, headers: Mapping[str, str]) -> Reply:
    """Return a reply that the page which asked for it may read, where it sent the header."""
    if "origin" in headers and _has_access(headers):
        return replace(reply, headers={**reply.headers, **_OPEN})
    return reply


def _has_access(headers: Mapping[str, str]) -> bool:
    return headers.get(ACCESS, "").strip().lower() == "true"
