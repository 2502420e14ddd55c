"""Replies: a scripted simulator sends what the live API sent, key by key."""

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest

from grader.simulator import Reply, Script, Turn

KINDS = ("plain", "stream", "thinking", "tool_use", "tool_result", "image", "document")
OUT_OF_SCOPE = {
    "server tools": "they run on Anthropic's machines and are not simulated",
    "context management": "a beta, which adds keys to the reply",
}
BLOCK = re.compile(r"event: [a-z_]+\ndata: (?P<data>\{.*[^ ] {0,15}\})")
Row = dict[str, Any]


def events_of(stream: str) -> list[Any]:
    """Return the data of each event of a raw stream, parsed."""
    return [json.loads(match["data"]) for match in BLOCK.finditer(stream)]


def message_of(events: list[Any]) -> Any:
    """Return the message that a stream adds up to, as far as a script needs it."""
    message: Any = {}
    written = ""
    for event in events:
        if event["type"] == "message_start":
            message = event["message"]
        elif event["type"] == "content_block_start":
            message["content"].append(event["content_block"])
            written = ""
        elif event["type"] == "content_block_delta":
            block, delta = message["content"][-1], event["delta"]
            written += delta.get("partial_json", "")
            if "citation" in delta:
                block["citations"].append(delta["citation"])
            for key in ("text", "thinking", "signature"):
                block[key] = block.get(key, "") + delta[key] if key in delta else block.get(key)
        elif event["type"] == "content_block_stop":
            block = message["content"][-1]
            for key in [key for key, value in block.items() if value is None]:
                del block[key]
            if block["type"] == "tool_use":
                block["input"] = json.loads(written or "{}")
        elif event["type"] == "message_delta":
            message |= event["delta"]
    return message


def out_of_scope(row: Row) -> str | None:
    """Return which feature takes a recorded reply out of scope, a key of OUT_OF_SCOPE, or None."""
    if "server_tool" in row["kinds"]:
        return "server tools"
    managed = '"context_management":' in (row["response_sse"] or json.dumps(row["response"]))
    return "context management" if managed else None


def answered(pairs: list[Row], *, streamed: bool) -> list[Row]:
    """Return the answered messages of the newest shape, the one with stop_details."""
    rows = [row for row in pairs if row["status"] == 200 and row["url_path"] == "/v1/messages"]
    return [
        row
        for row in rows
        if ("stream" in row["kinds"]) == streamed
        and "stop_details" in (row["response"] or events_of(row["response_sse"])[0]["message"])
    ]


def newest(pairs: list[Row], *, streamed: bool) -> list[Row]:
    """Return those of them that are in scope."""
    return [row for row in answered(pairs, streamed=streamed) if out_of_scope(row) is None]


def script_of(message: Any) -> Script:
    """Return the script that says what a recorded message said."""
    return Script(
        Turn(
            tuple(message["content"]),
            message["stop_reason"],
            message["stop_sequence"],
            message.get("stop_details"),
        )
    )


def keys_of(value: Any) -> Any:
    """Return the keys of a JSON value in their order, at every depth; a tool's input is data."""
    if isinstance(value, dict):
        return [(key, None if key == "input" else keys_of(inner)) for key, inner in value.items()]
    return [keys_of(inner) for inner in value] if isinstance(value, list) else None


def report(
    what: str, rows: list[Row], wrong: dict[str, Any], tell: Callable[[str, object], None]
) -> None:
    """Record the share of right replies for each kind, and fail on any wrong one."""
    total = Counter(kind for row in rows for kind in row["kinds"] if kind in KINDS)
    right = Counter(
        kind for row in rows if row["id"] not in wrong for kind in row["kinds"] if kind in KINDS
    )
    for kind in total:
        tell(f"{what}, {kind}", f"{right[kind]} of {total[kind]}")
    assert total["plain"] + total["stream"] == len(rows) > 0
    assert sorted(wrong) == []


