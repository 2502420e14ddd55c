"""OpenAI's Responses, as recorded: what is sent is accepted, and answered in the same shape."""

import json
import re
from itertools import groupby
from typing import Any

import pytest

from grader.simulator import Reply, Script, Simulator, Turn, empty, text, thinking, tool_use, turn
from tests.conformance.conftest import recorded
from tests.conformance.shapes import shape_of

Row = dict[str, Any]

NEWEST = "2026-07"
"""Since this month the recordings have the shape that the simulator sends."""

OLDER = {"reasoning.generate_summary"}
"""What only replies of March and April 2025 have."""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Return every recorded pair."""
    return recorded("responses.jsonl")


def resent(row: Row, script: Any) -> Reply:
    """Return the reply to a recorded request, answered from a script."""
    simulator = Simulator(replies=script, seed=1)
    headers = {"authorization": "Bearer k"}
    return simulator.handle("POST", row["url_path"], headers, json.dumps(row["request"]).encode())


def response_in(row: Row) -> Any:
    """Return the recorded response, plain or at the end of a stream."""
    if row["response"]:
        return row["response"]
    return events_in(row["response_sse"])[-1]["response"]


def events_in(stream: str) -> list[Any]:
    """Return the data of the events of a recorded stream."""
    return [json.loads(data) for data in re.findall(r"^data: (\{.*\})$", stream, re.MULTILINE)]


def said_in(response: Any) -> Turn | None:
    """Return the turn that says what a recorded response said; None where a tool was OpenAI's."""
    parts: list[Turn] = []
    for item in response["output"]:
        if item["type"] == "reasoning":
            summary = "".join(part["text"] for part in item["summary"])
            parts.append(thinking(summary or "Hm."))
        elif item["type"] == "message":
            parts += [text(part["text"]) for part in item["content"]]
        elif item["type"] == "function_call":
            parts.append(tool_use(item["name"], json.loads(item["arguments"])))
        else:
            return None
    return turn(*parts) if parts else empty()


def created(rows: list[Row]) -> list[tuple[Row, Turn]]:
    """Return the answered requests for a response that the simulator can answer, with the turn."""
    asked = [row for row in rows if row["url_path"] == "/v1/responses" and row["status"] == 200]
    pairs = [(row, said_in(response_in(row))) for row in asked if row["method"] == "POST"]
    return [(row, said) for row, said in pairs if said is not None]


def is_background(row: Row) -> bool:
    """Return whether a row asks for a response that is made later."""
    return row["request"].get("background") is True


def typed(value: Any) -> list[tuple[str, str]]:
    """Return the shape of a value without the schemas that somebody wrote, in no order.

    Recorded plain bodies were sorted by the tool that kept them.
    """
    told = [pair for pair in shape_of(value) if not re.search(r"(parameters|schema)\.", pair[0])]
    return sorted(pair for pair in told if ".summary" not in pair[0])


def test_every_recorded_request_is_accepted(rows: list[Row]) -> None:
    """Those that OpenAI answered, tools of its own included."""
    posted = [row for row in rows if row["method"] == "POST" and row["status"] == 200]
    accepted = [row for row in posted if not row["url_path"].endswith("/compact")]
    assert len(accepted) >= 27
    for row in accepted:
        reply = resent(row, Script(text("Hi.")))
        assert reply.status == 200, (row["scenario"], reply.body)


def test_every_recorded_error_is_repeated_word_for_word(rows: list[Row]) -> None:
    """Its message, its type, its parameter and its code."""
    refused = [row for row in rows if row["status"] == 400]
    assert len(refused) == 2
    for row in refused:
        reply = resent(row, Script(text("Hi.")))
        assert (reply.status, reply.body) == (400, row["response"])


