"""The Messages API's streams: the events of a message, their order, and the bytes they become."""

import itertools
import json
import re
import statistics
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import find_model
from grader.simulator import Pace, ServerSentEvent, Turn, empty, text, thinking, tool_use, turn
from grader.simulator.dialects import MESSAGES, message_events
from grader.simulator.identifiers import Identifiers
from grader.simulator.message import make_message
from grader.simulator.stream import break_off

REQUEST = {"max_tokens": 1_000, "messages": [{"role": "user", "content": "Hello"}]}


PROSE = (
    "The Messages API is stateless: each request carries the whole conversation, and nothing of "
    "the one before is kept. A tool's result, an image or a document is one more block of content. "
) * 60


def streamed(
    reply: Turn, *, model: str = "claude-sonnet-4-6", seed: int = 1
) -> tuple[Any, list[ServerSentEvent]]:
    """Return a whole message, and its events."""
    ids = Identifiers(seed)
    message = make_message(reply, REQUEST, find_model(model), ids)
    return message, list(message_events(message, ids, Pace()))


def outline(events: list[ServerSentEvent]) -> list[str]:
    """Return the names of events, with the kind of a delta; those of one kind in a row as one."""
    names = (event.data.get("delta", {}).get("type", event.name) for event in events)
    return [name for name, _ in itertools.groupby(names)]


def pieces(events: list[ServerSentEvent], key: str) -> list[str]:
    """Return what the deltas carry under a key, such as text."""
    deltas = [event.data.get("delta", {}) for event in events]
    return [delta[key] for delta in deltas if key in delta]


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
        "usage": {**message["usage"], "output_tokens": opening["usage"]["output_tokens"]},
    }


def test_a_stream_begins_with_few_output_tokens() -> None:
    """Recorded: 1 in more than half of all streams, else 2 to 8; never more than in the end."""
    begun = [
        streamed(text(PROSE[:99]), seed=seed)[1][0].data["message"]["usage"]["output_tokens"]
        for seed in range(300)
    ]
    assert set(begun) == {1, 2, 3, 4, 5, 8}
    assert 0.45 < begun.count(1) / len(begun) < 0.65
    nothing = [
        streamed(empty(), seed=seed)[1][0].data["message"]["usage"]["output_tokens"]
        for seed in range(20)
    ]
    assert nothing == [1] * 20


