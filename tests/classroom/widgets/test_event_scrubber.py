"""The event scrubber: bytes, data and the message so far, from any record of a stream."""

from typing import Any

import pytest

from grader.classroom import connect, event_scrubber, replay_events
from grader.classroom.showing import Shown
from grader.classroom.widgets.event_scrubber import effect, moment, read_events
from tests.classroom.widgets.traits import button, controls, words

CALLS = replay_events("two calls")
LETTERS = next(
    place for place, event in enumerate(CALLS, 1) if event.get("delta", {}).get("partial_json")
)
"""The number of the first event that brings letters of a tool's input."""


def test_events_have_the_bytes_of_the_wire() -> None:
    """A name, and data in compact JSON."""
    last = read_events(CALLS)[-1]
    assert (last.number, last.kind) == (len(CALLS), "message_stop")
    assert last.raw == 'event: message_stop\ndata: {"type":"message_stop"}'


def test_a_recorded_stream_keeps_its_own_bytes() -> None:
    """As bytes, as text, or as the lines that the SDK hands out; padding stays."""
    ping, stop = 'data: {"type": "ping"}', 'data: {"type":"message_stop"   }'
    wire = f"event: ping\n{ping}\n\nevent: message_stop\n{stop}\n\n"
    for record in (wire, wire.encode(), wire.split("\n"), wire.replace("\n", "\r\n")):
        first, last = read_events(record)
        assert first.data == {"type": "ping"}
        assert last.raw == f"event: message_stop\n{stop}"


def test_events_of_the_sdk_are_taken_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    """What `stream=True` yields can be kept in a list and looked at."""
    client = connect(live=False)
    question: Any = [{"role": "user", "content": "What is the capital of France?"}]
    events = list(
        client.messages.create(
            model="claude-sonnet-4-6", max_tokens=50, messages=question, stream=True
        )
    )
    assert moment(read_events(events)).message["content"][0]["text"] == "Paris."


def test_a_message_grows_with_its_events() -> None:
    """A tool's input is letters until its block is whole."""
    read = read_events(CALLS)
    half = moment(read[:LETTERS])
    assert half.message["content"][1]["input"] == {}
    ((block, letters),) = half.inputs
    assert block == 1
    assert '{"city": "Paris", "unit": "celsius"}'.startswith(letters)
    assert letters
    whole = moment(read)
    assert whole.message["content"][1]["input"] == {"city": "Paris", "unit": "celsius"}
    assert whole.inputs == ()


def test_every_event_says_what_it_does() -> None:
    """In a few words, whatever its type; what is not known changes nothing."""
    read = read_events(
        [*CALLS[:4], {"type": "glow"}, *CALLS[-3:], *replay_events("overloaded")[-1:]]
    )
    assert [effect(event) for event in read] == [
        "the message begins, without content",
        "block 0 begins: text",
        "changes nothing",
        "adds 'I' to block 0",
        "changes nothing",
        "block 2 is whole",
        "stop_reason is tool_use, and usage is final",
        "nothing more comes",
        "the stream ends with overloaded_error",
    ]


def test_the_view_is_stepped_through_or_jumped_through() -> None:
    """Buttons and a number lead to the same step, and stay at the ends."""
    view = event_scrubber(CALLS).make_view()  # type: ignore[attr-defined]
    assert f"Event 1 of {len(CALLS)}: message_start, the message begins" in words(view)
    button(view, "Previous event").click()
    button(view, "Next event").click()
    assert f"Event 2 of {len(CALLS)}" in words(view)
    slider = controls(view)[0]
    slider.set(LETTERS - 1)
    said = words(view)
    assert f"Event {LETTERS} of {len(CALLS)}: content_block_delta, adds &#x27;" in said
    assert "&#x27; to block 1" in said
    assert "«{" in said
    assert "event: content_block_delta data: {" in said
    assert "+" in said
    slider.set(99)
    assert f"Event {len(CALLS)} of {len(CALLS)}: message_stop" in words(view)
    button(view, "Next event").click()
    assert controls(view)[0].value == str(len(CALLS) - 1)


def test_the_picture_has_every_event_and_the_message() -> None:
    """So that it can be read where there is no kernel."""
    shown = event_scrubber(CALLS)
    assert str(shown).splitlines()[3].split(maxsplit=2)[1:] == [
        "content_block_delta",
        "adds 'I' to block 0",
    ]
    assert shown.html.count("<tr>") == 1 + len(CALLS)
    assert "celsius" in shown.html
    long = event_scrubber([*CALLS[:2], *[CALLS[3]] * 400])
    assert "… and 102 more" in str(long)
    assert "… and 102 more" in long.html


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("nothing", "This text has no events: 'nothing'"),
        ("data: {half", "The data of event 1 isn't JSON"),
        ([], "This is []"),
        (7, "This is 7"),
        ([{"kind": "ping"}], "events[0] is {'kind': 'ping'}"),
        ([5], "events[0] is 5"),
    ],
    ids=["words", "half", "empty", "number", "no type", "no dict"],
)
def test_what_is_no_stream_gets_a_word(events: Any, said: str) -> None:
    """In the place of the widget, and nothing raises."""
    shown = event_scrubber(events)
    assert type(shown) is Shown
    assert str(shown).startswith(said)
    assert "Expected" in str(shown)
