"""Fields to type into, choices and folds, each with a label, and a message beside it.

JupyterLab keeps the arrow keys for itself, except where people type text. So numbers are typed, and
a choice is a row of buttons. A field reads a number, or says in a sentence why it can't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from grader.classroom.showing import sendable
from grader.classroom.widgets.parts import make_button, make_picture, make_row
from grader.errors import WidgetError
from grader.look import Segment, bar

_WHOLE = re.compile(r"[+-]?(\d{1,3}([,_]\d{3})+|\d+)")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_LONGEST = 30
"""More characters than any number that we read here has."""
_PLACES = 6
"""How many decimal places a number may have, so that no product of it needs rounding."""


def read_whole(words: str, *, least: int, most: int) -> int:
    """Return a whole number, such as "2,000"; raises WidgetError with a sentence for anything else.

    A comma or an underscore may only separate thousands: "1,5" and "2.000" could mean two things.
    """
    typed = words.strip()
    if len(typed) > _LONGEST or not _WHOLE.fullmatch(typed):
        raise WidgetError(f"{_quoted(typed)} is no whole number. Write it like 2,000 or 2000.")
    number = int(typed.replace(",", "").replace("_", ""))
    _check(Decimal(number), typed, least=Decimal(least), most=Decimal(most))
    return number


def read_decimal(words: str, *, least: Decimal, most: Decimal) -> Decimal:
    """Return a number such as "0.30"; raises WidgetError with a sentence for anything else."""
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
        raise WidgetError(f"{_quoted(typed)} is more than {most:,}, the most this field takes.")


def _quoted(typed: str) -> str:
    kept = typed if len(typed) <= _LONGEST else f"{typed[:_LONGEST]}…"
    return f'"{kept}"' if kept else "Nothing"


_LABEL = "9.5em"
"""The width of every label, so that the fields line up below each other."""
_FIELD = "20em"
_NUMBER = "15em"
_STEPS = (-10, -1, 1, 10)
"""How far the buttons beside a percentage move it."""


class TypedField:
    """Hold a field and the message beside it; change: called when somebody types a new value."""

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
        """Return the text in the field."""
        return str(self.control.value)

    def write(self, value: str) -> None:
        """Put a value into the field, without calling `change`."""
        self._is_quiet = True
        try:
            self.control.value = sendable(value)
        finally:
            self._is_quiet = False

    def say(self, words: str, *, is_fault: bool = False) -> None:
        """Say something beside the field; a screen reader announces a fault at once."""
        said = f'<div role="alert"><strong>✗ {escape(words)}</strong></div>'
        self._word.value = sendable(said if is_fault else escape(words))

    def _notice(self, _change: Any) -> None:
        if not self._is_quiet:
            self._change()


class SteppedField(TypedField):
    """Hold a field for a percentage, a bar that shows it, and buttons that move it.

    It replaces a slider, because the handle of ipywidgets' slider has no name for a screen reader.
    good: returns the number to continue from if the typed one isn't a number.
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
        """Draw the bar at the length of the last good number."""
        hit = float(self._good())
        parts = [Segment(hit, "read"), Segment(100 - hit, "write")]
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
    """Hold a row of buttons with a tick on the chosen one.

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
        """Choose a value, without calling `change`."""
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
    """Return a button that unfolds the content below it; on_open: called before it shows."""
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
    """Return controls in a row, with words on the same line as typed text."""
    row = make_row(controls)
    row.layout.align_items = "center"
    return row
