"""Parts of views made of ipywidgets: pictures, buttons and rows of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from grader.classroom.showing import sendable
from grader.look import QUIET


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
