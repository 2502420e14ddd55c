"""Events in, a snapshot out: what a stream has brought, and when."""

from decimal import Decimal
from typing import Any

import pytest

from grader.catalog import find_model
from grader.classroom import replay_events
from grader.classroom.widgets.stream_record import StreamBlock, StreamRecord, Stretch

pytestmark = pytest.mark.usefixtures("small_catalog")

MODEL = "claude-sonnet-4-6"


def _record(events: list[Any], *, model: Any = MODEL) -> StreamRecord:
    """Return a record of events that came a tenth of a second apart."""
    record = StreamRecord(model)
    record.send()
    for at, event in enumerate(events, start=1):
        record.note(event, at / 10)
    return record


def _delta(index: int, kind: str, **piece: str) -> Any:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **piece}}


HEAD = [
    {"type": "message_start", "message": {"model": MODEL, "usage": {"input_tokens": 20}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    _delta(0, "text_delta", text="Paris"),
    _delta(0, "text_delta", text=" is"),
]
TAIL = [
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"output_tokens": 40},
    },
    {"type": "message_stop"},
]


def test_a_request_under_way_has_a_clock_and_nothing_else() -> None:
    """Nothing is known before the first event."""
    snapshot = _record([]).snapshot(0.7)
    assert (snapshot.state, snapshot.elapsed, snapshot.is_open) == ("waiting", 0.7, True)
    assert (snapshot.model, snapshot.usage, snapshot.cost, snapshot.first_event) == (
        *(MODEL, (), None),
        None,
    )


def test_a_stream_in_the_middle_shows_what_has_come() -> None:
    """Its block is not whole, and its output is counted here."""
    snapshot = _record(HEAD).snapshot(0.5)
    assert snapshot.state == "streaming"
    assert snapshot.blocks == (StreamBlock(0, "text", "", "Paris is", is_whole=False),)
    assert (snapshot.first_event, snapshot.first_text, snapshot.elapsed) == (0.1, 0.3, 0.5)
    assert snapshot.is_reckoned
    assert 2 <= snapshot.tokens["output_tokens"] <= 6
    assert snapshot.message is None


def test_events_of_one_kind_are_one_stretch() -> None:
    """The timeline is read at a glance."""
    assert _record(HEAD).snapshot().timeline == (
        Stretch("message_start", None, 0.1, 0.1, 1),
        Stretch("content_block_start", 0, 0.2, 0.2, 1),
        Stretch("text_delta", 0, 0.3, 0.4, 2),
    )


def test_a_stream_at_its_end_has_the_final_usage() -> None:
    """Cost is the catalog's, and the rate is over the time of the deltas."""
    record = _record([*HEAD, *TAIL])
    record.end(0.8)
    snapshot = record.snapshot(99.0)
    assert (snapshot.state, snapshot.stop_reason, snapshot.elapsed) == ("ended", "end_turn", 0.8)
    assert (snapshot.tokens, snapshot.is_reckoned) == (
        {"input_tokens": 20, "output_tokens": 40},
        False,
    )
    # 20 times 3 and 40 times 15 US dollars a million.
    assert snapshot.cost == Decimal("0.00066")
    assert snapshot.rate is not None
    assert round(snapshot.rate) == 400
    assert snapshot.message["content"] == [{"type": "text", "text": "Paris is"}]
    assert repr(snapshot) == "<claude-sonnet-4-6: ended, 0.80 s, stop_reason end_turn>"


def test_what_was_cached_is_priced_by_its_lifetime() -> None:
    """The lifetimes are nested in the usage of message_start."""
    usage = {
        "input_tokens": 5,
        "cache_creation_input_tokens": 3000,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 3000},
    }
    start = {"type": "message_start", "message": {"model": MODEL, "usage": usage}}
    snapshot = _record([start, *HEAD[1:], *TAIL]).snapshot()
    assert snapshot.cost == find_model(MODEL).cost_of({**usage, "output_tokens": 40})


def test_an_unknown_model_has_no_price_and_says_so() -> None:
    """It may be another server's."""
    for model, words in (
        ("llama3", "no price: the catalog has no model 'llama3'"),
        (None, "no price: the request names no model"),
    ):
        snapshot = _record([*HEAD, *TAIL], model=model).snapshot()
        assert (snapshot.cost, snapshot.price) == (None, words)
        assert snapshot.tokens["output_tokens"] == 40


def test_a_stream_that_nobody_ended_has_failed() -> None:
    """A proxy may close it without an error."""
    record = _record(HEAD)
    record.end(0.5)
    snapshot = record.snapshot()
    assert (snapshot.state, snapshot.stop_reason) == ("failed", None)
    assert "without a message_stop" in snapshot.trouble


def test_a_stream_that_was_stopped_keeps_what_came() -> None:
    """So does one whose cell was interrupted."""
    for is_interrupted, state in ((False, "stopped"), (True, "interrupted")):
        record = _record(HEAD)
        record.stop(0.45, interrupted=is_interrupted)
        snapshot = record.snapshot(3.0)
        assert (snapshot.state, snapshot.elapsed, snapshot.is_open) == (state, 0.45, False)
        assert snapshot.message["content"][0]["text"] == "Paris is"
        assert snapshot.is_reckoned


def test_a_tools_input_is_counted_while_it_grows() -> None:
    """The count of a stream never falls while more comes."""
    record = StreamRecord(MODEL)
    counts = []
    for at, event in enumerate(replay_events("two calls")[:-2]):
        record.note(event, at / 10)
        counts.append(record.snapshot().tokens["output_tokens"])
    assert counts == sorted(counts)
    assert counts[-1] > 40


def test_thousands_of_events_are_taken_as_they_come() -> None:
    """Text is joined when it is looked at, and its tokens are near the exact count."""
    record = _record([*HEAD[:2], *[_delta(0, "text_delta", text="word ") for _ in range(5000)]])
    assert 4_800 <= record.snapshot().tokens["output_tokens"] <= 5_300
