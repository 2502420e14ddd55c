"""Bars in HTML: their parts differ by colour and by pattern, and always have words beside them.

The styles are literal first, because JupyterLab strips variables from untrusted outputs, as it
strips SVG and text for screen readers only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.look.tokens import themed


def _pattern(hue: str, image: str, *, border: str = "1.5px solid", size: str = "") -> str:
    """Return the style of a part of a bar; image: in CSS, with `{0}` for the colour."""
    sized = f";background-size:{size}" if size else ""
    drawn = f";{themed(f'background-image:{image}', hue)}{sized}" if image else ""
    return f"{themed(f'border:{border} {{0}}', hue)}{drawn}"


# Plain gradients, repeated by their size, because JupyterLab strips repeating-linear-gradient.
_SOLID = "linear-gradient({0},{0})"
_STRIPES = (
    "linear-gradient(45deg,{0} 22%,transparent 22%,transparent 50%,{0} 50%,{0} 72%,transparent 72%)"
)
_DOTS = "radial-gradient(circle,{0} 1.5px,transparent 1.9px)"
_LINES = "linear-gradient({0} 2px,transparent 2px)"
PATTERNS: Mapping[str, str] = {
    "fresh": _pattern("fresh", _SOLID),
    "write": _pattern("write", _DOTS, border="1.5px dashed", size="7px 7px"),
    "read": _pattern("read", _STRIPES, size="8px 8px"),
    "think": _pattern("think", _LINES, size="100% 5px"),
    "out": _pattern("out", "", border="2.5px solid"),
    # Where time passes, or where it is only said how much there is.
    "run": _pattern("act", _SOLID),
    "refused": _pattern("orange", _STRIPES, size="6px 6px"),
    "lost": _pattern("red", _SOLID),
    "again": _pattern("text", _STRIPES, size="8px 8px"),
    "whole": _pattern("grey", "", border="1.5px dashed"),
}
"""How a part of a bar is drawn: the classes of usage, and what else a bar counts."""


@dataclass(frozen=True)
class Segment:
    """Hold a part of a bar.

    amount: in the unit of the bar. pattern: a name in PATTERNS, or "" for a gap.
    """

    amount: float
    pattern: str


def bar(segments: Sequence[Segment], *, full: float, height: int = 14) -> str:
    """Return a bar as HTML, hidden from screen readers.

    full: the amount that fills the width. height: in pixels.
    """
    parts = "".join(_part(segment, full) for segment in segments if segment.amount > 0)
    return (
        f'<div aria-hidden="true" style="display:flex;width:100%;height:{height}px;gap:1px">'
        f"{parts}</div>"
    )


def swatch(pattern: str) -> str:
    """Return a small sample of a pattern for a legend."""
    return (
        '<span aria-hidden="true" style="display:inline-block;width:22px;height:12px;'
        f'box-sizing:border-box;border-radius:2px;vertical-align:-1px;{PATTERNS[pattern]}"></span>'
    )


def _part(segment: Segment, full: float) -> str:
    width = f"flex:0 1 auto;box-sizing:border-box;width:{100 * segment.amount / full:.2f}%"
    pattern = (
        f";min-width:4px;border-radius:2px;{PATTERNS[segment.pattern]}" if segment.pattern else ""
    )
    return f'<div style="{width}{pattern}"></div>'
