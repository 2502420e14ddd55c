"""The wire: how values and events become bytes."""

import pytest

from grader.simulator import Reply, ServerSentEvent
from grader.simulator.wire import to_json


def test_json_is_compact_and_not_escaped() -> None:
    """As the live API writes it."""
    assert to_json({"a": [1, None, "Grüße 世界"]}) == '{"a":[1,null,"Grüße 世界"]}'
    assert Reply(200, {}, {"a": "ü"}).content() == b'{"a":"\xc3\xbc"}'


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            ServerSentEvent("message_stop", {"type": "message_stop"}, padding=3),
            b'event: message_stop\ndata: {"type":"message_stop"   }\n\n',
        ),
        (ServerSentEvent("ping", {"type": "ping"}), b'event: ping\ndata: {"type": "ping"}\n\n'),
        (ServerSentEvent(None, {"id": "a"}), b'data: {"id":"a"}\n\n'),
        (ServerSentEvent(None, "[DONE]"), b"data: [DONE]\n\n"),
        (
            ServerSentEvent("content_block_delta", {"text": "a\nb\r\u2028"}),
            b'event: content_block_delta\ndata: {"text":"a\\nb\\r\xe2\x80\xa8"}\n\n',
        ),
        (ServerSentEvent(None, {"text": "\udc80"}), b'data: {"text":"\\udc80"}\n\n'),
    ],
    ids=["padded", "ping", "unnamed", "done", "line ends", "half a pair"],
)
def test_an_event_is_two_lines_and_an_empty_one(event: ServerSentEvent, expected: bytes) -> None:
    """One for OpenAI's chunks, which have no name."""
    assert event.encode() == expected
