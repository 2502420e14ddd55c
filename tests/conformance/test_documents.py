"""Documents, citations, search results and files: every recorded scenario, step by step."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import pytest

from grader.simulator import Reply, Script, Simulator, Turn
from tests.conformance.conftest import UNDATED, recorded
from tests.conformance.history import compare
from tests.conformance.shapes import events_of, message_of, outline_of, shape_of
from tests.conformance.uploads import FILES, HEADERS, answer_files, is_about_files, with_own_files

Row = dict[str, Any]

SCENARIOS = re.compile(r"files-|citations-|document-")


@pytest.fixture(scope="module")
def scenarios() -> list[list[Row]]:
    """Return the recorded scenarios about documents and files, in the order of their steps."""
    rows = [row for row in recorded("features.jsonl") if SCENARIOS.match(row["scenario"])]
    rows.sort(key=lambda row: (row["scenario"], row["step"]))
    return [list(steps) for _, steps in groupby(rows, key=lambda row: row["scenario"])]


def message_in(row: Row) -> Any:
    """Return the message that a step was answered with, streamed or not."""
    return row["response"] or message_of(events_of(row["response_sse"]))


class Replay:
    """Send what was recorded to a simulator, with our ids in the place of recorded ones."""

    def __init__(self, row: Row) -> None:
        day = datetime.fromisoformat(row["date"] or UNDATED).replace(tzinfo=UTC).timestamp()
        self.said: Any = None
        self.simulator = Simulator(replies=self._reply, seed=1, clock=lambda: day)
        self.ids: dict[str, str] = {}

    def _reply(self, request: Any, card: Any) -> Any:
        message = self.said
        turn = Turn(tuple(message["content"]), message["stop_reason"], message["stop_sequence"])
        return Script(turn)(request, card)

    def send(self, row: Row) -> Reply:
        """Return the reply to one step; a message says what the recorded one said."""
        if is_about_files(row):
            return answer_files(row, self.simulator, self.ids)
        self.said = message_in(row)
        body = with_own_files(json.dumps(row["request"]), self.simulator, self.ids)
        return self.simulator.handle("POST", row["url_path"], HEADERS, body.encode())


def test_every_step_is_answered_as_recorded(
    scenarios: list[list[Row]], share: Callable[..., None]
) -> None:
    """Status, keys, order, types, stop reasons, the keys of usage, and the sequence of events."""
    assert len(scenarios) >= 13
    for steps in scenarios:
        replay = Replay(steps[0])
        for row in steps:
            reply = replay.send(row)
            assert reply.status == row["status"], (row["scenario"], row["step"], reply.body)
            check(reply, row)
            share("documents and files", is_right=True, is_newest=(row["date"] or "") >= "2026-04")


def check(reply: Reply, row: Row) -> None:
    """Compare a reply with the recorded one, by what kind of answer it is."""
    place = (row["scenario"], row["step"])
    if row["response_sse"]:
        recorded_events = outline_of(events_of(row["response_sse"]))
        sent = b"".join(event.encode() for event in reply.events or ()).decode()
        ours = outline_of(events_of(sent))
        assert compare(shape_of(ours), shape_of(recorded_events), row["date"]).wrong == (), place
        assert message_of(events_of(sent))["content"] == message_in(row)["content"]
        return
    theirs, ours = row["response"], reply.body
    if row["status"] != 200:
        words = re.compile(r"file_[0-9A-Za-z]+")
        assert list(ours) == list(theirs)
        assert words.sub("ID", json.dumps(ours["error"])) == words.sub(
            "ID", json.dumps(theirs["error"])
        )
    elif row["url_path"] == FILES and row["method"] == "GET":
        assert list(ours) == list(theirs)
        assert shape_of(ours["data"][0]) == shape_of(theirs["data"][0])
    elif "content" in theirs:
        shapes = [shape_of(ours), shape_of(theirs)]
        if row["response_fidelity"] != "raw":
            # Its keys were sorted when it was kept.
            shapes = [sorted(shape) for shape in shapes]
        assert compare(*shapes, row["date"]).wrong == (), place
        assert [block["type"] for block in ours["content"]] == [
            block["type"] for block in theirs["content"]
        ]
        assert ours["stop_reason"] == theirs["stop_reason"]
    else:
        same = [key for key in theirs if key not in ("id", "created_at")]
        assert {key: ours[key] for key in same} == {key: theirs[key] for key in same}
        if row["response_fidelity"] == "raw":
            assert shape_of(ours) == shape_of(theirs)
        else:
            assert sorted(shape_of(ours)) == sorted(shape_of(theirs))
