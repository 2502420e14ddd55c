"""Replies: a scripted simulator sends what the live API sent, key by key and type by type."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from grader.simulator import Reply, Script, Turn
from tests.conformance.history import (
    NEWER_THAN_PAIRS,
    ONE_PING,
    Difference,
    compare,
)
from tests.conformance.shapes import (
    BLOCK,
    events_of,
    message_of,
    outline_of,
    pings_in,
    shape_of,
)

Row = dict[str, Any]
Resend = Callable[..., Reply]

KINDS = (
    "plain",
    "stream",
    "tool_use",
    "parallel_tools",
    "tool_result",
    "thinking",
    "redacted_thinking",
    "image",
    "cache_write",
    "cache_read",
    "document",
    "server_tool",
)
ID = re.compile(r"(msg|toolu|srvtoolu|mcptoolu)_01[1-9A-HJ-NP-Za-km-z]{22}")
PING = 'event: ping\ndata: {"type": "ping"}'


def in_scope(pairs: list[Row], *, streamed: bool) -> list[Row]:
    """Return the answered messages."""
    return [
        row
        for row in pairs
        if row["status"] == 200
        and row["url_path"] == "/v1/messages"
        and ("stream" in row["kinds"]) == streamed
    ]


def message_in(row: Row) -> Any:
    """Return the message of a recorded reply, streamed or not."""
    return row["response"] or message_of(events_of(row["response_sse"]))


def is_newest(row: Row) -> bool:
    """Say whether a reply has the newest shape among the pairs: the one with stop_details."""
    return "stop_details" in message_in(row)


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


def same_values(ours: Any, recorded: Any) -> bool:
    """Say whether two messages say the same; of a block, what the recorded one has."""
    values = all(
        ours[key] == recorded[key] for key in ("type", "role", "stop_reason", "stop_sequence")
    )
    said = [
        {key: block[key] for key in old}
        for block, old in zip(ours["content"], recorded["content"], strict=True)
    ]
    return values and said == recorded["content"]


def compared_message(row: Row, resend: Resend) -> Difference:
    """Compare one plain reply with what was recorded."""
    reply = resend(row, script_of(row["response"]), adapted=True)
    if reply.status != 200 or not same_values(reply.body, row["response"]):
        return Difference(frozenset(), frozenset(), (f"{reply.status}: {reply.body}",))
    return compare(shape_of(reply.body), shape_of(row["response"]), row["date"])


def sent_by(row: Row, resend: Resend) -> str:
    """Return the stream that the simulator sends for a recorded one, as text."""
    reply = resend(row, script_of(message_in(row)), adapted=True)
    assert reply.events is not None, reply.body
    return b"".join(event.encode() for event in reply.events).decode()


def compared_stream(row: Row, resend: Resend) -> Difference:
    """Compare one stream with what was recorded, event by event."""
    sent, recorded = events_of(sent_by(row, resend)), events_of(row["response_sse"])
    found = compare(shape_of(outline_of(sent)), shape_of(outline_of(recorded)), row["date"])
    older, betas, wrong = set(found.older), set(found.betas), list(found.wrong)
    if pings_in(sent) != pings_in(recorded):
        if ONE_PING.covers("ping", row["date"]):
            older.add(str(ONE_PING))
        else:
            wrong.append(f"pings at {pings_in(recorded)}")
    if not same_values(message_of(sent), message_of(recorded)):
        wrong.append("another message")
    return Difference(frozenset(older), frozenset(betas), tuple(wrong))


def judge(
    rows: list[Row],
    differences: dict[str, Difference],
    share: Callable[..., None],
    tell: Callable[[str, object], None],
) -> None:
    """Note the shares by kind and every difference, and fail on any that is not explained."""
    for row in rows:
        for kind in KINDS:
            if kind in row["kinds"]:
                right = not differences[row["id"]].wrong
                share(kind, is_right=right, is_newest=is_newest(row))
    reasons: Counter[str] = Counter()
    for difference in differences.values():
        reasons.update(difference.older | difference.betas)
    for reason, count in sorted(reasons.items()):
        tell(reason, f"{count} replies")
    newest = [row["id"] for row in rows if is_newest(row)]
    assert newest
    assert {name: found.wrong for name, found in differences.items() if found.wrong} == {}
    # What the newest shape has, it has whole, but for what came after all of these.
    lacking = {name: differences[name].older - NEWER_THAN_PAIRS for name in newest}
    assert {name: older for name, older in lacking.items() if older} == {}


def test_plain_messages_have_the_recorded_keys_types_and_order(
    pairs: list[Row], resend: Resend, share, tell
) -> None:
    """The message, each block and the usage, at every depth, since March 2024."""
    rows = in_scope(pairs, streamed=False)
    judge(rows, {row["id"]: compared_message(row, resend) for row in rows}, share, tell)


def test_streams_have_the_recorded_events_in_their_order(
    pairs: list[Row], resend: Resend, share, tell
) -> None:
    """With the keys and types of every event, and the same message in the end."""
    rows = in_scope(pairs, streamed=True)
    judge(rows, {row["id"]: compared_stream(row, resend) for row in rows}, share, tell)


def test_streams_are_written_as_recorded_ones_are(pairs: list[Row], resend: Resend) -> None:
    """Two lines and an empty one, padding before the last brace, the ping byte for byte."""
    padded = Counter()
    for row in in_scope(pairs, streamed=True):
        for whose, stream in (("live", row["response_sse"]), ("ours", sent_by(row, resend))):
            *blocks, end = stream.split("\n\n")
            assert end == ""
            assert all(BLOCK.fullmatch(block) for block in blocks)
            if whose == "ours" or is_newest(row):
                assert [at for at, block in enumerate(blocks) if block == PING] == [2]
                padded[whose] += sum(block.endswith(" }") for block in blocks)
    assert padded["live"] > 50
    assert padded["ours"] > 50


def test_tool_input_begins_with_nothing(pairs: list[Row], resend: Resend) -> None:
    """The first fragment of every call is empty, in every stream that is recorded and in ours."""
    calls = Counter()
    for row in in_scope(pairs, streamed=True):
        for whose, stream in (("live", row["response_sse"]), ("ours", sent_by(row, resend))):
            events = events_of(stream)
            for at, event in enumerate(events):
                if event.get("content_block", {}).get("type") == "tool_use":
                    deltas = (e["delta"] for e in events[at:] if "delta" in e)
                    assert next(deltas) == {"type": "input_json_delta", "partial_json": ""}
                    calls[whose] += 1
    assert calls["live"] == calls["ours"] > 20


INPUT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


def test_the_usage_of_a_stream_is_cumulative(pairs: list[Row], resend: Resend) -> None:
    """The last event repeats the first one's input, and its output is the whole.

    But for tools of the API's own, which let it read more prompts than the first.
    """
    for row in in_scope(pairs, streamed=True):
        if "server_tool" in row["kinds"]:
            continue
        recorded, sent = row["response_sse"], sent_by(row, resend)
        for stream in (recorded, sent) if is_newest(row) else (sent,):
            events = events_of(stream)
            first = events[0]["message"]["usage"]
            (last,) = (event["usage"] for event in events if event["type"] == "message_delta")
            assert [last[key] for key in INPUT] == [first[key] for key in INPUT]
            assert last["output_tokens"] >= first["output_tokens"]


def test_recorded_ids_have_the_simulators_form(pairs: list[Row], resend: Resend) -> None:
    """A prefix, 01, and 22 characters of base 58, in all recordings."""
    rows = in_scope(pairs, streamed=False) + in_scope(pairs, streamed=True)
    messages = [message_in(row) for row in rows]
    messages.append(resend(rows[0]).body)
    ids = [message["id"] for message in messages]
    ids += [block["id"] for message in messages for block in message["content"] if "id" in block]
    assert len(ids) > 150
    assert [drawn for drawn in ids if not ID.fullmatch(drawn)] == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "document"])
def test_there_are_recordings_of_each_kind(pairs: list[Row], kind: str) -> None:
    """So that a share of 100 % is one of something."""
    rows = in_scope(pairs, streamed=False) + in_scope(pairs, streamed=True)
    assert [row["id"] for row in rows if kind in row["kinds"]]
