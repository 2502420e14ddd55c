"""How well two colours are told apart, as WCAG 2.2 defines it."""

from __future__ import annotations

LIGHT, DARK = "#ffffff", "#111111"
"""The grounds of JupyterLab's two themes."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours written as #rrggbb: 1 for the same, 21 at most."""
    lights = []
    for colour in (one, other):
        parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)
