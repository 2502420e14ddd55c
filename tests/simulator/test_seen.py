"""What a person sees of an exchange: what matters of it, cut short, and never a key."""

import json
from typing import Any

import pytest

from grader.simulator import Script, Simulator, interrupted, overloaded, text
from grader.simulator.seen import Showing

KEY = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz-WXYZ"
ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}
HEADERS = {"x-api-key": KEY, "anthropic-version": "2026-10-21"}


def seen(
    body: Any = ASK, showing: Showing | None = None, *, replies: Any = None, **headers: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Send a request, read its reply; return the line of it, and the whole of it."""
    simulator = Simulator(replies=replies, seed=1, clock=lambda: 1_790_000_000.0)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = simulator.handle("POST", "/v1/messages", {**HEADERS, **headers}, raw)
    for _ in reply.events or ():
        pass
    shows = showing or Showing()
    exchange = simulator.transcript[0]
    return shows.line(exchange), shows.whole(exchange)


def test_a_line_tells_what_was_asked_and_what_came() -> None:
    """Of one request that was answered."""
    line, whole = seen(replies=Script(text("Hi.")), **{"user-agent": "Anthropic/Python 2.12.0"})
    assert line.pop("id").startswith("req_01")
    assert line == {
        "at": 1_790_000_000.0,
        "method": "POST",
        "path": "/v1/messages",
        "status": 200,
        "model": "claude-sonnet-4-6",
        "client": "Anthropic/Python 2.12.0",
        "tries": "0",
        "wanted": None,
        "messages": 1,
        "tools": None,
        "streamed": False,
        "events": 0,
        "is_open": False,
        "closed_early": False,
        "cut": None,
        "forgiven": None,
        "stop_reason": "end_turn",
        "input": 8,
        "written": 0,
        "read": 0,
        "output": 5,
        "error": None,
    }
    assert json.loads(whole["request"]) == ASK
    assert json.loads(whole["reply"])["content"] == [{"type": "text", "text": "Hi."}]
    assert "x-api-key" not in whole["headers"]


def test_a_line_tells_what_went_wrong() -> None:
    """An error by its type and its words; a stream that broke off by its events."""
    refused, _ = seen({**ASK, "max_tokens": "many"})
    assert refused["error"].startswith("invalid_request_error: max_tokens: ")
    broken = interrupted(text("one two three"), after=1, fault=overloaded())
    line, whole = seen({**ASK, "stream": True}, replies=Script(broken))
    assert (line["status"], line["streamed"], line["events"]) == (200, True, 5)
    assert "one two three" in whole["reply"]


@pytest.mark.parametrize("body", [b"", b"[1]", b'"x"', b'{"messages": 3, "model": [[], {}]}'])
def test_any_request_has_a_line(body: bytes) -> None:
    """Also one that nobody understands."""
    line, whole = seen(body)
    assert line["status"] == 400
    assert json.loads(whole["reply"])["type"] == "error"


def test_no_key_is_shown_wherever_it_stands() -> None:
    """In a text, as a name, in headers that this project doesn't know, in an error."""
    body = {
        **ASK,
        "model": KEY,
        "system": f"The key is {KEY}.",
        KEY: KEY,
        "metadata": {"curl": f"-H 'Authorization: Bearer {'t0k' * 9}'"},
    }
    line, whole = seen(body, api_key=KEY, **{"x-goog-api-key": "AIza" + "x" * 30, "x-note": KEY})
    told = json.dumps([line, whole])
    assert KEY not in told
    assert "abcdefghijkl" not in told
    assert "t0kt0k" not in told
    assert "AIza" not in told
    assert "sk-ant-…WXYZ" in json.dumps([line, whole], ensure_ascii=False)


def test_the_servers_own_key_is_hidden_whatever_it_looks_like() -> None:
    """A word that nobody would take for a key, unless it is a part of every word."""
    body = {
        **ASK,
        "system": "The word is open sesame.",
        "messages": [{"role": "user", "content": "k"}],
    }
    assert "open sesame" not in seen(body, Showing("open sesame"))[1]["request"]
    assert '"role": "user"' in seen(body, Showing("e"))[1]["request"]


def test_long_texts_and_long_lists_are_cut() -> None:
    """With what they were; a key at the cut is hidden all the same."""
    edge = "x" * 3_990 + " " + KEY + "y" * 9_000
    body = {
        **ASK,
        "system": edge,
        "messages": [{"role": "user", "content": str(number)} for number in range(20_000)],
    }
    _, whole = seen(body)
    shown = json.loads(whole["request"])
    assert len(whole["request"]) < 40_000
    assert shown["system"].endswith(f"… ({len(edge):,} characters)")
    assert [each["content"] for each in (shown["messages"][0], shown["messages"][-1])] == [
        "0",
        "19999",
    ]
    assert shown["messages"][50] == "… 19,900 more"
    assert "abcdefghijkl" not in whole["request"]


def test_a_wide_and_deep_request_is_bounded() -> None:
    """However its values are spread."""
    inner: Any = "x"
    for _ in range(60):
        inner = {"a": inner, "b": ["y"] * 90}
    many = dict.fromkeys(map(str, range(10**5)), 1)
    _, whole = seen({**ASK, "tools": [inner] * 90, "metadata": many})
    assert len(whole["request"]) < 1_000_000


def test_what_is_no_key_is_shown() -> None:
    """Words that only begin like one, ids, file names."""
    words = "skateboarding sk-1 a task-force-of-the-year basic arithmetic toolu_01AbCdEfGhIjKlMnOp"
    shown = Showing().hide(words)
    assert shown == words.replace("basic arithmetic", "basic …")