def test_plain_messages_have_the_recorded_keys_in_their_order(
    pairs: list[Row], resend: Callable[..., Reply], tell
) -> None:
    """The message, each block and the usage; content and stop reason are equal in value."""
    rows = newest(pairs, streamed=False)
    wrong = {}
    for row in rows:
        recorded = row["response"]
        reply = resend(row, script_of(recorded))
        same = reply.status == 200 and all(
            reply.body[key] == recorded[key]
            for key in ("type", "role", "content", "stop_reason", "stop_sequence", "stop_details")
        )
        if not same or keys_of(reply.body) != keys_of(recorded):
            wrong[row["id"]] = reply.body
    report("plain messages", rows, wrong, tell)


def outline(events: list[Any]) -> list[Any]:
    """Return the keys of each event; deltas in a row count as one, however they were cut."""
    shapes = []
    for event in events:
        shape: Any = (event["type"], keys_of(event))
        if event["type"] == "content_block_delta":
            shape = (*shape, event["index"], event["delta"]["type"])
        shapes.append(shape)
    return [shape for shape, _ in groupby(shapes)]


def test_streams_have_the_recorded_events_in_their_order(
    pairs: list[Row], resend: Callable[..., Reply], tell
) -> None:
    """With the keys of every event in their order, and the same message in the end."""
    rows = newest(pairs, streamed=True)
    wrong = {}
    for row in rows:
        recorded = events_of(row["response_sse"])
        whole = message_of(events_of(row["response_sse"]))
        reply = resend(row, script_of(whole))
        if reply.events is None:
            wrong[row["id"]] = reply.body
            continue
        sent = events_of(b"".join(event.encode() for event in reply.events).decode())
        if outline(sent) != outline(recorded) or message_of(sent)["content"] != whole["content"]:
            wrong[row["id"]] = outline(sent)
    report("streams", rows, wrong, tell)


def test_streams_are_written_as_recorded_ones_are(
    pairs: list[Row], resend: Callable[..., Reply]
) -> None:
    """Two lines and an empty one, padding before the last brace, the ping byte for byte."""
    for row in newest(pairs, streamed=True):
        whole = message_of(events_of(row["response_sse"]))
        reply = resend(row, script_of(whole))
        assert reply.events is not None
        sent = b"".join(event.encode() for event in reply.events).decode()
        for stream in (row["response_sse"], sent):
            *blocks, end = stream.split("\n\n")
            assert end == ""
            assert all(BLOCK.fullmatch(block) for block in blocks)
            assert blocks.count('event: ping\ndata: {"type": "ping"}') == 1


def test_recorded_ids_have_the_simulators_form(pairs: list[Row]) -> None:
    """A prefix, 01, and 22 characters of base 58."""
    ids = [row["response"]["id"] for row in newest(pairs, streamed=False)]
    ids += [
        block["id"]
        for row in newest(pairs, streamed=False)
        for block in row["response"]["content"]
        if block["type"] == "tool_use"
    ]
    assert ids
    assert [
        drawn for drawn in ids if not re.fullmatch(r"(msg|toolu)_01[1-9A-HJ-NP-Za-km-z]{22}", drawn)
    ] == []


def test_rate_limit_headers_have_the_recorded_names(
    pairs: list[Row], resend: Callable[..., Reply]
) -> None:
    """All that were seen on an answered message since 2026, and no other."""
    rows = [row for row in newest(pairs, streamed=False) if (row["date"] or "") >= "2026"]
    recorded = {
        name.lower()
        for row in rows
        for name in row["response_header_names"] or []
        if "ratelimit" in name.lower()
    }
    reply = resend(rows[0])
    assert {name for name in reply.headers if "ratelimit" in name} == recorded


def test_what_is_out_of_scope_is_little(pairs: list[Row], tell) -> None:
    """And each reason still leaves something out, so that none outlives its cause."""
    rows = answered(pairs, streamed=False) + answered(pairs, streamed=True)
    left_out = Counter(reason for row in rows if (reason := out_of_scope(row)) is not None)
    for reason, count in left_out.items():
        tell(f"out of scope, {reason}", count)
    assert set(left_out) == set(OUT_OF_SCOPE)
    assert left_out.total() < len(rows) / 4


@pytest.mark.parametrize("kind", ["plain", "stream", "thinking", "tool_use"])
def test_there_are_recordings_of_each_kind(pairs: list[Row], kind: str) -> None:
    """So that a share of 100 % is one of something."""
    rows = newest(pairs, streamed=False) + newest(pairs, streamed=True)
    assert [row["id"] for row in rows if kind in row["kinds"]]
