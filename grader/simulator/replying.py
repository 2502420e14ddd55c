"""The wire's side: put a body, a stream or a fault into a reply with its headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grader.simulator import openai_compatible
from grader.simulator.answering import WORKSPACE, Answer
from grader.simulator.caching import CacheUse
from grader.simulator.faults import RETRIED, Fault
from grader.simulator.headers import identity_headers, limit_headers
from grader.simulator.identifiers import Identifiers
from grader.simulator.limits import Meter
from grader.simulator.stream import WatchedEvents, break_off
from grader.simulator.wire import Exchange, Json, Reply, ServerSentEvent


class Replying:
    """Make replies, and note in each exchange what was sent."""

    def __init__(self, *, ids: Identifiers, meter: Meter, clock: Callable[[], float]) -> None:
        self._ids = ids
        self._meter = meter
        self._clock = clock

    def plain(
        self, exchange: Exchange, body: Json, request_id: str, *, use: CacheUse | None = None
    ) -> Reply:
        """Return a JSON reply; use: what an answered message did with the cache."""
        exchange.body = body
        headers = {
            "content-type": "application/json",
            **(self._limits(exchange) if use else {}),
            **_identity(exchange, request_id),
        }
        return Reply(200, headers, body, on_begin=use.commit if use else None)

    def streamed(
        self,
        exchange: Exchange,
        events: Iterator[ServerSentEvent],
        request_id: str,
        answer: Answer,
    ) -> Reply:
        """Return a reply of events, which break off where the answer does."""
        headers = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-cache",
            **self._limits(exchange),
            **_identity(exchange, request_id),
        }
        if answer.broken_off is not None:
            fault = answer.broken_off.fault
            exchange.cut = fault.cut
            last = None if fault.cut else self._last_event(exchange, fault, request_id)
            events = break_off(events, after=answer.broken_off.after, last=last)
        watched = WatchedEvents(events, exchange, on_begin=answer.use.commit)
        return Reply(200, headers, events=watched, cut=exchange.cut)

    def fault(self, exchange: Exchange, fault: Fault, request_id: str) -> Reply:
        """Return an error, or a connection that is lost."""
        exchange.status = fault.status
        exchange.cut = fault.cut
        if fault.cut:
            return Reply(fault.status, {}, cut=fault.cut)
        body = fault.envelope(request_id)
        if _is_compatible(exchange):
            body = openai_compatible.to_error(body)
        exchange.body = body
        headers = {
            "content-type": "application/json",
            "x-should-retry": "true" if fault.status in RETRIED else "false",
            **(self._limits(exchange, fault) if fault.status == 429 else {}),
            **fault.headers,
        }
        identity = _identity(exchange, request_id)
        return Reply(fault.status, {**headers, **identity, **fault.headers}, body)

    def _last_event(self, exchange: Exchange, fault: Fault, request_id: str) -> ServerSentEvent:
        body = fault.event(request_id)
        if _is_compatible(exchange):
            return ServerSentEvent(None, openai_compatible.to_error(body))
        return ServerSentEvent("error", body, padding=self._ids.padding())

    def _limits(self, exchange: Exchange, fault: Fault | None = None) -> dict[str, str]:
        now = self._clock()
        standings = (
            self._meter.standings(now)
            if fault is None
            else self._meter.standings_of_refusal(fault, now)
        )
        return limit_headers(standings, compatible=_is_compatible(exchange))


def _is_compatible(exchange: Exchange) -> bool:
    return exchange.request.path == openai_compatible.PATH


def _identity(exchange: Exchange, request_id: str) -> dict[str, str]:
    if exchange.status == 401:
        # Recorded: nobody is known, so the reply names neither organisation nor workspace.
        return {"request-id": request_id}
    return identity_headers(request_id, exchange.request.headers.get(WORKSPACE, ""))
