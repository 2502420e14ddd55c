"""A scene: one scripted simulator with its transcript, and the handle of its client."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from grader.exams.allowance import Allowance
from grader.exams.counting import exam_simulator
from grader.exams.description import ClientHandle
from grader.exams.in_flight import InFlight
from grader.simulator import FAULT_HEADER, Exchange, Fault, Replies, ServerSentEvent

Json = Any

_MESSAGES = "/v1/messages"
_COUNT = "/v1/messages/count_tokens"


class Scene:
    """Answer the requests of one client from a script or by what they say, and keep them.

    client: the handle to pass to `exam.call`.
    in_flight: the requests of an asynchronous client that wait for their answers.
    pulled: the data of the events that were read of each streamed answer, in order.
    """

    def __init__(self, client: ClientHandle, replies: Replies, *, seed: int) -> None:
        self.client = client
        self.in_flight = InFlight()
        self.pulled: list[list[Json]] = []
        self._now = 0.0
        self._counts_fail = ""
        self._counts_left = 0
        self._simulator = exam_simulator(replies, seed=seed, clock=lambda: self._now)

    def pass_time(self, *, minutes: float) -> None:
        """Move the simulated clock on without waiting; cached prefixes grow older."""
        self._now += minutes * 60

    def fail_counts(self, fault: Fault, *, after: int = 0) -> None:
        """Let every request to count_tokens fail, with the fault's status or loss.

        after: how many of them are answered first.
        """
        self._counts_left = after
        self._counts_fail = {"connection": "cut"}.get(fault.cut or "", fault.cut) or str(
            fault.status
        )

    @property
    def is_async(self) -> bool:
        """Return whether the client is asynchronous."""
        return self.client.kind.endswith("_async")

    @property
    def exchanges(self) -> list[Exchange]:
        """Return every request that arrived, with its answer, in order."""
        return self._simulator.transcript

    @property
    def asked(self) -> list[Exchange]:
        """Return the Messages requests that arrived, with their answers, but no token counts."""
        return self._having(_MESSAGES)

    @property
    def requests(self) -> list[Json]:
        """Return the JSON bodies of the Messages requests that arrived, in order."""
        return self._bodies(_MESSAGES)

    @property
    def counts(self) -> list[Json]:
        """Return the JSON bodies of the requests to count_tokens that arrived, in order."""
        return self._bodies(_COUNT)

    @property
    def bodies(self) -> list[Json]:
        """Return the JSON bodies of both kinds of requests, in order."""
        return self._bodies(_MESSAGES, _COUNT)

    @property
    def refusal(self) -> str | None:
        """Return the API's error for the first Messages request that it refused, or None."""
        faults = [each for each in self.asked if each.status != 200]
        if not faults:
            return None
        error = faults[0].body["error"]
        return f"{faults[0].status} {error['type']}: {error['message']}"

    @property
    def refused(self) -> Json:
        """Return the body of the last request if the API refused it, else None."""
        last = self.exchanges[-1] if self.exchanges else None
        return None if last is None or last.status not in range(400, 500) else last.request.body

    def _bodies(self, *paths: str) -> list[Json]:
        return [exchange.request.body for exchange in self._having(*paths)]

    def _having(self, *paths: str) -> list[Exchange]:
        return [
            exchange
            for exchange in self.exchanges
            if exchange.request.path in paths and isinstance(exchange.request.body, dict)
        ]

    def answer(
        self, question: Json, allowance: Allowance
    ) -> tuple[Json, Iterator[ServerSentEvent] | None]:
        """Return the answer to a candidate's request, and the stream's events if it has any.

        Raises TooMuch if the exam accepts no more.
        """
        path, headers = question["path"], question["headers"]
        body = base64.b64decode(question["body"])
        allowance.take_request(path, headers, body)
        if self._counts_fail and path == _COUNT:
            if self._counts_left == 0:
                headers = {**headers, FAULT_HEADER: self._counts_fail}
            self._counts_left = max(0, self._counts_left - 1)
        reply = self._simulator.handle(question["method"], path, headers, body)
        answer = {
            "status": reply.status,
            "headers": dict(reply.headers),
            "stream": None,
            "cut": reply.cut,
        }
        if reply.events is None:
            answer["body"] = reply.content().decode()
            return answer, None
        self.pulled.append([])
        return answer, _Pulled(reply.events, self.pulled[-1])


class _Pulled:
    """Pass the events of a stream on, and note the data of each."""

    def __init__(self, events: Iterator[ServerSentEvent], noted: list[Json]) -> None:
        self._events = events
        self._noted = noted

    def __iter__(self) -> _Pulled:
        return self

    def __next__(self) -> ServerSentEvent:
        event = next(self._events)
        self._noted.append(event.data)
        return event

    def close(self) -> None:
        """Let go of the stream."""
        close = getattr(self._events, "close", None)
        if close is not None:
            close()
