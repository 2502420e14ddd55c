"""Bars of HTML: told apart by their pattern, readable in any theme, and never without a number.

Where a page takes the styles away, as GitHub does, the words beside the bars say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FIGURE = "max-width:46em;line-height:1.5;overflow-wrap:anywhere"
"""The style of a widget's picture; its colours and letters are those around it."""

_COLOUR = "var(--jp-brand-color1, #1976d2)"
_SOLID = f"background:{_COLOUR}"
_HATCHED = f"background:repeating-linear-gradient(45deg,{_COLOUR} 0 2px,transparent 2px 6px)"
_HOLLOW = "background:none"
PATTERNS = {"solid": _SOLID, "hatched": _HATCHED, "hollow": _HOLLOW}


@dataclass(frozen=True)
class Segment:
    """Hold a part of a bar.

    amount: in the unit of the bar. pattern: a name in PATTERNS, or "" for a gap.
    """

    amount: float
    pattern: str


def bar(segments: Sequence[Segment], *, full: float) -> str:
    """Return a bar as HTML, hidden from screen readers; full: what takes the whole width."""
    parts = "".join(_part(segment, full) for segment in segments if segment.amount > 0)
    return f'<div aria-hidden="true" style="display:flex;width:100%;height:1em">{parts}</div>'


def swatch(pattern: str) -> str:
    """Return a small sample of a pattern for a legend."""
    return (
        f'<span aria-hidden="true" style="display:inline-block;width:1.6em;height:.8em;'
        f'box-sizing:border-box;border:1px solid {_COLOUR};{PATTERNS[pattern]}"></span>'
    )


def _part(segment: Segment, full: float) -> str:
    width = f"flex:0 0 auto;box-sizing:border-box;width:{100 * segment.amount / full:.2f}%"
    if not segment.pattern:
        return f'<div style="{width}"></div>'
    drawn = f"min-width:3px;border:1px solid {_COLOUR};{PATTERNS[segment.pattern]}"
    return f'<div style="{width};{drawn}"></div>'
