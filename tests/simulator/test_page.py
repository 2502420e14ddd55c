"""The page of the last requests: what it serves, to whom, and what may run in it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from grader.simulator import Simulator
from grader.simulator.page import PageReply, is_page, show

ASK = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 8,
    "messages": [{"role": "user", "content": "Hello"}],
}
HERE = {"host": "127.0.0.1:8017"}


@pytest.fixture
def asked() -> Callable[..., Simulator]:
    """Make a simulator that was asked three times."""

    def make(**options: Any) -> Simulator:
        simulator = Simulator(**options)
        sent = {"x-api-key": "right-key", "anthropic-version": "2026-10-21"}
        for limit in (8, 9, "ten"):
            body = json.dumps({**ASK, "max_tokens": limit}).encode()
            simulator.handle("POST", "/v1/messages", sent, body)
        return simulator

    return make


def told(shown: PageReply) -> Any:
    """Return what was sent as JSON."""
    return json.loads(shown.content)


def test_the_list_holds_the_last_requests_in_order(asked) -> None:
    """And asking for it leaves no trace."""
    simulator = asked(transcript_limit=2)
    lines = told(show(simulator, "/requests", HERE))
    assert [line["status"] for line in lines] == [200, 400]
    assert [line["id"] for line in lines] == [each.id for each in simulator.transcript]
    assert len(simulator.transcript) == 2


def test_one_request_is_shown_whole_by_its_id(asked) -> None:
    """As long as it is among the last ones."""
    simulator = asked()
    whole = told(show(simulator, f"/requests/{simulator.transcript[1].id}", HERE))
    assert json.loads(whole["request"])["max_tokens"] == 9
    gone = show(simulator, "/requests/req_01gone", HERE)
    assert (gone.status, list(told(gone))) == (404, ["error"])


def test_the_page_runs_only_its_own_code_and_asks_no_other_host(asked) -> None:
    """Its policy names the code by its digest; nothing in it has an address elsewhere."""
    page = show(asked(), "/", HERE)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
    html = page.content.decode()
    assert not re.search(r"(?i)https?://|//[a-z]|@import|url\(|innerHTML|insertAdj|eval\(", html)
    assert html.count("<script>") == html.count("<style>") == 1


def test_a_page_of_another_name_is_refused(asked) -> None:
    """Its name may have been made to mean this machine: it would read what was sent here."""
    simulator = asked()
    for host in (
        "evil.example",
        "evil.example:8017",
        "127.0.0.1.evil.example",
        "",
        "localhost.evil",
    ):
        for path in ("/", "/requests", f"/requests/{simulator.transcript[0].id}"):
            assert show(simulator, path, {"host": host}).status == 403
    for host in ("localhost", "localhost:8017", "[::1]:8017", "[::1]", "127.0.0.1", "LOCALHOST:1"):
        assert show(simulator, "/requests", {"host": host}).status == 200


def test_a_server_with_a_key_shows_requests_for_the_key_alone(asked) -> None:
    """The page itself holds nothing; with the key it may have any name."""
    simulator = asked(api_key="right-key")
    named = {"host": "box.lan:8017"}
    assert show(simulator, "/", named).status == 200
    for sent in ({}, {"x-api-key": "wrong"}, {"authorization": "Bearer wrong"}):
        assert show(simulator, "/requests", {**named, **sent}).status == 401
    for sent in ({"x-api-key": "right-key"}, {"authorization": "Bearer right-key"}):
        shown = show(simulator, "/requests", {**named, **sent})
        assert (shown.status, len(told(shown))) == (200, 3)
        assert b"right-key" not in shown.content


def test_the_page_takes_no_path_from_the_api() -> None:
    """Only its own three, and only by GET."""
    assert all(is_page("GET", path) for path in ("/", "/requests", "/requests/req_01"))
    assert not any(is_page("POST", path) for path in ("/", "/requests"))
    assert not any(is_page("GET", path) for path in ("", "/v1/models", "/requests1", "/icon"))