def test_a_stream_ends_with_the_stop_reason_and_the_whole_usage() -> None:
    """Cumulative: it is to replace what message_start said, not to be added to it."""
    message, events = streamed(tool_use("get_time", {}))
    usage = message["usage"]
    assert events[-2].data == {
        "type": "message_delta",
        "delta": {
            "stop_reason": "tool_use",
            "stop_sequence": None,
            "stop_details": None,
            "container": None,
        },
        "usage": {
            "input_tokens": usage["input_tokens"],
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": usage["output_tokens"],
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
    assert pieces(streamed(tool_use("f", {}))[1], "partial_json") == [""]
    some = pieces(streamed(tool_use("f", {"city": "Köln", "days": [1, 2]}))[1], "partial_json")
    assert (some[0], "" in some[1:]) == ("", False)
    # Recorded: written with spaces, unlike all else on the wire.
    assert "".join(some) == '{"city": "Köln", "days": [1, 2]}'


def spread(given_pieces: list[str]) -> tuple[float, int]:
    """Return the median and the 90th percentile of the pieces' lengths."""
    lengths = [len(piece) for piece in given_pieces]
    return statistics.median(lengths), int(statistics.quantiles(lengths, n=10)[-1])


def test_pieces_are_as_long_as_recorded_ones() -> None:
    """Text: median 9 characters, a tenth 48 and more; a tool's input: 5, and 11 and more."""
    words = [
        piece for seed in range(10) for piece in pieces(streamed(text(PROSE), seed=seed)[1], "text")
    ]
    median, tenth = spread(words)
    assert 8 <= median <= 13
    assert 42 <= tenth <= 60
    call = tool_use("f", {"query": PROSE})
    fragments = [
        piece
        for seed in range(3)
        for piece in pieces(streamed(call, seed=seed)[1], "partial_json")[1:-1]
    ]
    assert spread(fragments) == (5, 11)
    assert max(map(len, fragments)) == 12


def test_pieces_mostly_end_where_a_word_does() -> None:
    """Recorded: one in seven ends within a word, which a client must not split words by."""
    words = pieces(streamed(text(PROSE))[1], "text")
    within = [a[-1].isalnum() and b[0].isalnum() for a, b in itertools.pairwise(words)]
    assert 0.05 < sum(within) / len(within) < 0.25


def test_a_text_of_two_words_never_comes_in_one_piece() -> None:
    """So that printing live can be told from collecting first, whatever the seed."""
    for seed in range(50):
        assert pieces(streamed(text("Hello there"), seed=seed)[1], "text")[0] == "Hello"


def test_what_is_read_meanwhile_does_not_change_a_stream() -> None:
    """Two streams that are read by turns are those read one after the other."""

    def drawn(*, by_turns: bool) -> list[list[ServerSentEvent]]:
        ids = Identifiers(5)
        message = make_message(text(PROSE), REQUEST, find_model("claude-sonnet-4-6"), ids)
        first, second = (message_events(message, ids, Pace()) for _ in range(2))
        if by_turns:
            return [list(events) for events in zip(*zip(first, second, strict=False), strict=True)]
        return [list(first), list(second)]

    apart, together = drawn(by_turns=False), drawn(by_turns=True)
    assert apart[0] != apart[1]
    for one, other in zip(apart, together, strict=True):
        assert one[: len(other)] == other


@pytest.mark.parametrize("kind", ["server_tool_use", "mcp_tool_use"])
def test_a_server_tools_input_comes_in_fragments_too(kind: str) -> None:
    """And the block that holds its result comes whole in its start."""
    call = {"type": kind, "id": "srvtoolu_01", "name": "web_search", "input": {"query": "Rome"}}
    call |= {"server_name": "a"} if kind == "mcp_tool_use" else {}
    found = {
        "type": "web_search_tool_result",
        "tool_use_id": "srvtoolu_01",
        "content": [],
        "caller": {"type": "direct"},
    }
    _, events = streamed(Turn((call, found)))
    starts = [event.data["content_block"] for event in events if "content_block" in event.data]
    assert starts == [{**call, "input": {}}, found]
    assert "".join(pieces(events, "partial_json")) == '{"query": "Rome"}'


@settings(max_examples=150)
@given(words=st.text(), after=st.integers(0, 30))
def test_a_stream_that_breaks_off_never_ends(words: str, after: int) -> None:
    """It has so many deltas or all there are, then what broke it, and no end of its own."""
    _, whole = streamed(turn(text(words), tool_use("f", {"words": words})))
    error = ServerSentEvent("error", {"type": "error"})
    events = list(break_off(iter(whole), MESSAGES.stage_of, after=after, last=error))
    deltas = [event for event in whole if event.name == "content_block_delta"]
    kept = [event for event in events if event.name == "content_block_delta"]
    assert kept == deltas[:after]
    assert events[:-1] == whole[: len(events) - 1]
    assert events[-1] == error
    assert not {"message_delta", "message_stop"} & {event.name for event in events}
    assert list(break_off(iter(whole), MESSAGES.stage_of, after=after, last=None)) == events[:-1]


def test_a_realistic_pace_streams_about_70_tokens_a_second() -> None:
    """By the average length of a delta; tests have none."""
    pace = Pace.realistic()
    words = pieces(streamed(text(PROSE))[1], "text")
    tokens = len(PROSE) / len(words) / 4.2
    assert 50 < tokens / pace.between_deltas < 90
    assert (pace.first_token, Pace()) == (0.6, Pace(0.0, 0.0))


@settings(max_examples=150)
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
