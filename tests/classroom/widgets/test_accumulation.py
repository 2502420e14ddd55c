"""A message that is put together from its events is the one that the SDK puts together."""

import json
from typing import Any

import pytest

from grader.classroom import replay_events, replay_stream
from grader.classroom.streams import STREAMS
from grader.classroom.widgets.accumulation import Accumulation


def _made_of(events: list[Any]) -> Accumulation:
    made = Accumulation()
    for event in events:
        made.add(event)
    return made


@pytest.mark.parametrize("scene", [name for name in STREAMS if name != "overloaded"])
def test_a_whole_stream_makes_the_message_of_the_sdk(scene: str) -> None:
    """Blocks, end and usage are all there."""
    with replay_stream(scene) as stream:
        theirs = stream.get_final_message().to_dict()
    ours = _made_of(replay_events(scene)).snapshot()
    assert [block["type"] for block in ours["content"]] == [
        block["type"] for block in theirs["content"]
    ]
    for mine, other in zip(ours["content"], theirs["content"], strict=True):
        for key in ("text", "thinking", "name", "input"):
            assert mine.get(key) == other.get(key)
    assert ours["stop_reason"] == theirs["stop_reason"]
    assert ours["usage"]["output_tokens"] == theirs["usage"]["output_tokens"]


def test_a_call_grows_as_text_and_is_read_when_its_block_is_whole() -> None:
    """Half an input is no input."""
    events = replay_events("two calls")
    stop = next(
        at
        for at, event in enumerate(events)
        if event["type"] == "content_block_stop" and event["index"] == 1
    )
    made = _made_of(events[:stop])
    assert made.snapshot()["content"][1]["input"] == {}
    assert json.loads(made.words_of(1)) == {"city": "Paris", "unit": "celsius"}
    made.add(events[stop])
    assert made.snapshot()["content"][1]["input"] == {"city": "Paris", "unit": "celsius"}
    assert made.whole == {0, 1}


def test_a_call_that_was_cut_off_keeps_the_letters_that_came() -> None:
    """max_tokens may end a reply in the middle of its JSON."""
    made = _made_of(
        [
            {"type": "message_start", "message": {"content": []}},
            {"type": "content_block_start", "index": 0, "content_block": {"input": {}}},
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "input_json_delta", "partial_json": '{"a": tr'},
            },
            {"type": "content_block_stop", "index": 0},
        ]
    )
    assert made.words_of(0) == '{"a": tr'
    assert made.snapshot()["content"] == [{"input": {}}]


def test_what_is_not_known_changes_nothing() -> None:
    """New types of events and deltas come, and other servers leave things out."""
    events = replay_events("text")
    odd = [
        {"type": "ping"},
        {"type": "content_block_delta", "index": 7, "delta": {"type": "text_delta", "text": "?"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "glow_delta", "glow": 1}},
        {"type": "glow"},
        {"type": "message_delta"},
    ]
    assert _made_of([*events[:4], *odd, *events[4:]]).snapshot() == _made_of(events).snapshot()


def test_events_stay_as_they_are() -> None:
    """Whoever recorded them may use them again."""
    events = replay_events("thinking aloud")
    before = json.dumps(events)
    _made_of(events).snapshot()["content"].clear()
    assert json.dumps(events) == before
