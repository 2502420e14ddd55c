"""Requests from web pages: let through by the API's own header, refused without it."""

import json
from typing import Any

import pytest

from grader.simulator import Reply, Simulator

ACCESS = "anthropic-dangerous-direct-browser-access"
ORIGIN = "https://page.example"
ASK = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 8,
    "messages": [{"role": "user", "content": "Hello"}],
}
OPEN = {"access-control-allow-origin": "*", "access-control-expose-headers": "*"}


def cors_of(reply: Reply) -> dict[str, str]:
    """Return what a reply tells a browser."""
    return {k: v for k, v in reply.headers.items() if k.startswith("access-control-")}


def send(body: Any = ASK, *, method: str = "POST", **headers: str) -> Reply:
    """Send a request from a page, with a key and a version unless others are given."""
    sent = {"origin": ORIGIN, "x-api-key": "any", "anthropic-version": "2026-10-21"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Simulator().handle(method, "/v1/messages", {**sent, **named}, json.dumps(body).encode())


@pytest.mark.parametrize("stream", [False, True])
def test_a_page_that_sends_the_header_may_read_the_reply(stream: bool) -> None:
    """Recorded: any origin, and every header."""
    reply = send({**ASK, "stream": stream}, **{ACCESS: "true"})
    assert (reply.status, cors_of(reply)) == (200, OPEN)


def test_a_page_may_read_an_error_too() -> None:
    """Else the program on it would see no more than that something failed."""
    reply = send({}, **{ACCESS: "true"})
    assert (reply.status, cors_of(reply)) == (400, OPEN)
    unknown = send(x_api_key="", **{ACCESS: "true"})
    assert (unknown.status, cors_of(unknown)) == (401, OPEN)


@pytest.mark.parametrize("headers", [{}, {ACCESS: "false"}])
def test_a_page_without_the_header_is_refused(headers: dict[str, str]) -> None:
    """In the API's words, and unreadable for the page."""
    reply = send(**headers)
    assert reply.status == 401
    assert reply.body["error"] == {
        "type": "authentication_error",
        "message": f"CORS requests must set '{ACCESS}' header",
    }
    assert cors_of(reply) == {}


def test_a_program_gets_no_headers_for_browsers() -> None:
    """It names no origin."""
    sent = {"x-api-key": "any", "anthropic-version": "2026-10-21", ACCESS: "true"}
    reply = Simulator().handle("POST", "/v1/messages", sent, json.dumps(ASK).encode())
    assert (reply.status, cors_of(reply)) == (200, {})


def test_a_browser_that_asks_first_is_told_yes() -> None:
    """It has no key yet, and what it asks for is what it is allowed."""
    wanted = f"{ACCESS}, content-type, x-api-key"
    sent = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": wanted,
    }
    simulator = Simulator(api_key="right")
    reply = simulator.handle("OPTIONS", "/v1/messages", sent, b"")
    assert (reply.status, reply.content()) == (200, b"")
    assert cors_of(reply) == {
        **OPEN,
        "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
        "access-control-allow-headers": wanted,
        "access-control-max-age": "86400",
    }
    assert simulator.transcript == []


def test_a_browser_that_won_t_send_the_header_is_told_nothing() -> None:
    """The page's request is then not sent at all."""
    sent = {"origin": ORIGIN, "access-control-request-headers": "content-type, x-api-key"}
    reply = Simulator().handle("OPTIONS", "/v1/messages", sent, b"")
    assert (reply.status, cors_of(reply)) == (401, {})
