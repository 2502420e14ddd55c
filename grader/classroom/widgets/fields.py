"""Fields to type into, choices and folds, each with a label, and with a word beside it.

JupyterLab keeps the arrow keys for itself, except where text is typed. So numbers are typed, and a
choice is a row of buttons. A field reads a number, or says in a sentence why it can't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from grader.classroom.showing import sendable
from grader.classroom.widgets.bars import Segment, bar
from grader.classroom.widgets.stepper import make_button, make_picture, make_row
from grader.errors import WidgetError

_WHOLE = re.compile(r"[+-]?(\d{1,3}([,_]\d{3})+|\d+)")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_LONGEST = 30
"""More characters than any number has that is read here."""
_PLACES = 6
"""How many places after the point a number may have, so that no product of it is rounded."""


def read_whole(words: str, *, least: int, most: int) -> int:
    """Return a whole number, such as "2,000". Raises WidgetError with a sentence for anything else.

    A comma or an underscore stands between thousands only: "1,5" and "2.000" could mean two things.
    """
    typed = words.strip()
    if len(typed) > _LONGEST or not _WHOLE.fullmatch(typed):
        raise WidgetError(f"{_quoted(typed)} is no whole number. Write it like 2,000 or 2000.")
    number = int(typed.replace(",", "").replace("_", ""))
    _check(Decimal(number), typed, least=Decimal(least), most=Decimal(most))
    return number


def read_decimal(words: str, *, least: Decimal, most: Decimal) -> Decimal:
    """Return a number such as "0.30". Raises WidgetError with a sentence for anything else."""
    typed = words.strip().removeprefix("$").removesuffix("%").strip()
    if len(typed) > _LONGEST or not _DECIMAL.fullmatch(typed):
        raise WidgetError(f"{_quoted(words.strip())} is no number. Write it like 3 or 0.30.")
    if len(typed.partition(".")[2]) > _PLACES:
        raise WidgetError(f"{_quoted(typed)} has more than {_PLACES} places after the point.")
    number = Decimal(typed)
    _check(number, typed, least=least, most=most)
    return number


def _check(number: Decimal, typed: str, *, least: Decimal, most: Decimal) -> None:
    if number < least:
        raise WidgetError(f"{_quoted(typed)} is less than {least:,}, the least there can be.")
    if number > most:
        raise WidgetError(f"{_quoted(typed)} is more than {most:,}, the most that is taken here.")


def _quoted(typed: str) -> str:
    kept = typed if len(typed) <= _LONGEST else f"{typed[:_LONGEST]}…"
    return f'"{kept}"' if kept else "Nothing"


_LABEL = "9.5em"
"""How wide the labels are: as wide for each, so that the fields stand below each other."""
_FIELD = "20em"
_NUMBER = "15em"
_STEPS = (-10, -1, 1, 10)
"""By how much the buttons beside a number of percent move it."""


class TypedField:
    """Hold a field and the word beside it; change: called when something else was typed."""

    def __init__(
        self,
        label: str,
        value: str,
        change: Callable[[], None],
        *,
        options: Sequence[str] = (),
        width: str = _FIELD,
    ) -> None:
        from ipywidgets import Combobox, Text

        kind: Callable[..., Any] = Text
        choices: dict[str, Any] = {}
        if options:
            kind, choices = Combobox, {"options": list(options)}
        self.control = kind(
            description=label,
            value=sendable(value),
            continuous_update=False,
            style={"description_width": _LABEL},
            layout={"width": width},
            **choices,
        )
        self._word = make_picture("")
        self._change = change
        self._is_quiet = False
        self.control.observe(self._notice, "value")
        self.view = _line([self.control, self._word])

    @property
    def value(self) -> str:
        """Return what is typed."""
        return str(self.control.value)

    def write(self, value: str) -> None:
        """Put a value into the field, without a call of `change`."""
        self._is_quiet = True
        try:
            self.control.value = sendable(value)
        finally:
            self._is_quiet = False

    def say(self, words: str, *, is_fault: bool = False) -> None:
        """Say something beside the field; a fault is read out, for the focus is in the field."""
        said = f'<div role="alert"><strong>✗ {escape(words)}</strong></div>'
        self._word.value = sendable(said if is_fault else escape(words))

    def _notice(self, _change: Any) -> None:
        if not self._is_quiet:
            self._change()


class SteppedField(TypedField):
    """Hold a field for a number of percent, a bar that shows it, and buttons that move it.

    It stands for a slider: the handle of ipywidgets' own has no name for a screen reader.
    good: gives the number to go on from where the typed one is none.
    """

    def __init__(
        self, label: str, value: str, change: Callable[[], None], *, good: Callable[[], Decimal]
    ) -> None:
        super().__init__(label, value, change, width=_NUMBER)
        self._good = good
        self._track = make_picture("")
        self._track.layout.width = "8em"
        steps = [self._make_step(label, by) for by in _STEPS]
        low, high = steps[: len(steps) // 2], steps[len(steps) // 2 :]
        self.view = _line([self.control, *low, self._track, *high, self._word])
        self.follow()

    def follow(self) -> None:
        """Draw the bar as long as the last good number."""
        hit = float(self._good())
        parts = [Segment(hit, "hatched"), Segment(100 - hit, "dashed")]
        self._track.value = bar(parts, full=100)

    def _make_step(self, label: str, by: int) -> Any:
        def step() -> None:
            self.write(f"{min(max(self._good() + by, Decimal(0)), Decimal(100)):f}")
            self._change()

        words = f"{by:+} %"
        button = make_button(words, f"{label}: {words}", step)
        button.layout.width = "auto"
        return button


class Choice:
    """Hold a row of buttons of which one is chosen, marked with a tick.

    options: what each button says, by its value.
    """

    def __init__(
        self, options: Mapping[Any, str], chosen: Any, change: Callable[[], None], *, purpose: str
    ) -> None:
        self.value = chosen
        self._options = options
        self._change = change
        self._buttons = {
            value: make_button(words, f"{purpose}: {words}", self._chooser(value))
            for value, words in options.items()
        }
        for button in self._buttons.values():
            button.layout.width = "auto"
        self.view = make_row(list(self._buttons.values()))
        self._mark()

    def write(self, value: Any) -> None:
        """Choose a value, without a call of `change`."""
        self.value = value
        self._mark()

    def _chooser(self, value: Any) -> Callable[[], None]:
        def choose() -> None:
            self.write(value)
            self._change()

        return choose

    def _mark(self) -> None:
        for value, button in self._buttons.items():
            words = self._options[value]
            button.description = f"✓ {words}" if value == self.value else words


def make_fold(words: str, content: Any, *, on_open: Callable[[], None] | None = None) -> Any:
    """Return a button that unfolds what is below it; on_open: called before it is seen."""
    from ipywidgets import VBox

    content.layout.display = "none"

    def turn() -> None:
        is_open = content.layout.display == "none"
        if is_open and on_open is not None:
            on_open()
        content.layout.display = "" if is_open else "none"
        button.description = f"{'▾' if is_open else '▸'} {words}"

    button = make_button(f"▸ {words}", f"Unfold or fold: {words}", turn)
    button.layout.width = "auto"
    return VBox([make_row([button]), content])


def _line(controls: Sequence[Any]) -> Any:
    """Return controls in a row whose words stand as high as what is typed."""
    row = make_row(controls)
    row.layout.align_items = "center"
    return row
