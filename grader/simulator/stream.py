"""Streams of any dialect: their pace, where they break off, and how far the client came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from grader.simulator.wire import Exchange, ServerSentEvent

Stage = Literal["frame", "delta", "closing", "last"]
"""Where an event stands in a stream: "delta" for a piece of the reply, "closing" for the first
event that says that the reply has ended, "last" for the last of all (it may be an error), "frame"
for all others."""

StageOf = Callable[[ServerSentEvent], Stage]


@dataclass(frozen=True)
class Pace:
    """Say how fast a stream comes, in seconds. The edges wait; the core never does."""

    first_token: float = 0.0
    between_deltas: float = 0.0

    @classmethod
    def realistic(cls) -> Pace:
        """Return a pace like that of a fast model, for display.

        A guess at a usual day: the first token after 0.6 seconds, then about 70 tokens a second.
        A delta has 18 characters on average, which is between 4 and 5 tokens: one in 0.06 seconds.
        """
        return cls(first_token=0.6, between_deltas=0.06)


def break_off(
    events: Iterator[ServerSentEvent],
    stage_of: StageOf,
    *,
    after: int,
    last: ServerSentEvent | None,
) -> Iterator[ServerSentEvent]:
    """Yield the events of a stream that breaks off.

    stage_of: the dialect's. after: how many deltas are sent; the stream breaks off before its end
    in any case.
    last: the event that says why; None where the connection is cut.
    """
    left, sent = after, 0
    for event in events:
        stage = stage_of(event)
        if stage in ("closing", "last") or (stage == "delta" and left == 0):
            break
        left -= stage == "delta"
        sent += 1
        yield event
    if last is not None:
        yield _placed(last, sent)


def _placed(event: ServerSentEvent, place: int) -> ServerSentEvent:
    """Return an event with its place in the stream, if it is of those that tell theirs."""
    if not isinstance(event.data, dict) or "sequence_number" not in event.data:
        return event
    return event._replace(data={**event.data, "sequence_number": place})


class WatchedEvents(Iterator[ServerSentEvent]):
    """Pass events on one by one, and note in the transcript how far the client came.

    A stream that is dropped without being closed is noted as closed early when it is collected.
    """

    def __init__(
        self,
        events: Iterator[ServerSentEvent],
        exchange: Exchange,
        stage_of: StageOf,
        *,
        on_begin: Callable[[], None],
    ) -> None:
        self._events = events
        self._on_begin = on_begin
        self._exchange = exchange
        self._stage_of = stage_of
        exchange.streamed = True
        exchange.finished = False

    def __next__(self) -> ServerSentEvent:
        try:
            event = next(self._events)
        except StopIteration:
            # There is no more, also where no event says so because the connection is cut.
            self._exchange.finished = not self._exchange.closed_early
            raise
        if self._exchange.events_sent == 0:
            self._on_begin()
        self._exchange.events_sent += 1
        if self._stage_of(event) == "last":
            self._exchange.finished = True
        return event

    def close(self) -> None:
        """Send no more: the client has let go of the stream."""
        self._events = iter(())
        self._exchange.closed_early = not self._exchange.finished

    def __del__(self) -> None:
        self.close()
