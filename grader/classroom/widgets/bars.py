"""Bars in HTML: they differ by pattern, in any theme, and always have words beside them.

The colours are literal, because JupyterLab strips variables from untrusted outputs, as it strips
SVG and text for screen readers only. On white and on JupyterLab's dark background they have a
contrast of at least 3 to 1, which WCAG asks of graphics; the tests measure it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FILL = "#1976d2"
LINE = "#757575"
FIGURE = "max-width:46em;line-height:1.5;overflow-wrap:anywhere"
"""The style of a picture; its text has the colour of the text around it."""
QUIET = "margin:.35em 0"
"""The style of a paragraph in a picture."""

# A plain gradient, repeated by its size, because JupyterLab strips repeating-linear-gradient.
_STRIPES = (
    f"background-image:linear-gradient(45deg,{FILL} 25%,transparent 25%,transparent 50%,"
    f"{FILL} 50%,{FILL} 75%,transparent 75%);background-size:6px 6px"
)
PATTERNS = {
    "solid": f"border:1px solid {FILL};background:{FILL}",
    "hatched": f"border:1px solid {FILL};{_STRIPES}",
    "hollow": f"border:1px solid {FILL}",
    "dashed": f"border:1px dashed {FILL}",
}


@dataclass(frozen=True)
class Segment:
    """Hold a part of a bar.

    amount: in the unit of the bar. pattern: a name in PATTERNS, or "" for a gap.
    """

    amount: float
    pattern: str


def bar(segments: Sequence[Segment], *, full: float) -> str:
    """Return a bar as HTML, hidden from screen readers; full: the amount that fills the width."""
    parts = "".join(_part(segment, full) for segment in segments if segment.amount > 0)
    return f'<div aria-hidden="true" style="display:flex;width:100%;height:1em">{parts}</div>'


def swatch(pattern: str) -> str:
    """Return a small sample of a pattern for a legend."""
    return (
        '<span aria-hidden="true" style="display:inline-block;width:1.6em;height:.8em;'
        f'box-sizing:border-box;{PATTERNS[pattern]}"></span>'
    )


def _part(segment: Segment, full: float) -> str:
    width = f"flex:0 0 auto;box-sizing:border-box;width:{100 * segment.amount / full:.2f}%"
    pattern = f";min-width:3px;{PATTERNS[segment.pattern]}" if segment.pattern else ""
    return f'<div style="{width}{pattern}"></div>'
