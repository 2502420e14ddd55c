"""Streams: the events of a message, their order, and the bytes they become."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import find_model
from grader.simulator import Pace, ServerSentEvent, Turn, empty, text, thinking, tool_use, turn
from grader.simulator.identifiers import Identifiers
from grader.simulator.message import make_message
from grader.simulator.stream import message_events

REQUEST = {"max_tokens": 1_000, "messages": [{"role": "user", "content": "Hello"}]}


def streamed(reply: Turn, *, model: str = "claude-sonnet-4-6") -> tuple[Any, list[ServerSentEvent]]:
    """Return a whole message, and its events."""
    ids = Identifiers(1)
    message = make_message(reply, REQUEST, find_model(model), ids)
    return message, list(message_events(message, ids, Pace()))


def outline(events: list[ServerSentEvent]) -> list[str]:
    """Return the names of events, with the kind of a delta."""
    return [event.data.get("delta", {}).get("type", event.name) for event in events]


TEXT = ["content_block_start", "text_delta", "content_block_stop"]
ENDING = ["message_delta", "message_stop"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (empty(), []),
        (text("Hi."), ["content_block_start", "ping", "text_delta", "content_block_stop"]),
        (text(""), ["content_block_start", "ping", "content_block_stop"]),
        (
            turn(thinking("Hm.", signature="s"), text("Hi.")),
            [
                "content_block_start",
                "ping",
                "thinking_delta",
                "signature_delta",
                "content_block_stop",
                *TEXT,
            ],
        ),
        (
            thinking(),
            ["content_block_start", "ping", "signature_delta", "content_block_stop"],
        ),
        (
            tool_use("get_time", {}),
            ["content_block_start", "ping", "input_json_delta", "content_block_stop"],
        ),
        (
            Turn(({"type": "redacted_thinking", "data": "d"},)),
            ["content_block_start", "ping", "content_block_stop"],
        ),
        (
            Turn(({"citations": [{"cited_text": "a"}], "type": "text", "text": "Hi."},)),
            [
                "content_block_start",
                "ping",
                "citations_delta",
                "text_delta",
                "content_block_stop",
            ],
        ),
    ],
    ids=["empty", "text", "no words", "thinking", "omitted", "no input", "redacted", "cited"],
)
def test_events_come_in_the_recorded_order(reply: Turn, expected: list[str]) -> None:
    """One ping, right after the first block has started."""
    assert outline(streamed(reply)[1]) == ["message_start", *expected, *ENDING]


def test_a_stream_begins_with_the_message_still_empty() -> None:
    """All keys in their order, nothing decided yet, and the input already counted."""
    message, events = streamed(text("Hi."))
    opening = events[0].data["message"]
    assert list(opening) == list(message)
    assert opening == {
        **message,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "usage": {**message["usage"], "output_tokens": 1},
    }


def test_a_stream_ends_with_the_stop_reason_and_the_whole_usage() -> None:
    """Cumulative: it is to replace what message_start said, not to be added to it."""
    _, events = streamed(tool_use("get_time", {}))
    assert events[-2].data == {
        "type": "message_delta",
        "delta": {"stop_reason": "tool_use", "stop_sequence": None, "stop_details": None},
        "usage": {
            "input_tokens": 8,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": 40,
        },
    }
    assert events[-1].data == {"type": "message_stop"}


def test_blocks_start_blank() -> None:
    """With the keys of the whole block, in their order."""
    _, events = streamed(
        turn(thinking("Hm.", signature="s"), text("Hi."), tool_use("f", {"a": 1}, id="toolu_01A"))
    )
    starts = [event.data["content_block"] for event in events if "content_block" in event.data]
    assert [json.dumps(start) for start in starts] == [
        '{"type": "thinking", "thinking": "", "signature": ""}',
        '{"type": "text", "text": ""}',
        (
            '{"type": "tool_use", "id": "toolu_01A", "name": "f", "input": {}, '
            '"caller": {"type": "direct"}}'
        ),
    ]
    indexes = [event.data["index"] for event in events if "content_block" in event.data]
    assert indexes == [0, 1, 2]


def test_the_first_piece_of_a_tools_input_is_empty() -> None:
    """And for a tool without input it is the only one."""

    def pieces(reply: Turn) -> list[str]:
        deltas = [event.data.get("delta", {}) for event in streamed(reply)[1]]
        return [delta["partial_json"] for delta in deltas if "partial_json" in delta]

    assert pieces(tool_use("f", {})) == [""]
    some = pieces(tool_use("f", {"city": "Rome", "days": [1, 2]}))
    assert (some[0], json.loads("".join(some))) == ("", {"city": "Rome", "days": [1, 2]})
    assert max(len(piece) for piece in some) <= 6


@settings(max_examples=150, deadline=None, derandomize=True)
@given(words=st.text(), given_input=st.dictionaries(st.text(), st.text()))
def test_the_pieces_add_up(words: str, given_input: dict[str, str]) -> None:
    """Whatever the text, no character is lost or changed."""
    reply = turn(thinking(words, signature="s"), text(words), tool_use("f", given_input))
    _, events = streamed(reply)
    deltas = [event.data.get("delta", {}) for event in events]
    for key in ("thinking", "text"):
        assert "".join(delta.get(key, "") for delta in deltas) == words
    written = "".join(delta.get("partial_json", "") for delta in deltas)
    assert json.loads(written or "{}") == given_input


def test_the_bytes_are_those_of_the_live_api() -> None:
    """Compact JSON with padding before the last brace, and a ping with a space after its colon."""
    _, events = streamed(text("Grüße"))
    written = b"".join(event.encode() for event in events).decode()
    blocks = written.split("\n\n")
    assert blocks[2] == 'event: ping\ndata: {"type": "ping"}'
    assert re.fullmatch(
        r'event: content_block_delta\ndata: \{"type":"content_block_delta","index":0,'
        r'"delta":\{"type":"text_delta","text":"Grüße"\} {0,15}\}',
        blocks[3],
    )
    assert blocks[-1] == ""
    assert "\r" not in written


def test_padding_has_0_to_15_spaces() -> None:
    """Naive comparisons of lines fail on it, as they do on the live API."""
    _, events = streamed(text("word " * 400))
    paddings = {event.padding for event in events if event.name != "ping"}
    assert paddings == set(range(16))
