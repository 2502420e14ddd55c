"""The view of the cache bench: send calls, let time pass, and change or move a block."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html import escape
from typing import Any

from grader.classroom.widgets.cache_picture import (
    bench_picture,
    bench_table,
    next_words,
    part_words,
)
from grader.classroom.widgets.cache_plays import MARKS, Bench, Part, clock_words
from grader.classroom.widgets.live import make_live
from grader.classroom.widgets.typed_numbers import read_decimal
from grader.errors import WidgetError
from grader.look import area, button, choices, field, row, sortable, style_sheet

_MARK_WORDS = {"": "No breakpoint", "5m": "5 minutes", "1h": "1 hour"}
_LONGEST_WAIT = Decimal(10_000)
_WAITS = {1: "1 minute later", 5: "5 minutes later", 60: "1 hour later"}
_MINUTES = "4"
"""What the field for minutes opens with: under the shorter lifetime."""
_BREAKPOINT = "Breakpoint behind this block"
_HOW = "Drag a block, or press ↑ and ↓ on it. A text that passes the border changes its level."


class CacheView:
    """Hold the bench, and which block is chosen; opening: the bench to start again with."""

    def __init__(self, opening: Bench) -> None:
        self._opening = self._bench = opening
        self._chosen = 0
        self._minutes = _MINUTES
        self._fault = self._news = self._refusal = ""
        self.view = make_live(self._draw, self._hear)

    def _hear(self, name: str, value: str) -> None:
        self._fault = self._refusal = ""
        match name:
            case "block":
                self._chosen, self._news = int(value), ""
            case "text" | "mark":
                self._become(self._bench.edit(self._chosen, **{name: value}))
            case "move":
                self._move(lambda: self._bench.move(self._chosen, int(value)))
            case "step":
                self._chosen, by = map(int, value.split())
                self._move(lambda: self._bench.move(self._chosen, by))
            case "sort":
                self._chosen, to = map(int, value.split())
                self._move(lambda: self._bench.move_to(self._chosen, to))
            case "wait":
                self._become(self._bench.wait(Decimal(value)))
            case "minutes":
                self._minutes = value
                self._read_minutes()
            case "pass":
                self._pass()
            case "send":
                self._send()
            case "reset":
                self._chosen = 0
                self._become(self._opening, "The cache is empty again.")

    def _become(self, bench: Bench, news: str = "") -> None:
        self._bench, self._news = bench, news

    def _move(self, moved: Callable[[], tuple[Bench, int]]) -> None:
        try:
            bench, self._chosen = moved()
        except WidgetError as error:
            self._refusal = str(error)
            self._news = f"✗ {error}"
            return
        part = bench.parts[self._chosen]
        self._become(bench, f"{part.name} is now block {self._chosen + 1}, in {part.level}.")

    def _read_minutes(self) -> Decimal | None:
        try:
            return read_decimal(self._minutes, least=Decimal(0), most=_LONGEST_WAIT)
        except WidgetError as error:
            self._fault = str(error)
            return None

    def _pass(self) -> None:
        minutes = self._read_minutes()
        if minutes is not None:
            self._become(self._bench.wait(minutes))

    def _send(self) -> None:
        try:
            bench = self._bench.send()
        except WidgetError as error:
            self._news = f"✗ {error}"
            return
        sent = bench.sent[-1].outcome.tokens
        self._become(
            bench,
            f"Call {len(bench.sent)} read {sent.read:,} and wrote {sent.written:,} of "
            f"{sent.prompt:,} input tokens.",
        )

    def _draw(self) -> str:
        bench = self._bench
        sends = [
            button("Send the call", "send", is_primary=True),
            *(button(words, "wait", minutes) for minutes, words in _WAITS.items()),
            button("Start again", "reset", purpose="Start again with an empty cache"),
        ]
        # What is pressed again and again stands above all that grows.
        return (
            f"{style_sheet('controls', 'bench')}{row(*sends)}{self._clock()}"
            f"{self._said()}{bench_picture(bench)}{self._block()}{bench_table(bench)}"
        )

    def _said(self) -> str:
        """Return what the next call would do, and the news: two lines, whatever they say."""
        bench = self._bench
        news = self._news or ("" if bench.sent else "Nothing is cached yet.")
        return (
            f'<div class="said" role="status"><p>{escape(news)}</p> '
            f'<p class="answer">{escape(next_words(bench))}</p></div>'
        )

    def _clock(self) -> str:
        note = f"It's {clock_words(self._bench.minutes)}. In a text, {{time}} becomes that time."
        typed = field("Minutes", "minutes", self._minutes, note=escape(note), fault=self._fault)
        return f'<div class="clock">{typed}{button("Let them pass", "pass")}</div>'

    def _block(self) -> str:
        """Return what changes the prompt: its blocks, and the chosen one's text and breakpoint."""
        bench, at = self._bench, self._chosen
        part = bench.parts[at]
        names = {
            str(place): (f"{place + 1}. {each.name}", _beside(each))
            for place, each in enumerate(bench.parts)
        }
        blocks = sortable(
            names, str(at), "block", sort="sort", step="step", purpose="The block to change"
        )
        marks = choices(
            {mark: _MARK_WORDS[mark] for mark in MARKS},
            part.mark,
            "mark",
            purpose=_BREAKPOINT,
        )
        moves = row(
            button("▲ Move up", "move", -1, purpose="Move up the chosen block"),
            button("▼ Move down", "move", 1, purpose="Move down the chosen block"),
        )
        # It's said where the block was dropped, too: the first sentence may be out of sight.
        kind, how = ("fault", f"✗ {self._refusal}") if self._refusal else ("caption", _HOW)
        title = f"Block {at + 1} of {len(bench.parts)}: {part_words(part)}"
        return (
            '<div class="block"><p style="margin:0 0 4px"><strong>The blocks of the prompt'
            f'</strong></p><div class="blocks"><div>{blocks}<p class="{kind} how" '
            f'style="margin:4px 0 0">{escape(how)}</p>{moves}</div><div><p style="margin:0">'
            f"{escape(title)}</p>{area('Text', 'text', part.text, rows=4)}"
            f'<p style="margin:0 0 4px">{_BREAKPOINT}</p>{marks}</div></div></div>'
        )


def _beside(part: Part) -> str:
    """Return what stands beside a block in the list: its level, and its breakpoint."""
    return f"{part.level} · ⚑ {part.mark}" if part.mark else part.level


def make_view(opening: Bench) -> Any:
    """Return a view of its own of a bench."""
    return CacheView(opening).view
