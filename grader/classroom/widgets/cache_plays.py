"""Prompts made of blocks, the calls that sent them, and what the next call would find in the cache.

The simulator itself keeps the books. To find out what the next call does, we send it, after all the
calls before it, to a simulator with an empty cache and a clock that we move by hand.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from grader.catalog import ModelCard, Tokens, read_usage
from grader.errors import WidgetError
from grader.simulator import NEWEST_VERSION, Simulator, count_prompt, text

Json = Any

MARKS = ("", "5m", "1h")
"""The breakpoints that a block can have; none comes first."""
READ, WRITTEN, FRESH = "read", "written", "fresh"
MOST_CALLS = 24
"""How many calls a bench keeps: each look ahead sends all of them again."""
_LEVELS = ("tools", "system", "messages")
_HEADERS = {"x-api-key": "bench", "anthropic-version": NEWEST_VERSION}
_OPENS = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - it stands for no time zone
_MAX_TOKENS = 1000
_NONE = Tokens(fresh=0, output=0)
_REASONS = {
    "model_changed": "it is another model",
    "tools_changed": "the tools differ from the last call",
    "system_changed": "the system prompt differs from the last call",
    "messages_changed": "the messages differ from the last call",
}


@dataclass(frozen=True)
class Part:
    """Hold a block of a prompt.

    level: tools, system or messages. text: its words, or a tool's description; {time} and {call} in
    it stand for the call's time and number. mark: its breakpoint, one of MARKS.
    """

    name: str
    level: str
    text: str
    mark: str = ""


@dataclass(frozen=True)
class Share:
    """Hold what a call does with a block: read it from the cache, write it, or neither."""

    part: Part
    tokens: int
    fate: str


@dataclass(frozen=True)
class Outcome:
    """Hold the result of a call.

    fault: the API's error if it refuses the call; then all else is empty. reason: why the call read
    less than the call before had cached, in the API's word and in plain ones.
    cached, plain: the bill in US dollars, with the cache and without.
    """

    shares: tuple[Share, ...] = ()
    tokens: Tokens = _NONE
    cached: Decimal = Decimal(0)
    plain: Decimal = Decimal(0)
    reason: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Sent:
    """Hold a call that was sent; minutes: since the bench opened."""

    minutes: Decimal
    parts: tuple[Part, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Bench:
    """Hold a prompt, the time, and the calls so far; minutes: since the bench opened."""

    card: ModelCard
    parts: tuple[Part, ...]
    minutes: Decimal = Decimal(0)
    sent: tuple[Sent, ...] = ()

    @cached_property
    def ahead(self) -> Outcome:
        """Return the result of the next call, if it were sent now."""
        return _play(self)

    @property
    def is_full(self) -> bool:
        """Return whether the bench keeps no more calls."""
        return len(self.sent) >= MOST_CALLS

    @property
    def cached(self) -> Decimal:
        """Return the bill so far, in US dollars."""
        return sum((each.outcome.cached for each in self.sent), Decimal(0))

    @property
    def plain(self) -> Decimal:
        """Return what the bill would be without a cache, in US dollars."""
        return sum((each.outcome.plain for each in self.sent), Decimal(0))

    def send(self) -> Bench:
        """Return the bench after the next call; raises WidgetError if the API would refuse it."""
        if self.is_full:
            raise WidgetError(
                f"There's room for {MOST_CALLS} calls here. Start again to send more."
            )
        if self.ahead.fault:
            raise WidgetError(f"The API refuses this call: {self.ahead.fault}")
        return replace(self, sent=(*self.sent, Sent(self.minutes, self.parts, self.ahead)))

    def wait(self, minutes: Decimal) -> Bench:
        """Return the bench this many minutes later."""
        return replace(self, minutes=self.minutes + minutes)

    def edit(self, place: int, **fields: str) -> Bench:
        """Return the bench with changed fields in one block."""
        parts = list(self.parts)
        parts[place] = replace(parts[place], **fields)
        return replace(self, parts=tuple(parts))

    def move(self, place: int, by: int) -> tuple[Bench, int]:
        """Return the bench with a block moved up (-1) or down (1), and where the block is now.

        At the border of system and messages a text moves to the other side. Raises WidgetError with
        the reason if the API doesn't allow the order.
        """
        part, other = self.parts[place], place + by
        if not 0 <= other < len(self.parts):
            return self._cross(place, by)
        if self.parts[other].level != part.level:
            return self._cross(place, by)
        parts = list(self.parts)
        parts[place], parts[other] = parts[other], part
        return replace(self, parts=tuple(parts)), other

    def move_to(self, place: int, to: int) -> tuple[Bench, int]:
        """Return the bench with a block at another place, step by step, and where it is now.

        Raises WidgetError as `move` does; then the block goes nowhere.
        """
        bench, at = self, place
        while at != to:
            bench, at = bench.move(at, 1 if to > at else -1)
        return bench, at

    def _cross(self, place: int, by: int) -> tuple[Bench, int]:
        """Return the bench with a block in the level above or below, at the same place."""
        part = self.parts[place]
        level = _LEVELS.index(part.level) + by
        where = "above" if by < 0 else "below"
        if not 0 <= level < len(_LEVELS):
            raise WidgetError(f"Nothing is {where} {part.name}, which is at the end of the prompt.")
        if "tools" in (part.level, _LEVELS[level]):
            raise WidgetError(
                f"Tools come first and stay together, so {part.name} can't go {where}."
            )
        if sum(each.level == part.level for each in self.parts) == 1 and part.level == "messages":
            raise WidgetError("A call needs a message, so its last block stays there.")
        return self.edit(place, level=_LEVELS[level]), place


def clock_words(minutes: Decimal) -> str:
    """Return the time of a bench, such as "09:30", with the day unless it is the first."""
    now = _OPENS + timedelta(minutes=float(minutes))
    days = (now.date() - _OPENS.date()).days
    return f"{now:%H:%M}" if not days else f"{now:%H:%M} on day {days + 1}"


def request_of(parts: Sequence[Part], model: str, *, minutes: Decimal, call: int) -> Json:
    """Return the request made of blocks; call: its number, from 1."""

    def said(part: Part) -> str:
        return part.text.replace("{time}", clock_words(minutes)).replace("{call}", str(call))

    def marked(part: Part, block: Json) -> Json:
        if not part.mark:
            return block
        ttl = {"ttl": part.mark} if part.mark == "1h" else {}
        return {**block, "cache_control": {"type": "ephemeral", **ttl}}

    def texts(level: str) -> list[Json]:
        return [
            marked(part, {"type": "text", "text": said(part)})
            for part in parts
            if part.level == level
        ]

    tools = [
        marked(
            part,
            {"name": part.name, "description": said(part), "input_schema": {"type": "object"}},
        )
        for part in parts
        if part.level == "tools"
    ]
    request: Json = {"model": model, "max_tokens": _MAX_TOKENS}
    if tools:
        request["tools"] = tools
    if system := texts("system"):
        request["system"] = system
    return {**request, "messages": [{"role": "user", "content": texts("messages")}]}


def _play(bench: Bench) -> Outcome:
    now = Decimal(0)
    simulator = Simulator(
        replies=lambda *_: text("You may."), seed=0, clock=lambda: float(now) * 60
    )
    previous = None
    calls = [(each.minutes, each.parts) for each in bench.sent]
    for number, (minutes, parts) in enumerate([*calls, (bench.minutes, bench.parts)], start=1):
        now = minutes
        request = request_of(parts, bench.card.id, minutes=minutes, call=number)
        asked = {**request, "diagnostics": {"previous_message_id": previous}}
        reply = simulator.handle("POST", "/v1/messages", _HEADERS, json.dumps(asked).encode())
        answer = json.loads(reply.content())
        if reply.status != 200:
            error = answer["error"]
            return Outcome(fault=f"{reply.status} {error['type']}: {error['message']}")
        previous = answer["id"]
    return _outcome(bench, request, answer)


def _outcome(bench: Bench, request: Json, answer: Json) -> Outcome:
    tokens = read_usage(answer["usage"])
    return Outcome(
        shares=_shares(bench, request, tokens),
        tokens=tokens,
        cached=bench.card.charge(tokens),
        plain=bench.card.charge(tokens.uncached),
        reason=_reason(answer.get("diagnostics")),
    )


def _shares(bench: Bench, request: Json, tokens: Tokens) -> tuple[Share, ...]:
    """Return what happens to each block: a cache reads and writes only whole blocks."""
    counted = count_prompt(request, bench.card)
    counts = [*counted.tools, *counted.system, *(n for turn in counted.messages for n in turn)]
    total, shares = 0, []
    for part, count in zip(bench.parts, counts, strict=True):
        total += count
        fate = READ if total <= tokens.read else FRESH
        if tokens.read < total <= tokens.read + tokens.written:
            fate = WRITTEN
        shares.append(Share(part, count, fate))
    return tuple(shares)


def _reason(diagnostics: Json) -> str:
    """Return why a call read less than the call before had cached, or ""."""
    reason: Json = (diagnostics or {}).get("cache_miss_reason") or {}
    missed = reason.get("cache_missed_input_tokens")
    if not missed:
        return ""
    words = _REASONS.get(reason["type"], reason["type"])
    return f"{reason['type']}: {words}; it missed {missed:,} tokens"
