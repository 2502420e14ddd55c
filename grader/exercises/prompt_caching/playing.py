"""Send requests to a simulated API, one after the other, and see how they used the cache."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.catalog import Tokens, read_usage
from grader.exams import Exam, exam_simulator, objection_of
from grader.simulator import Simulator, text

Json = Any


_NONE = Tokens(fresh=0, output=0)


@dataclass(frozen=True)
class Play:
    """Hold the result of one request: the API's objection, or its input tokens by class."""

    fault: str | None = None
    tokens: Tokens = _NONE

    @property
    def read(self) -> int:
        """Return the tokens read from the cache."""
        return self.tokens.read

    @property
    def written(self) -> int:
        """Return the tokens written to it, for either lifetime."""
        return self.tokens.written

    @property
    def summary(self) -> str:
        """Return what a panel shows of it."""
        return f"written {self.written}, read {self.read}"


def play(requests: Sequence[Json], *, minutes: Sequence[float] = ()) -> list[Play]:
    """Send requests to one API, whose cache is empty at first, and return the results.

    minutes: how long after the request before it each one is sent; by default one minute.
    """
    now = 0.0
    simulator = exam_simulator(lambda *_: text("Fine."), seed=0, clock=lambda: now)
    plays = []
    for number, request in enumerate(requests):
        now += 60 * (minutes[number] if number < len(minutes) else 1)
        plays.append(_sent(simulator, request))
    return plays


def find_refusal(exam: Exam, fault: str) -> str:
    """Return the mistake that an objection from the API shows."""
    return exam.explanation(f"BadRequestError: '{fault.partition(': ')[2]}") or "refused"


def input_of(usage: Json) -> Play:
    """Return a play with the input tokens of a usage."""
    return Play(tokens=replace(read_usage(usage), output=0))


def _sent(simulator: Simulator, request: Json) -> Play:
    fault, reply = objection_of(simulator, request)
    if reply is None:
        return Play(fault)
    # The cache serves what a request wrote once its reply has begun: in a stream, its first event.
    if reply.events is None:
        return input_of(json.loads(reply.content())["usage"])
    return input_of(next(iter(reply.events)).data["message"]["usage"])
