"""Prompt caching: recorded conversations replay to the same usage, within the token estimate."""

import json
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest

from grader.simulator import Simulator, installed_counter
from tests.conformance.uploads import with_own_files

Row = dict[str, Any]
Usage = tuple[int, int, int]

FIELDS = ("cache_read_input_tokens", "cache_creation_input_tokens", "input_tokens")
STAND_INS = {
    "claude-3-5-haiku": "claude-haiku-4-5",
    "claude-3-haiku": "claude-haiku-4-5",
    "claude-3": "claude-sonnet-4-6",
    "claude-sonnet-4-0": "claude-sonnet-4-6",
    "claude-sonnet-4-2025": "claude-sonnet-4-6",
}
"""What answers for retired models: of the same minimum, or of one that these rows tell apart."""

EXPLAINED = {
    "4df628da082c": "a server tool's results are part of what was written",
}
ESTIMATED = {"6ff1d527b654": "a thousand times one rare word, which no estimate gets right"}
"""What is off only where tokens are estimated."""
NEARLY = 0.15
"""The share of all input by which an estimate may be off: the goal of the built-in estimator."""


def usage_of(row: Row) -> Usage:
    """Return the tokens read, written and fresh that a row's reply told of."""
    message = row["response"]
    if message is None:
        lines = row["response_sse"].splitlines()
        opening = next(line for line in lines if '"message_start"' in line and "data:" in line)
        message = json.loads(opening.partition(":")[2])["message"]
    read, written, fresh = (message["usage"].get(field) or 0 for field in FIELDS)
    return read, written, fresh


def in_scope(row: Row) -> bool:
    """Say whether a row is an answered message with a breakpoint, whose size can be counted."""
    if row["status"] != 200 or row["url_path"] != "/v1/messages":
        return False
    sent = json.dumps(row["request"])
    outside = {"document", "server_tool"} & set(row["kinds"])
    # A picture given by its URL has a size that the request does not tell, and output_format
    # was a beta's parameter.
    unknown = '"type": "url"' in sent or '"output_format"' in sent
    return "cache_control" in row["kinds"] and not outside and not unknown


def as_asked(row: Row) -> dict[str, Any]:
    """Return a row's request for a model that the catalog holds, not streamed."""
    body = {**row["request"], "stream": False}
    for retired, stand_in in STAND_INS.items():
        if body["model"].startswith(retired):
            return {**body, "model": stand_in}
    return body


def turn_before(body: dict[str, Any]) -> dict[str, Any]:
    """Return the call that wrote what this one read: the last exchange less, its end marked."""
    messages = body["messages"][:-2] or body["messages"]
    if len(body["messages"]) < 3 or isinstance(messages[-1]["content"], str):
        return body
    *earlier, end = messages[-1]["content"]
    marked = [*earlier, {**end, "cache_control": {"type": "ephemeral"}}]
    return {**body, "messages": [*messages[:-1], {**messages[-1], "content": marked}]}


def replayed(row: Row) -> Usage:
    """Return the usage of a row's request, after the call before it if it read something."""
    simulator, ids = Simulator(seed=1, clock=lambda: 0.0), dict[str, str]()
    headers = {
        "x-api-key": "simulated",
        "anthropic-version": "2023-06-01",
        **row["request_headers"],
    }

    def ask(body: dict[str, Any]) -> Usage:
        sent = with_own_files(json.dumps(body), simulator, ids)
        reply = simulator.handle("POST", "/v1/messages", headers, sent.encode())
        assert reply.status == 200, reply.body
        usage = json.loads(reply.content())["usage"]
        return usage[FIELDS[0]], usage[FIELDS[1]], usage[FIELDS[2]]

    if usage_of(row)[0]:
        ask(turn_before(as_asked(row)))
    return ask(as_asked(row))


def error(ours: Usage, recorded: Usage) -> float:
    """Return the largest difference of the three, as a share of all input."""
    apart = max(abs(a - b) for a, b in zip(ours, recorded, strict=True))
    return apart / sum(recorded)


@pytest.fixture
def marked(pairs: list[Row]) -> list[Row]:
    """Return the rows with breakpoints."""
    return [row for row in pairs if in_scope(row)]


def test_recorded_calls_read_and_write_the_same(
    marked: list[Row], tell: Callable[[str, object], None]
) -> None:
    """Both first calls and those that follow, on prefixes over the minimum."""
    rows = [row for row in marked if sum(usage_of(row)[:2])]
    errors = {row["id"]: error(replayed(row), usage_of(row)) for row in rows}
    off = {name for name, share in errors.items() if share > NEARLY}
    tell("cache usage repeated", f"{len(rows) - len(off)} of {len(rows)}")
    tell("cache usage, median error", f"{median(errors.values()):.1%}")
    assert len(rows) > 10
    assert off == {*EXPLAINED, *(() if installed_counter().is_used else ESTIMATED)}


def test_recorded_calls_under_the_minimum_neither_read_nor_write(
    marked: list[Row], tell: Callable[[str, object], None]
) -> None:
    """Breakpoints on short prompts do nothing."""
    rows = [row for row in marked if not sum(usage_of(row)[:2])]
    cached = [row["id"] for row in rows if sum(replayed(row)[:2])]
    tell("short prompts not cached", f"{len(rows) - len(cached)} of {len(rows)}")
    assert len(rows) > 10
    assert cached == []
