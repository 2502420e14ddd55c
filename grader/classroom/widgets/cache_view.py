"""The view of the cache bench: choose a block, change or move it, let time pass, send."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from grader.classroom.showing import sendable
from grader.classroom.widgets.cache_picture import (
    ahead_words,
    bench_picture,
    bill_words,
    part_words,
)
from grader.classroom.widgets.cache_plays import MARKS, Bench, clock_words
from grader.classroom.widgets.fields import Choice, TypedField, read_decimal
from grader.classroom.widgets.parts import announced, make_button, make_picture, make_row, sentence
from grader.errors import WidgetError

_MARK_WORDS = {"": "No breakpoint", "5m": "Breakpoint, 5 minutes", "1h": "Breakpoint, 1 hour"}
_LONGEST_WAIT = Decimal(10_000)
_WAITS = {1: "1 minute later", 5: "5 minutes later", 60: "1 hour later"}


class CacheView:
    """Hold the controls and the bench that they change; opening: the bench to start again with."""

    def __init__(self, opening: Bench) -> None:
        self._opening = self._bench = opening
        self._chosen = 0
        self._is_quiet = False
        self._status = make_picture(sentence(ahead_words(opening)))
        self._picture = make_picture("")
        self._title = make_picture("")
        self.view = self._laid_out()
        self._draw()

    def _laid_out(self) -> Any:
        from ipywidgets import Textarea, VBox

        self._blocks = [
            self._button("", "Choose this block", self._chooser(place))
            for place in range(len(self._opening.parts))
        ]
        self._text = Textarea(
            description="Text", continuous_update=False, rows=4, layout={"width": "40em"}
        )
        self._text.layout.max_width = "100%"
        self._text.observe(lambda _: self._edit(), "value")
        self._mark = Choice(
            {mark: _MARK_WORDS[mark] for mark in MARKS},
            self._opening.parts[0].mark,
            self._set_mark,
            purpose="Behind this block",
        )
        self._minutes = TypedField("Minutes", "4", lambda: None, width="15em")
        moves = [
            self._button("Move up", "Move the chosen block up", lambda: self._move(-1)),
            self._button("Move down", "Move the chosen block down", lambda: self._move(1)),
        ]
        waits = [
            self._button(words, f"Move the clock: {words}", self._waiter(Decimal(minutes)))
            for minutes, words in _WAITS.items()
        ]
        wait = self._button(
            "Let them pass", "Move the clock by the minutes in the field", self._wait_typed
        )
        sends = [
            self._button("Send the call", "Send the next call now", self._send),
            self._button(
                "Start again", "Empty the cache, and go back to the first prompt", self._reset
            ),
        ]
        return VBox(
            [
                make_row(self._blocks),
                self._title,
                self._text,
                make_row(moves),
                self._mark.view,
                make_row(waits),
                make_row([self._minutes.view, wait]),
                make_row(sends),
                self._status,
                self._picture,
            ],
            layout={"overflow": "visible"},
        )

    def _button(self, words: str, purpose: str, press: Callable[[], None]) -> Any:
        button = make_button(words, purpose, press)
        button.layout.width = "auto"
        return button

    def _chooser(self, place: int) -> Callable[[], None]:
        def choose() -> None:
            self._chosen = place
            self._draw()

        return choose

    def _waiter(self, minutes: Decimal) -> Callable[[], None]:
        return lambda: self._become(self._bench.wait(minutes))

    def _edit(self) -> None:
        if not self._is_quiet:
            self._become(self._bench.edit(self._chosen, text=self._text.value))

    def _set_mark(self) -> None:
        self._become(self._bench.edit(self._chosen, mark=self._mark.value))

    def _move(self, by: int) -> None:
        try:
            bench, self._chosen = self._bench.move(self._chosen, by)
        except WidgetError as error:
            self._say(f"✗ {error}")
            return
        part = bench.parts[self._chosen]
        self._become(bench, f"{part.name} is now block {self._chosen + 1}, in {part.level}.")

    def _wait_typed(self) -> None:
        try:
            minutes = read_decimal(self._minutes.value, least=Decimal(0), most=_LONGEST_WAIT)
        except WidgetError as error:
            self._minutes.say(str(error), is_fault=True)
            return
        self._become(self._bench.wait(minutes))

    def _send(self) -> None:
        try:
            bench = self._bench.send()
        except WidgetError as error:
            self._say(f"✗ {error}")
            return
        sent = bench.sent[-1].outcome.tokens
        self._become(
            bench,
            f"Call {len(bench.sent)} read {sent.read:,} and wrote {sent.written:,} of "
            f"{sent.prompt:,} input tokens. {bill_words(bench)}",
        )

    def _reset(self) -> None:
        self._chosen = 0
        self._become(self._opening, "The cache is empty again.")

    def _become(self, bench: Bench, words: str = "") -> None:
        self._bench = bench
        self._draw()
        self._say(words)

    def _say(self, words: str) -> None:
        """Say what happened, and what the next call would do."""
        self._status.value = sendable(announced(f"{words} {ahead_words(self._bench)}".strip()))

    def _draw(self) -> None:
        bench, chosen = self._bench, self._bench.parts[self._chosen]
        for place, (button, part) in enumerate(zip(self._blocks, bench.parts, strict=True)):
            tick = "✓ " if place == self._chosen else ""
            button.description = f"{tick}{place + 1}. {part.name}"
            button.tooltip = f"Choose this block: {part_words(part)}"
        self._title.value = sendable(
            sentence(f"Block {self._chosen + 1} of {len(bench.parts)}: {part_words(chosen)}")
        )
        self._is_quiet = True
        try:
            self._text.value = sendable(chosen.text)
        finally:
            self._is_quiet = False
        self._mark.write(chosen.mark)
        self._minutes.say(
            f"It's {clock_words(bench.minutes)}. In a text, {{time}} becomes that time."
        )
        self._picture.value = sendable(bench_picture(bench))
