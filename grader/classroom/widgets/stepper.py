"""Step through things, or choose among them: buttons, what they show now, and the thing itself.

Buttons, and a number to type, because JupyterLab keeps the arrow keys and letters for itself: while
a list has the focus, they move or even delete cells instead. A filled circle marks the choice, so
it doesn't depend on colour, and the focus stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import Any

from grader.classroom.showing import sendable
from grader.classroom.widgets.bars import QUIET


def make_stepper(
    labels: Sequence[str], make_step: Callable[[int], Any], *, noun: str, has_number: bool = False
) -> Any:
    """Return a view that shows one step at a time.

    labels: what each step is and shows, in one line of plain words. make_step: makes the view of a
    step, by its place from 0. noun: what a step is, such as "call". has_number: whether one can
    type a step's number to go there, which helps if there are many.
    """
    from ipywidgets import BoundedIntText, Layout, VBox

    # Going back to a step shows it as one left it.
    step = cache(make_step)
    label = make_picture(sentence(labels[0]))
    place = VBox([step(0)], layout=Layout(overflow="visible"))
    at = 0

    def go_to(wanted: int) -> None:
        nonlocal at
        at = min(max(wanted, 0), len(labels) - 1)
        place.children = (step(at),)
        label.value = sendable(announced(labels[at]))
        number.value = at + 1

    back = make_button(f"Previous {noun}", f"Go to the {noun} before", lambda: go_to(at - 1))
    onward = make_button(f"Next {noun}", f"Go to the {noun} after", lambda: go_to(at + 1))
    # A field to type into keeps its keys: JupyterLab leaves them alone.
    number = BoundedIntText(
        1, min=1, max=len(labels), description=f"Go to {noun}", style={"description_width": "auto"}
    )
    number.layout = Layout(width="11em")

    def go_to_typed(change: Any) -> None:
        if change["new"] - 1 != at:
            go_to(change["new"] - 1)

    number.observe(go_to_typed, "value")
    return VBox([make_row([back, onward, number] if has_number else [back, onward]), label, place])


def make_picture(html: str) -> Any:
    """Return a view of HTML."""
    from ipywidgets import HTML

    return HTML(sendable(html))


def make_button(words: str, purpose: str, press: Callable[[], None]) -> Any:
    """Return a button; purpose: what it does, as a longer text."""
    from ipywidgets import Button

    button = Button(description=words, tooltip=purpose)
    button.on_click(lambda _button: press())
    return button


def make_row(buttons: Sequence[Any]) -> Any:
    """Return buttons in a row, or in several if the page is narrow."""
    from ipywidgets import HBox, Layout

    return HBox(buttons, layout=Layout(flex_flow="row wrap"))


def announced(words: str) -> str:
    """Return a sentence as HTML that a screen reader announces: the focus stays on the button."""
    return f'<div role="alert">{sentence(words)}</div>'


def sentence(words: str) -> str:
    """Return a sentence as HTML, in bold."""
    return f'<p style="{QUIET};line-height:1.5"><strong>{escape(words)}</strong></p>'


CHOSEN, OTHER = "●", "○"


def make_chooser(
    names: Sequence[str], says: Sequence[str], make_choice: Callable[[int], Any], *, noun: str
) -> Any:
    """Return a view that shows one of several things at a time, the first one first.

    names: the words on the buttons. says: what each choice shows, in one line of plain words.
    make_choice: makes the view of a choice, by its place from 0. noun: what one chooses.
    """
    from ipywidgets import Layout, VBox

    # Going back to a choice shows it as one left it.
    choice = cache(make_choice)
    label = make_picture(sentence(says[0]))
    place = VBox([choice(0)], layout=Layout(overflow="visible"))

    def choose(at: int) -> None:
        for number, (button, name) in enumerate(zip(buttons, names, strict=True)):
            button.description = _marked(name, is_chosen=number == at)
        place.children = (choice(at),)
        label.value = sendable(announced(says[at]))

    def make(at: int) -> Any:
        name = _marked(names[at], is_chosen=at == 0)
        button = make_button(name, f"Show this {noun}: {names[at]}", lambda: choose(at))
        # As wide as its words, which an ipywidgets button would otherwise cut off.
        button.layout.width = "auto"
        return button

    buttons = [make(at) for at in range(len(names))]
    return VBox([make_row(buttons), label, place])


def _marked(name: str, *, is_chosen: bool) -> str:
    return f"{CHOSEN if is_chosen else OTHER} {name}"
