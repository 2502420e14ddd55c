"""Streams that no learner has seen: a reply's events, and the message that they make up."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from grader.catalog import active_models
from grader.exams import Exam, exam_simulator, post
from grader.exercises.loops import new_request
from grader.simulator import Script, Scripted

Json = Any

PING = {"type": "ping"}


@dataclass(frozen=True)
class Streamed:
    """Hold one reply as events on the wire, and the same reply without a stream.

    Most recorded streams have one ping; these have none, so that pings can be put in on purpose.
    """

    events: list[Json]
    message: Json

    def pieces(self, kind: str, key: str) -> list[Json]:
        """Return the pieces of the deltas of one type, such as "text_delta" with "text"."""
        deltas = [event["delta"] for event in self.of_type("content_block_delta")]
        return [delta[key] for delta in deltas if delta["type"] == kind]

    def of_type(self, kind: str) -> list[Json]:
        """Return the events of one type."""
        return [event for event in self.events if event["type"] == kind]


def streamed(exam: Exam, reply: Scripted) -> Streamed:
    """Return the stream of a reply, cut into new pieces each time."""
    simulator = exam_simulator(Script(reply), seed=exam.number(0, 2**32 - 1))
    answer = post(simulator, new_request(exam, model=exam.pick(*active_models()), stream=True))
    events = [copy.deepcopy(event.data) for event in answer.events or ()]
    return Streamed([event for event in events if event != PING], simulator.transcript[-1].message)


def new_text(exam: Exam) -> str:
    """Return a text that takes several pieces; the longest piece has fewer than 100 letters."""
    return f"{exam.words(24)}, {exam.words(24)}. "


def new_input(exam: Exam) -> dict[str, Json]:
    """Return the input of a tool call that takes several pieces and has nested values."""
    return {
        "place": exam.words(3),
        "count": exam.number(2, 900),
        "tags": exam.words(2).split(),
        "options": {"key": exam.fresh("key"), "is_new": exam.pick(True, False)},
    }
