"""Long conversations: recorded summaries, edits and changes of tools are answered as they were.

A scenario's steps go to one simulator in turn, which says what the model said: keys, types, their
order where the body was kept as received, stop reasons, usage, events.
"""

from typing import Any

import pytest

from tests.conformance.history import compare
from tests.conformance.shapes import Shape, events_of, message_of, outline_of, shape_of
from tests.conformance.test_binding import replay, scenarios

Row = dict[str, Any]

SCENARIOS = (
    "cache-prefix-tool-addition-delta",
    "clear-thinking-keep-all",
    "compaction-end-to-end",
    "compaction-on-demand-max-tokens",
    "compaction-threshold-cache",
    "compaction-threshold-cache-stream",
)
KNOWN = {
    "usage.server_tool_use": "a count of zero searches, in one reply of April 2026",
}
"""Paths that a recorded reply has and ours lacks, with the reason."""


def replayed(name: str) -> list[tuple[Row, Any, Any]]:
    """Return each step of a scenario with what it was answered, there and here."""
    steps = list(replay(scenarios()[name], None))
    assert [status for _, status, _ in steps] == [row["status"] for row, _, _ in steps]
    return [(row, _recorded(row), ours) for row, _, ours in steps]


def _recorded(row: Row) -> Any:
    return row["response"] or message_of(events_of(row["response_sse"]))


def known(shape: Shape) -> Shape:
    """Return a shape without what is known to be missing here."""
    return [each for each in shape if not any(_lies_in(each[0], path) for path in KNOWN)]


def _lies_in(path: str, whole: str) -> bool:
    return path == whole or path.startswith(f"{whole}.")


@pytest.mark.parametrize("name", SCENARIOS)
def test_recorded_replies_have_their_shape(name: str) -> None:
    """At every depth; in their order where it was kept."""
    for row, recorded, ours in replayed(name):
        if row["response"] is None:
            continue
        here, there = shape_of(ours), known(shape_of(recorded))
        if row["response_fidelity"] != "raw":
            here, there = sorted(here), sorted(there)
        assert compare(here, there, row["date"]).wrong == ()


@pytest.mark.parametrize("name", SCENARIOS)
def test_recorded_replies_say_the_same(name: str) -> None:
    """What was said, why it stopped, which calls it took, and what was edited."""
    for _, recorded, ours in replayed(name):
        assert ours["content"] == recorded["content"]
        assert ours["stop_reason"] == recorded["stop_reason"]
        assert ours.get("context_management") == recorded.get("context_management")
        calls = [
            [call["type"] for call in message["usage"].get("iterations", ())]
            for message in (ours, recorded)
        ]
        assert calls[0] == calls[1]


def test_the_recorded_stream_has_its_events() -> None:
    """The summary in one delta, then the reply; the first usage is that of the summary."""
    (row,) = scenarios()["compaction-threshold-cache-stream"]
    sent = streamed(row)
    recorded = events_of(row["response_sse"])
    shapes = shape_of(outline_of(sent)), known(shape_of(outline_of(recorded)))
    assert compare(*shapes, row["date"]).wrong == ()
    for events in (sent, recorded):
        first = events[0]["message"]["usage"]
        last = next(event for event in events if event["type"] == "message_delta")["usage"]
        call = last["iterations"][0]
        assert first["input_tokens"] == call["input_tokens"] == 100
        told = (first["cache_creation_input_tokens"], first["cache_read_input_tokens"])
        assert told == (call["cache_creation_input_tokens"], call["cache_read_input_tokens"])


def streamed(row: Row) -> list[Any]:
    """Return the events of a streamed step, parsed."""
    events: list[Any] = []
    for _ in replay([row], None, events=events):
        pass
    return events_of(b"".join(event.encode() for event in events).decode())


def test_summaries_cost_about_what_they_cost() -> None:
    """The prompt of each call, estimated, within 8 %; what asks for the summary to the token."""
    compared = 0
    for name in SCENARIOS:
        for _, recorded, ours in replayed(name):
            pairs = zip(
                ours["usage"].get("iterations", ()),
                recorded["usage"].get("iterations", ()),
                strict=True,
            )
            for here, there in pairs:
                wholes = [
                    sum(
                        call[key]
                        for key in (
                            "input_tokens",
                            "cache_read_input_tokens",
                            "cache_creation_input_tokens",
                        )
                    )
                    for call in (here, there)
                ]
                assert abs(wholes[0] - wholes[1]) <= 0.08 * wholes[1]
                compared += 1
    assert compared == 8
