"""Send requests to a simulated API, one after the other, and see what the cache was used for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.catalog import read_usage
from grader.exams import COUNTER, Exam, SdkObject
from grader.simulator import NEWEST_VERSION, Simulator, text

Json = Any

_HEADERS = {"x-api-key": "exam", "anthropic-version": NEWEST_VERSION}


@dataclass(frozen=True)
class Play:
    """Hold what came of one request: the API's objection, or its input tokens by class."""

    fault: str | None = None
    fresh: int = 0
    written_5m: int = 0
    written_1h: int = 0
    read: int = 0

    @property
    def written(self) -> int:
        """Return what was written, for either lifetime."""
        return self.written_5m + self.written_1h

    @property
    def summary(self) -> str:
        """Return what a panel shows of it."""
        return f"written {self.written}, read {self.read}"


def play(requests: Sequence[Json], *, minutes: Sequence[float] = ()) -> list[Play]:
    """Return what came of requests that are sent to one API, whose cache is empty at first.

    minutes: how long before each of them the one before was sent; one minute unless given.
    """
    now = 0.0
    simulator = Simulator(
        replies=lambda *_: text("Fine."), seed=0, clock=lambda: now, tokens=COUNTER
    )
    plays = []
    for number, request in enumerate(requests):
        now += 60 * (minutes[number] if number < len(minutes) else 1)
        plays.append(_sent(simulator, request))
    return plays


def find_refusal(exam: Exam, fault: str) -> str:
    """Return the mistake that an objection of the API shows."""
    return exam.explanation(f"BadRequestError: '{fault.partition(': ')[2]}") or "refused"


def played(usage: Json) -> Play:
    """Return the input tokens of a usage by class."""
    tokens = read_usage(usage)
    return Play(None, tokens.fresh, tokens.write_5m, tokens.write_1h, tokens.read)


def _sent(simulator: Simulator, request: Json) -> Play:
    try:
        body = json.dumps(request, default=_plain, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        return Play(f"{type(error).__name__}: {error}")
    reply = simulator.handle("POST", "/v1/messages", _HEADERS, body)
    # What a request writes can be read once its reply has begun.
    answer = json.loads(reply.content()) if reply.events is None else {}
    if reply.status != 200:
        return Play(f"{reply.status} {answer['error']['type']}: {answer['error']['message']}")
    if reply.events is not None:
        # A request that asks for a stream begins its reply with the first event.
        answer = next(iter(reply.events)).data["message"]
    return played(answer["usage"])


def _plain(value: object) -> Json:
    if isinstance(value, SdkObject):
        return value.data
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
