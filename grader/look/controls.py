"""Controls in HTML: what can be pressed, chosen and moved in a live view.

Each has a name for those who don't see it, and says in more than its colour what is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def button(
    words: str, act: str, value: object = "", *, purpose: str = "", is_primary: bool = False
) -> str:
    """Return a button; act, value: what the view is told. purpose: what it does, in more words."""
    named = f' title="{escape(purpose)}" aria-label="{escape(purpose)}"' if purpose else ""
    kind = ' class="primary"' if is_primary else ""
    told = f'data-act="{escape(act)}" data-value="{escape(str(value))}"'
    return f'<button type="button" {told}{kind}{named}>{escape(words)}</button>'


def choices(options: Mapping[str, str], chosen: str, act: str, *, purpose: str) -> str:
    """Return buttons of which one is chosen; options: the words by what the view is told."""
    each = "".join(
        f'<button type="button" data-act="{escape(act)}" data-value="{escape(value)}" '
        f'aria-pressed="{str(value == chosen).lower()}">{escape(words)}</button>'
        for value, words in options.items()
    )
    return f'<div class="choices" role="group" aria-label="{escape(purpose)}">{each}</div>'


def slider(name: str, act: str, value: float, *, least: float, most: float, said: str) -> str:
    """Return a slider; name: what it sets. said: its value in words."""
    return (
        f'<input type="range" data-act="{escape(act)}" aria-label="{escape(name)}" '
        f'aria-valuetext="{escape(said)}" min="{least:g}" max="{most:g}" value="{value:g}">'
    )


def row(*controls: str) -> str:
    """Return controls in a row, or in several if there is little room."""
    return f'<div class="row">{"".join(controls)}</div>'
