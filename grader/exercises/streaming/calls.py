"""Call a function that streams, and judge that it sent one request, as given."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.catalog import active_models
from grader.exams import Called, Exam, Opaque
from grader.exercises.loops import new_request
from grader.exercises.readings import differing, is_same
from grader.simulator import Exchange, Scripted

Json = Any

_MOST_REQUESTS = 4
"""How many requests of one call we answer, so that we can tell asking twice from failing."""

FIRST_DELTA = 4
"""How many events it takes to read a reply's first delta: start, block, ping, delta."""

AFTER_DELTAS = 3
"""How many events follow the last delta of a reply: block stop, message delta, message stop."""


@dataclass(frozen=True)
class Streaming:
    """Hold the result of one call of a function that streams.

    exchange: the request and its reply, as the API saw them.
    given: what the function passed to the exam's own function, call by call.
    read: how many events it had pulled from the stream by each of these calls.
    """

    called: Called
    exchange: Exchange
    given: list[Json]
    read: list[int]

    @property
    def total(self) -> int:
        """Return how many events the function pulled in all."""
        return self.exchange.events_sent

    def is_live(self, *, until: int) -> bool:
        """Return whether each delta led to a call of the exam's function as soon as it was read.

        until: how many events it takes to read the last of these deltas.
        """
        return sorted({*self.read}) == [*range(FIRST_DELTA, until + 1)]


def call_streaming(
    exam: Exam,
    reply: Scripted,
    name: str,
    body: Callable[[Json], Json],
    *,
    judges: tuple[str, ...],
    may_raise: tuple[str, ...] = (),
    crash: str | None = None,
) -> Streaming | None:
    """Call with a new request and a function of the exam, and judge the criterion "asks".

    name, body: of that function. None when no streamed request came.
    """
    scene = exam.scene(*[reply] * _MOST_REQUESTS)
    request = new_request(
        exam, model=exam.pick(*active_models()), metadata={"user_id": exam.fresh("user")}
    )
    given: list[Json] = []
    read: list[int] = []

    def function(*values: Json, **_named: Json) -> Json:
        given.append(values[0] if len(values) == 1 else values)
        read.append(sum(exchange.events_sent for exchange in scene.asked))
        return body(given[-1])

    asked: list[bool] = []

    def sent(called: Called | None) -> None:
        asked.append(_is_asked(exam, scene.requests, request, called))

    called = exam.call(
        scene.client,
        copy.deepcopy(request),
        exam.function(name, function),
        judges=judges,
        may_raise=may_raise,
        crash=crash,
        sent=sent,
    )
    return Streaming(called, scene.asked[0], given, read) if asked == [True] else None


def _is_asked(exam: Exam, requests: list[Json], request: Json, called: Called | None) -> bool:
    value = None if called is None else called.value
    is_generator = isinstance(value, Opaque) and value.type == "generator"
    wrong = exam.which({"generator-returned": is_generator}, otherwise="no-request")
    if not exam.expect("asks", bool(requests), wrong, value):
        return False
    if not exam.expect("asks", len(requests) == 1, "requests-counted", len(requests)):
        return False
    arrived = dict(requests[0])
    is_stream = arrived.pop("stream", False) is True
    observed = "a request without stream: true"
    if not exam.expect("asks", is_stream, "not-streamed", observed):
        return False
    changed = ", ".join(differing(arrived, request))
    exam.expect("asks", is_same(arrived, request), "request-changed", changed)
    if called is not None:
        after = called.arguments[1]
        changed = ", ".join(differing(after, request)) if isinstance(after, dict) else after
        exam.expect("asks", is_same(after, request), "request-mutated", changed)
    return True
