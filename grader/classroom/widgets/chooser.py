"""The view of everything to choose from: a button for each choice, and what the choice shows.

Buttons rather than a list, as in the stepper. The one that is chosen is marked by a filled circle,
so that its colour is not what tells it, and the focus stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from grader.classroom.shown import sendable
from grader.classroom.widgets.stepper import (
    announced,
    make_button,
    make_picture,
    make_row,
    sentence,
)

CHOSEN, OTHER = "●", "○"


def make_chooser(
    names: Sequence[str], says: Sequence[str], make_choice: Callable[[int], Any], *, noun: str
) -> Any:
    """Return a view that shows one of several things at a time, the first one first.

    names: what stands on the buttons. says: what each choice shows, in one line of plain words.
    make_choice: makes the view of a choice, by its place from 0. noun: what there is to choose.
    """
    from ipywidgets import Layout, VBox

    # A choice that was left is found again as it was.
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
        # As wide as its words: a button of ipywidgets would cut them off.
        button.layout.width = "auto"
        return button

    buttons = [make(at) for at in range(len(names))]
    return VBox([make_row(buttons), label, place])


def _marked(name: str, *, is_chosen: bool) -> str:
    return f"{CHOSEN if is_chosen else OTHER} {name}"
