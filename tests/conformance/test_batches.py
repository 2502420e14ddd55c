"""Message Batches: every recorded scenario, step by step, on a clock that follows it."""

import json
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest

from grader.simulator import Reply, Simulator
from tests.conformance import history
from tests.conformance.conftest import recorded
from tests.conformance.shapes import shape_of

Row = dict[str, Any]

BATCHES = "/v1/messages/batches"
COMPARED = ("content-type", "content-disposition", "retry-after", "x-should-retry")
"""The headers of a reply that say something of batches."""
ITEM = {
    "model": "claude-haiku-4-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Hello"}],
}


@pytest.fixture(scope="module")
def scenarios() -> list[list[Row]]:
    """Return the recorded requests about batches, by scenario, in the order of its steps."""
    rows = [
        row
        for row in recorded("features.jsonl")
        if any(kind.startswith("batch-") for kind in row["kinds"])
    ]
    rows.sort(key=lambda row: (row["scenario"], row["step"]))
    return [list(steps) for _, steps in groupby(rows, key=lambda row: row["scenario"])]


class Replay:
    """Send what was recorded to a simulator, with our ids in the place of recorded ones."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.simulator = Simulator(
            seed=1, clock=lambda: self.now, api_key="right", batch_seconds=100.0
        )
        self.ids: dict[str, str] = {}

    def send(self, row: Row) -> Reply:
        """Return the reply to one recorded request, on the state that its answer tells of."""
        path = row["url_path"]
        id = path.removeprefix(f"{BATCHES}/").partition("/")[0] if path != BATCHES else ""
        if id:
            # What another scenario created is created here, before it is asked for.
            path = path.replace(id, self.ids.get(id) or self.create(id))
        if "batch-status:ended" in row["kinds"]:
            self.now += 1000.0
        key = "wrong" if row["status"] == 401 else "right"
        headers = {**row["request_headers"], "x-api-key": key}
        body = b"" if row["request"] is None else json.dumps(row["request"]).encode()
        query = f"?{row['query']}" if row["query"] else ""
        reply = self.simulator.handle(row["method"], path + query, headers, body)
        if "batch-create" in row["kinds"] and reply.status == 200:
            self.ids[row["response"]["id"]] = reply.body["id"]
        return reply

    def create(self, id: str) -> str:
        """Create a batch of two items, and return our id for a recorded one."""
        body = {"requests": [{"custom_id": each, "params": ITEM} for each in "ab"]}
        headers = {"x-api-key": "right", "anthropic-version": "2023-06-01"}
        reply = self.simulator.handle("POST", BATCHES, headers, json.dumps(body).encode())
        self.ids[id] = reply.body["id"]
        return self.ids[id]


def test_every_step_is_answered_as_recorded(
    scenarios: list[list[Row]], share: Callable[..., None]
) -> None:
    """Status, keys and types in their order, counts, words of errors, headers that matter."""
    assert len(scenarios) >= 8
    for steps in scenarios:
        replay = Replay()
        for row in steps:
            reply = replay.send(row)
            assert reply.status == row["status"], (row["scenario"], row["step"])
            compare(reply, row)
            share("batches", is_right=True, is_newest=row["date"] >= "2026")


def compare(reply: Reply, row: Row) -> None:
    """Compare a reply with the recorded one, by what kind of answer it is."""
    theirs, ours = row["response"], reply.body
    if row["status"] != 200:
        # The request's id came into errors later than these were recorded.
        assert {key: ours[key] for key in theirs} == _with_our_id(theirs, ours)
    elif "batch-results" in row["kinds"]:
        lines = {line["custom_id"]: line for line in ours}
        assert len(ours) == len(theirs)
        for line in theirs:
            shapes = shape_of(lines[line["custom_id"]]), shape_of(line)
            assert history.compare(*shapes, row["date"]).wrong == ()
            assert lines[line["custom_id"]]["result"]["message"]["usage"]["service_tier"] == "batch"
    elif "batch-list" in row["kinds"]:
        assert list(ours) == list(theirs)
    else:
        assert shape_of(ours) == shape_of(theirs)
        same = ("type", "processing_status", "request_counts")
        assert [ours[key] for key in same] == [theirs[key] for key in same]
    for name in COMPARED:
        if name in row["response_headers"]:
            expected = row["response_headers"][name]
            told = reply.headers[name]
            assert told.split("msgbatch")[0] == expected.split("msgbatch")[0]
    assert ("retry-after" in reply.headers) == ("retry-after" in row["response_headers"])


def _with_our_id(theirs: Any, ours: Any) -> Any:
    """Return a recorded error with the id of our batch in its words."""
    words = theirs["error"]["message"].split()
    mine = ours["error"]["message"].split()
    told = [m if w.startswith("msgbatch_") else w for w, m in zip(words, mine, strict=True)]
    return {**theirs, "error": {**theirs["error"], "message": " ".join(told)}}


def test_a_list_holds_batches_in_the_recorded_shape(scenarios: list[list[Row]]) -> None:
    """Newest first; a page of one says that there are more."""
    rows = [row for steps in scenarios for row in steps if "batch-list" in row["kinds"]]
    replay = Replay()
    for id in ("older", "newer"):
        replay.create(id)
    for row in rows:
        listed = replay.send({**row, "kinds": ["batch-list"]}).body
        for ours in listed["data"]:
            alike = [
                shape_of(theirs)
                for theirs in row["response"]["data"]
                if theirs["processing_status"] == ours["processing_status"]
            ]
            assert not alike or shape_of(ours) in alike
    paged = next(row for row in rows if row["query"] == "limit=1")
    ours, theirs = replay.send(paged).body, paged["response"]
    assert shape_of({**ours, "data": []}) == shape_of({**theirs, "data": []})
    assert (len(ours["data"]), ours["has_more"]) == (len(theirs["data"]), theirs["has_more"])
