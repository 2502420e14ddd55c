"""The view of everything that is read step by step: two buttons, what the step is, and the step.

Buttons only: JupyterLab keeps the arrow keys and the letters for itself, so a list to choose from
moves the notebook instead, or worse, where it has the focus and a key is pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any


def make_stepper(labels: Sequence[str], make_step: Callable[[int], Any], *, noun: str) -> Any:
    """Return a view that shows one step at a time.

    labels: what each step is and shows, in one line of plain words. make_step: makes the view of a
    step, by its place from 0. noun: what a step is, such as "call".
    """
    from ipywidgets import HTML, Box, Button, HBox, Layout, VBox

    back = Button(description=f"Previous {noun}", tooltip=f"Go to the {noun} before")
    onward = Button(description=f"Next {noun}", tooltip=f"Go to the {noun} after")
    label = HTML()
    place = Box(layout=Layout(overflow="visible"))
    at = 0

    def go(number: int, said: Callable[[str], str]) -> None:
        nonlocal at
        at = min(max(number, 0), len(labels) - 1)
        label.value = said(labels[at])
        for shown in place.children:
            shown.close()
        place.children = (make_step(at),)

    back.on_click(lambda _button: go(at - 1, announced))
    onward.on_click(lambda _button: go(at + 1, announced))
    go(0, sentence)
    return VBox([HBox([back, onward], layout=Layout(flex_flow="row wrap")), label, place])


def announced(words: str) -> str:
    """Return a sentence as HTML that a screen reader reads out: the focus stays on the button."""
    return f'<div role="alert">{sentence(words)}</div>'


def sentence(words: str) -> str:
    """Return a sentence as HTML."""
    return f'<p style="margin:.35em 0;line-height:1.5"><strong>{escape(words)}</strong></p>'
