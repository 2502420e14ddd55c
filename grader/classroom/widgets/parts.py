"""Sentences that views have in common."""

from __future__ import annotations

from html import escape

from grader.look import QUIET


def announced(words: str) -> str:
    """Return a sentence as HTML that a screen reader announces: the focus stays on the button."""
    return f'<div role="alert">{sentence(words)}</div>'


def sentence(words: str) -> str:
    """Return a sentence as HTML, in bold."""
    return f'<p style="{QUIET};line-height:1.5"><strong>{escape(words)}</strong></p>'
