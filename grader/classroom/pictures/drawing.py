"""A small drawing board: boxes, arrows and words as SVG that reads in any theme.

Text and lines take the colour of the text around them. What a colour says, a label or a pattern
says too. A drawing needs no script and loads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Literal

from grader.look import HUES

Kind = Literal["plain", "user", "assistant", "system", "tool", "thinking", "cached", "bad", "good"]
"""What a box stands for."""

# The hues of the course: what goes in is blue as fresh input, what comes out rose as output.
_HUES: dict[Kind, str] = {
    "user": "fresh",
    "assistant": "out",
    "system": "text",
    "tool": "tool",
    "thinking": "think",
    "cached": "read",
    "bad": "red",
    "good": "green",
}
_DASHED = ("thinking", "bad")
_NARROW, _SMALLEST = 360, 12
"""In a page so narrow, the smallest letters still have this size; both in pixels."""
_CHARACTER = 0.56
"""The width of a character, in sizes of its font."""


def _fill(kind: Kind) -> str:
    """Return a colour that is a tint over either theme: a literal, as untrusted outputs need."""
    return HUES[_HUES[kind]].literal if kind in _HUES else "none"


@dataclass
class Drawing:
    """Collect shapes; width, height: in pixels, narrow enough for a phone.

    title: a short name of the picture. told: what it shows, in sentences, for those who don't see
    it; also shown below it, folded.
    """

    title: str
    told: str
    width: int = 400
    height: int = 240
    _shapes: list[str] = field(default_factory=list)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        label: str = "",
        kind: Kind = "plain",
        *,
        note: str = "",
    ) -> None:
        """Draw a box with a label in its middle, and a smaller note below it."""
        dashes = ' stroke-dasharray="5 4"' if kind in _DASHED else ""
        self._shapes.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" '
            f'fill="{_fill(kind)}" fill-opacity="0.16" stroke="currentColor" '
            f'stroke-opacity="0.7"{dashes}/>'
        )
        middle = x + width / 2
        if note:
            self.words(middle, y + height / 2 - 4, label, bold=True)
            self.words(middle, y + height / 2 + 15, note)
        elif label:
            self.words(middle, y + height / 2 + 5, label, bold=True)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int = 14,
        anchor: Literal["start", "middle", "end"] = "middle",
        bold: bool = False,
        code: bool = False,
    ) -> None:
        """Write a line; x, y: where its baseline begins, has its middle, or ends.

        Raises ValueError if it would leave the picture, or if its letters are too small.
        """
        least = _SMALLEST * max(1.0, self.width / _NARROW)
        if size < least:
            raise ValueError(f"{text!r} has letters of {size} px. Here {least:.1f} is the least.")
        length = len(text) * size * (_CHARACTER + 0.05 * code)
        left = x - {"start": 0, "middle": length / 2, "end": length}[anchor]
        if left < -1 or left + length > self.width + 1:
            raise ValueError(f"{text!r} would leave the picture by its side: shorten or move it.")
        font = "monospace" if code else "sans-serif"
        weight = ' font-weight="600"' if bold else ""
        self._shapes.append(
            f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" '
            f'font-family="{font}" fill="currentColor"{weight}>{escape(text)}</text>'
        )

    def arrow(self, x1: float, y1: float, x2: float, y2: float, label: str = "") -> None:
        """Draw a straight arrow, with words above its middle."""
        self._shapes.append(
            f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor" '
            'stroke-width="1.6" marker-end="url(#grader-arrow)"/>'
        )
        if label:
            self.words((x1 + x2) / 2, min(y1, y2) + abs(y1 - y2) / 2 - 6, label)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, dashed: bool = False) -> None:
        """Draw a straight line."""
        dashes = ' stroke-dasharray="4 4"' if dashed else ""
        self._shapes.append(
            f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor" '
            f'stroke-opacity="0.6"{dashes}/>'
        )

    def as_html(self) -> str:
        """Return the figure: the picture, and what it shows in words."""
        return (
            f'<figure style="margin:.5em 0;max-width:{self.width}px">'
            f'<svg role="img" aria-label="{escape(self.title)}: {escape(self.told)}" '
            f'viewBox="0 0 {self.width} {self.height}" width="100%" '
            'xmlns="http://www.w3.org/2000/svg">'
            '<defs><marker id="grader-arrow" viewBox="0 0 10 10" refX="9" refY="5" '
            'markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
            '<path d="M0 0 10 5 0 10z" fill="context-stroke"/></marker></defs>'
            f"{''.join(self._shapes)}</svg>"
            f"<figcaption><details><summary>{escape(self.title)}, in words</summary>"
            f"<p>{escape(self.told)}</p></details></figcaption></figure>"
        )
