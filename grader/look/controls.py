"""Controls in HTML: what can be pressed, chosen and moved in a live view.

Each has a name for those who don't see it, and says in more than its colour what is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from grader.look.figure import SUMMARY


def button(
    words: str,
    act: str,
    value: object = "",
    *,
    purpose: str = "",
    is_primary: bool = False,
    is_off: bool = False,
) -> str:
    """Return a button; act, value: what the view is told. purpose: what it does, in more words.

    is_off: it keeps its place and the focus, but a press does nothing.
    """
    named = f' title="{escape(purpose)}" aria-label="{escape(purpose)}"' if purpose else ""
    kind = ' class="primary"' if is_primary else ""
    told = f'data-act="{escape(act)}" data-value="{escape(str(value))}"'
    off = ' aria-disabled="true"' if is_off else ""
    return f'<button type="button" {told}{kind}{named}{off}>{escape(words)}</button>'


def choices(
    options: Mapping[str, str], chosen: str, act: str, *, purpose: str, is_settled: bool = False
) -> str:
    """Return buttons of which one is chosen; options: the words by what the view is told.

    is_settled: it can no longer be changed, so they're as large, but no buttons.
    """
    if is_settled:
        each = "".join(
            f'<span class="was{" mine" * (value == chosen)}">{escape(words)}</span> '
            for value, words in options.items()
        )
    else:
        each = "".join(
            f'<button type="button" data-act="{escape(act)}" data-value="{escape(value)}" '
            f'aria-pressed="{str(value == chosen).lower()}">{escape(words)}</button>'
            for value, words in options.items()
        )
    return f'<div class="choices" role="group" aria-label="{escape(purpose)}">{each}</div>'


def sortable(
    options: Mapping[str, tuple[str, str]],
    chosen: str,
    act: str,
    *,
    sort: str,
    step: str,
    purpose: str,
) -> str:
    """Return buttons one below the other, of which one is chosen, that can be put in another order.

    options: the words and a note by what the view is told. sort: the action of a row that was
    dragged, with its place and its new one, such as "3 1". step: that of an arrow key on a button,
    with the place and -1 or 1.
    """
    rows = "".join(
        f'<div><span class="grip" aria-hidden="true"></span>'
        f'<button type="button" data-act="{escape(act)}" data-value="{escape(value)}" '
        f'aria-pressed="{str(value == chosen).lower()}" aria-keyshortcuts="ArrowUp ArrowDown">'
        f'{escape(words)}</button><span class="caption">{escape(note)}</span></div>'
        for value, (words, note) in options.items()
    )
    return (
        f'<div class="sortable" role="group" aria-label="{escape(purpose)}" '
        f'data-sort="{escape(sort)}" data-step="{escape(step)}">{rows}</div>'
    )


def file_button(words: str, act: str, *, kinds: str, most: int, purpose: str) -> str:
    """Return a button that lets somebody choose a file, for the `take` of a live view.

    kinds: what can be chosen, such as ".json". most: how many bytes are sent; of a larger one only
    the name and the size are told.
    """
    return (
        f'<button type="button" data-act="{escape(act)}" data-file="{escape(kinds)}" '
        f'data-most="{most}" title="{escape(purpose)}">{escape(words)}</button>'
    )


def slider(name: str, act: str, value: float, *, least: float, most: float, said: str) -> str:
    """Return a slider; name: what it sets. said: its value in words."""
    return (
        f'<input type="range" data-act="{escape(act)}" aria-label="{escape(name)}" '
        f'aria-valuetext="{escape(said)}" min="{least:g}" max="{most:g}" value="{value:g}">'
    )


def field(
    name: str,
    act: str,
    value: str,
    *,
    note: str = "",
    fault: str = "",
    options: Mapping[str, str] | None = None,
) -> str:
    """Return a field with its name, and what it means below, or what is wrong with it.

    note: in HTML. options: what can be chosen, the words by the value; without them one types.
    """
    told = f'data-act="{escape(act)}" aria-label="{escape(name)}"'
    wrong = ' aria-invalid="true"' if fault else ""
    if options is None:
        control = f'<input type="text" spellcheck="false" {told}{wrong} value="{escape(value)}">'
    else:
        each = "".join(
            f'<option value="{escape(key)}"{" selected" if key == value else ""}>'
            f"{escape(words)}</option>"
            for key, words in options.items()
        )
        control = f"<select {told}{wrong}>{each}</select>"
    # A screen reader reads a fault out at once.
    below = (
        f'<div class="fault" role="alert">✗ {escape(fault)}</div>'
        if fault
        else f'<div class="note">{note}</div>'
    )
    return f'<div class="field"><label><span>{escape(name)}</span>{control}</label>{below}</div>'


def area(name: str, act: str, value: str, *, rows: int) -> str:
    """Return a field for a text of several lines; act: "" if it is only to be copied."""
    told = f'data-act="{escape(act)}"' if act else "readonly"
    return (
        f'<label class="area"><span>{escape(name)}</span><textarea {told} '
        f'aria-label="{escape(name)}" rows="{rows}" spellcheck="false">{escape(value)}</textarea>'
        "</label>"
    )


def fold(words: str, html: str) -> str:
    """Return HTML that unfolds below its words, which are plain text."""
    # nbgrader's feedback pages hide the triangle that says "open me".
    summary = f'<summary style="{SUMMARY}">{escape(words)}</summary>'
    return f'<details class="fold">{summary}{html}</details>'


def row(*controls: str) -> str:
    """Return controls in a row, or in several if there is little room."""
    return f'<div class="row">{"".join(controls)}</div>'
