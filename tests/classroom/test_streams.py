"""Prepared streams are streams of the SDK, and events as on the wire."""

import time

import anthropic
import pytest

from grader.classroom import replay_events, replay_stream
from grader.classroom.streams import STREAMS
from grader.errors import ScriptError

WHOLE = [name for name in STREAMS if name != "overloaded"]


@pytest.mark.parametrize("scene", WHOLE)
def test_a_prepared_stream_comes_to_its_end(scene: str) -> None:
    """The SDK puts the blocks together that the scene was made of."""
    with replay_stream(scene) as stream:
        message = stream.get_final_message()
    made = STREAMS[scene]
    assert [block.type for block in message.content] == [block["type"] for block in made.content]
    assert message.stop_reason == made.stop_reason


def test_an_overloaded_stream_raises_after_some_text() -> None:
    """The status is that of the reply that had begun, and the type that of the error event."""
    pieces: list[str] = []
    with pytest.raises(anthropic.APIStatusError) as caught, replay_stream("overloaded") as stream:
        pieces.extend(stream.text_stream)
    assert (caught.value.status_code, caught.value.type) == (200, "overloaded_error")
    assert 1 <= len(pieces) <= 6


def test_events_are_those_of_the_wire() -> None:
    """The SDK swallows the ping and raises for the error; here both are seen."""
    types = [event["type"] for event in replay_events("overloaded")]
    assert types[:3] == ["message_start", "content_block_start", "ping"]
    assert types[-1] == "error"


def test_a_paced_stream_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits before the first event and between deltas; an unpaced one never does."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    with replay_stream("text") as stream:
        stream.until_done()
    assert waits == []
    with replay_stream("text", is_paced=True) as stream:
        stream.until_done()
    assert waits[0] > waits[1] == waits[-1] > 0


@pytest.mark.parametrize("play", [replay_stream, replay_events])
def test_an_unknown_stream_lists_those_there_are(play) -> None:
    """The error is a list to choose from."""
    with pytest.raises(ScriptError, match="There are: text, thinking aloud"):
        play("nobody")
