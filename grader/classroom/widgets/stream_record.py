"""What a stream has sent so far: events in, each with its time in seconds, and a snapshot out.

There is no clock, task or view in here: the reader of the stream says when each thing happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from grader.catalog import DEFAULT_MODEL, ModelCard, find_model
from grader.classroom.widgets.accumulation import Accumulation
from grader.errors import UnknownBlock, UnknownModel
from grader.simulator import output_tokens

Json = Any
State = Literal["unsent", "waiting", "streaming", "ended", "stopped", "interrupted", "failed"]

_TEXT = "text_delta"
_OPEN = ("unsent", "waiting", "streaming")
_SHORTEST = 0.05
"""The shortest time, in seconds, for which we work out tokens per second."""
_GROWTH = 1.02
_LETTERS_A_TOKEN = 4
"""How much a reply grows before we count its tokens again; in between we scale the count."""


@dataclass(frozen=True)
class StreamBlock:
    """Hold a content block as far as it has arrived; words: its text, its thinking, or its JSON."""

    index: int
    kind: str
    name: str
    words: str
    is_whole: bool


@dataclass(frozen=True)
class Stretch:
    """Hold events of one kind that came one after another.

    what: the event's type; for a content_block_delta the type of its delta. first, last: seconds
    since the request was sent.
    """

    what: str
    block: int | None
    first: float
    last: float
    count: int


@dataclass(frozen=True, repr=False)
class Snapshot:
    """Hold a stream as it is now; times are in seconds since the request was sent.

    usage: in the API's shape. is_reckoned: whether we counted its output here, from what arrived.
    cost: in US dollars; None if the catalog has no price, and then price says why.
    trouble: what went wrong, in words.
    message: as far as it has arrived, in the API's shape; None while more may come.
    """

    model: str
    state: State
    elapsed: float
    blocks: tuple[StreamBlock, ...] = ()
    timeline: tuple[Stretch, ...] = ()
    first_event: float | None = None
    first_text: float | None = None
    rate: float | None = None
    usage: tuple[tuple[str, int], ...] = ()
    is_reckoned: bool = False
    cost: Decimal | None = None
    price: str = ""
    stop_reason: str | None = None
    trouble: str = ""
    message: Json = None

    def __repr__(self) -> str:
        """Return one line, because a cell that awaits a stream shows it."""
        end = f"stop_reason {self.stop_reason}" if self.state == "ended" else self.trouble
        return f"<{self.model}: {self.state}, {self.elapsed:.2f} s{f', {end}' if end else ''}>"

    @property
    def is_open(self) -> bool:
        """Return whether more may come."""
        return self.state in _OPEN

    @property
    def tokens(self) -> dict[str, int]:
        """Return the usage as a dict."""
        return dict(self.usage)


class StreamRecord:
    """Take the events of one stream; model: the name in the request."""

    def __init__(self, model: Any) -> None:
        self._model = str(model)
        self._state: State = "unsent"
        self._now = 0.0
        self._trouble = ""
        self._made = Accumulation()
        self._timeline: list[Stretch] = []
        self._first_text: float | None = None
        self._deltas: tuple[float, float] | None = None
        self._has_ended = False
        self._counted = (0, 0)
        self._card, self._price = _card(model)

    def send(self) -> None:
        """Note that the request is on its way."""
        self._state = "waiting"

    def note(self, event: Json, seconds: float) -> None:
        """Take the next event, as plain data."""
        self._state, self._now = "streaming", seconds
        kind, delta = str(event.get("type")), (event.get("delta") or {}).get("type")
        is_delta = kind == "content_block_delta"
        self._stretch(str(delta) if is_delta else kind, event.get("index"), seconds)
        if is_delta:
            if delta == _TEXT and self._first_text is None:
                self._first_text = seconds
            self._deltas = (self._deltas[0] if self._deltas else seconds, seconds)
        self._has_ended = self._has_ended or kind == "message_stop"
        self._made.add(event)

    def end(self, seconds: float) -> None:
        """Note that no more events come."""
        self._now = seconds
        if self._has_ended:
            self._state = "ended"
        else:
            self.fail("The events ended without a message_stop, so nobody knows why.", seconds)

    def stop(self, seconds: float, *, interrupted: bool = False) -> None:
        """Note that the reader left the stream; interrupted: along with the whole cell."""
        self._state, self._now = "interrupted" if interrupted else "stopped", seconds

    def fail(self, trouble: str, seconds: float) -> None:
        """Note what ended the stream, or kept it from starting."""
        self._state, self._now, self._trouble = "failed", seconds, trouble

    def snapshot(self, seconds: float | None = None) -> Snapshot:
        """Return the stream as it is now; seconds: the current time, if it is open."""
        message = self._made.message
        usage, is_reckoned = self._usage()
        is_open = self._state in _OPEN
        elapsed = max(self._now, seconds) if seconds is not None and is_open else self._now
        return Snapshot(
            model=str(message.get("model") or self._model),
            state=self._state,
            elapsed=elapsed,
            blocks=tuple(self._block(index) for index in range(len(self._made.blocks))),
            timeline=tuple(self._timeline),
            first_event=self._timeline[0].first if self._timeline else None,
            first_text=self._first_text,
            rate=self._rate(usage),
            usage=tuple(usage.items()),
            is_reckoned=is_reckoned,
            cost=self._cost(message.get("usage"), usage),
            price=self._price,
            stop_reason=message.get("stop_reason"),
            trouble=self._trouble,
            message=None if is_open else self._made.snapshot(),
        )

    def _stretch(self, what: str, block: int | None, seconds: float) -> None:
        last = self._timeline[-1] if self._timeline else None
        if last is not None and (last.what, last.block) == (what, block):
            self._timeline[-1] = Stretch(what, block, last.first, seconds, last.count + 1)
        else:
            self._timeline.append(Stretch(what, block, seconds, seconds, 1))

    def _block(self, index: int) -> StreamBlock:
        block = self._made.blocks[index]
        return StreamBlock(
            index=index,
            kind=str(block.get("type")),
            name=str(block.get("name") or ""),
            words=self._made.words_of(index),
            is_whole=index in self._made.whole,
        )

    def _usage(self) -> tuple[dict[str, int], bool]:
        """Return the tokens by class, and whether we counted the output here."""
        sent = self._made.message.get("usage") or {}
        usage = {key: value for key, value in sent.items() if isinstance(value, int)}
        if not usage or self._made.message.get("stop_reason") is not None:
            return usage, False
        return {**usage, "output_tokens": max(usage.get("output_tokens", 0), self._reckon())}, True

    def _reckon(self) -> int:
        """Estimate the output so far; counting the whole reply 20 times a second takes too long."""
        blocks = range(len(self._made.blocks))
        length = sum(len(self._made.words_of(index)) for index in blocks)
        counted, tokens = self._counted
        if length > counted * _GROWTH or not counted:
            card = self._card or find_model(DEFAULT_MODEL)
            # An incomplete call has no input yet, only letters.
            calls = sum(
                len(self._made.words_of(index)) // _LETTERS_A_TOKEN
                for index in blocks
                if index not in self._made.whole and "input" in self._made.blocks[index]
            )
            tokens = _count(self._made.content(), card, length) + calls
            self._counted = (length, tokens)
            return tokens
        return round(tokens * length / counted)

    def _rate(self, usage: dict[str, int]) -> float | None:
        first, last = self._deltas or (0.0, 0.0)
        return usage.get("output_tokens", 0) / (last - first) if last - first > _SHORTEST else None

    def _cost(self, sent: Json, usage: dict[str, int]) -> Decimal | None:
        if self._card is None or not usage:
            return None
        # The cache lifetimes are in a nested object, so they aren't among the counts.
        return self._card.cost_of({**sent, **usage})


def _count(content: Iterable[Json], card: ModelCard, length: int) -> int:
    try:
        return output_tokens(content, card)
    except UnknownBlock:
        # The live API may send what the simulator doesn't know yet.
        return length // _LETTERS_A_TOKEN


def _card(model: Any) -> tuple[ModelCard | None, str]:
    """Return a model's card, and a line about its price."""
    if not isinstance(model, str):
        return None, "no price: the request names no model"
    try:
        card = find_model(model)
    except UnknownModel:
        return None, f"no price: the catalog has no model {model!r}"
    return card, f"cost at the catalog's prices of {card.as_of}"