def test_plain_responses_have_the_recorded_keys_and_types(rows: list[Row]) -> None:
    """At every depth; what older ones lack they lacked then."""
    newest = 0
    for row, said in created(rows):
        if row["response"] is None:
            continue
        reply = resent(row, Script(said))
        ours, theirs = dict(reply.body), dict(row["response"])
        for whole in (ours, theirs):
            # Its names are the caller's.
            whole.pop("metadata")
        if row["date"] >= NEWEST:
            newest += 1
            assert typed(ours) == typed(theirs), row["scenario"]
        else:
            kinds = dict(typed(ours))
            lost = [path for path, _ in typed(theirs) if path not in {*kinds, *OLDER}]
            assert lost == [], row["scenario"]
            for path, kind in typed(theirs):
                both = {kind, kinds.get(path, kind)}
                assert len(both) == 1 or "null" in both, (row["scenario"], path)
    assert newest >= 3


def test_output_says_what_was_recorded(rows: list[Row]) -> None:
    """Items of the same types, texts, names and arguments, and the same status."""
    compared = 0
    for row, said in created(rows):
        if is_background(row):
            continue
        reply = resent(row, Script(said))
        ours = reply.body or list(reply.events)[-1].data["response"]
        theirs = response_in(row)
        assert ours["status"] == theirs["status"]
        for item, old in zip(ours["output"], theirs["output"], strict=True):
            compared += 1
            kept = ("type", "role", "status", "name", "phase")
            assert [item.get(key) for key in kept if key in old] == [
                old[key] for key in kept if key in old
            ], row["scenario"]
            if old["type"] == "message":
                assert [p["text"] for p in item["content"]] == [p["text"] for p in old["content"]]
            if old["type"] == "function_call":
                assert json.loads(item["arguments"]) == json.loads(old["arguments"])
    assert compared >= 25


def test_streams_have_the_recorded_events_in_their_order(rows: list[Row]) -> None:
    """With the keys in their order, and numbers from 0."""
    newest = 0
    for row, said in created(rows):
        if row["response_sse"] is None:
            continue
        sent = [event.data for event in resent(row, Script(said)).events]
        recorded_events = events_in(row["response_sse"])
        assert [event["sequence_number"] for event in sent] == list(range(len(sent)))
        ours, theirs = outline(sent), outline(recorded_events)
        assert [event["type"] for event in ours] == [event["type"] for event in theirs]
        if row["date"] >= NEWEST:
            newest += 1
            for one, other in zip(ours, theirs, strict=True):
                assert keys(one) == keys(other), (row["scenario"], one["type"])
    assert newest >= 2


def outline(events: list[Any]) -> list[Any]:
    """Return the events; deltas of one kind in a row count as one."""
    runs = groupby(events, key=lambda e: e["type"] if e["type"].endswith("delta") else id(e))
    return [next(run) for _, run in runs]


def keys(event: Any) -> Any:
    """Return the keys of an event in their order, those of its response and its item with them."""
    inner = [list(event[key]) for key in ("response", "item", "part") if key in event]
    return [list(event), *inner]


def test_a_background_response_is_queued_and_then_there(rows: list[Row]) -> None:
    """Both shapes are the recorded ones."""
    queued, done = (row for row in rows if row["scenario"] == "background-reasoning")
    simulator = Simulator(replies=Script(said_in(done["response"])), seed=1)
    headers, body = {"authorization": "Bearer k"}, json.dumps(queued["request"]).encode()
    reply = simulator.handle("POST", "/v1/responses", headers, body)
    assert typed(reply.body) == typed(queued["response"])
    assert reply.body["status"] == queued["response"]["status"] == "queued"
    ready = simulator.handle("GET", f"/v1/responses/{reply.body['id']}", headers, b"")
    assert typed(ready.body) == typed(done["response"])


def test_counting_answers_in_the_recorded_shape(rows: list[Row]) -> None:
    """A number, and what it is."""
    (row,) = [row for row in rows if row["url_path"].endswith("/input_tokens")]
    body = resent(row, Script()).body
    assert sorted(body) == sorted(row["response"])
    assert body["object"] == row["response"]["object"]
