"""The wire's side: put a body, a stream or a fault into a reply with its headers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from grader.simulator.answering import WORKSPACE_HEADER, Answer
from grader.simulator.caching import CacheUse
from grader.simulator.dialects import Asked, Counting, Dialect, Failed
from grader.simulator.faults import RETRIED, Fault
from grader.simulator.headers import limit_headers
from grader.simulator.limits import RateMeter
from grader.simulator.stream import WatchedEvents, break_off
from grader.simulator.wire import Exchange, Json, Reply


@dataclass(frozen=True)
class Flight:
    """Hold one request on its way to a reply.

    request_id: that of the reply's header. dialect: the one that the reply is written in.
    """

    exchange: Exchange
    request_id: str
    dialect: Dialect

    @property
    def counting(self) -> Counting | None:
        """Return how tokens are counted, None where a message is asked for."""
        counting = self.dialect.counting
        return counting if counting and counting.path == self.exchange.request.path else None


class Replying:
    """Make replies, and note in each exchange what was sent."""

    def __init__(self, *, meter: RateMeter, clock: Callable[[], float]) -> None:
        self._meter = meter
        self._clock = clock
        self._told: dict[str, tuple[float, dict[str, str]]] = {}

    def plain(self, flight: Flight, body: Json, *, use: CacheUse | None = None) -> Reply:
        """Return a JSON reply; use: what an answered message did with the cache."""
        flight.exchange.body = body
        headers = {
            "content-type": "application/json",
            **(self._limits(flight) if use else {}),
            **_identity(flight),
        }
        return Reply(
            200,
            headers,
            body,
            on_begin=use.commit if use else None,
            exchange=flight.exchange,
        )

    def streamed(self, flight: Flight, answer: Answer, asked: Asked) -> Reply:
        """Return a reply of events, which break off where the answer does."""
        exchange, stage_of = flight.exchange, flight.dialect.stage_of
        events = flight.dialect.stream(answer.message, asked)
        headers = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-cache",
            **self._limits(flight),
            **_identity(flight),
        }
        if answer.broken_off is not None:
            fault = answer.broken_off.fault
            exchange.cut = fault.cut
            last = None
            if not fault.cut:
                body = fault.event(flight.request_id)
                last = flight.dialect.end_with_error(body, Failed(answer.message, asked))
            events = break_off(events, stage_of, after=answer.broken_off.after, last=last)
        watched = WatchedEvents(events, exchange, stage_of, on_begin=answer.use.commit)
        return Reply(200, headers, events=watched, cut=exchange.cut, exchange=exchange)

    def fault(self, flight: Flight, fault: Fault) -> Reply:
        """Return an error, or a connection that is lost."""
        exchange = flight.exchange
        exchange.status = fault.status
        exchange.cut = fault.cut
        if fault.cut:
            return Reply(fault.status, {}, cut=fault.cut, exchange=exchange)
        exchange.body = flight.dialect.write_error(fault.envelope(flight.request_id))
        headers = {
            "content-type": "application/json",
            "x-should-retry": "true" if fault.status in RETRIED else "false",
            **(self._limits(flight, fault) if fault.status == 429 else {}),
            **fault.headers,
        }
        identity = _identity(flight)
        told = {**headers, **identity, **fault.headers}
        return Reply(fault.status, told, exchange.body, exchange=exchange)

    def _limits(self, flight: Flight, fault: Fault | None = None) -> dict[str, str]:
        now = self._clock()
        if fault is None and not self._meter.is_enforced:
            return self._unused(flight.dialect, now)
        standings = (
            self._meter.standings(now)
            if fault is None
            else self._meter.standings_of_refusal(fault, now)
        )
        return limit_headers(standings, flight.dialect.limit_names)

    def _unused(self, dialect: Dialect, now: float) -> dict[str, str]:
        """Return the headers of limits that nobody uses up: the same for a whole second."""
        second, told = self._told.get(dialect.path, (math.nan, {}))
        if int(now) != second:
            told = limit_headers(self._meter.standings(now), dialect.limit_names)
            self._told[dialect.path] = int(now), told
        return told


def _identity(flight: Flight) -> dict[str, str]:
    if flight.exchange.status == 401:
        # Recorded: nobody is known, so the reply names neither organisation nor workspace.
        known = ("request-id", "x-request-id")
        told = flight.dialect.identify(flight.request_id, "")
        return {name: value for name, value in told.items() if name in known}
    workspace = flight.exchange.request.headers.get(WORKSPACE_HEADER, "")
    return flight.dialect.identify(flight.request_id, workspace)
