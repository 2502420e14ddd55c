"""The colours: each for a light page, for a dark one, and one that can be read on both.

Contrast was measured against the pages of JupyterLab's themes: letters have 4.5 to 1 and more on a
page and on a wash of their own colour, what is drawn 3 to 1 (WCAG 2.2, AA). The tests measure it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Hue:
    """Hold one colour, as #rrggbb.

    light, dark: on a page of that theme, for letters too. literal: where the theme isn't known, for
    what is drawn. wash: how much of it covers a page as a ground for letters, in percent, on a
    light and on a dark page.
    """

    light: str
    dark: str
    literal: str
    wash: tuple[int, int] = (10, 13)


HUES: Mapping[str, Hue] = {
    # Classes of usage, and what is named after them.
    "fresh": Hue("#1565c0", "#64b5f6", "#2b7fdb", (10, 14)),
    "write": Hue("#945600", "#f0b24a", "#b8791a"),
    "read": Hue("#00756a", "#4dd0b8", "#138f7e"),
    "think": Hue("#6f42c1", "#b79cf0", "#8a63d2", (10, 14)),
    "out": Hue("#b8195a", "#f48fb1", "#d8437a", (10, 14)),
    # Kinds of block; thinking has the hue of its usage.
    "tool": Hue("#4b6f00", "#b5d05a", "#6f9021", (11, 13)),
    "text": Hue("#455a64", "#b0bec5", "#76848b", (9, 12)),
    # Outcomes.
    "red": Hue("#c62828", "#ff8a80", "#e04848", (7, 11)),
    "orange": Hue("#a85200", "#ffb74d", "#c8721a", (7, 10)),
    "green": Hue("#2e7d32", "#81c784", "#3f9a4a", (9, 12)),
    "grey": Hue("#616161", "#b3b3b3", "#808080", (6, 8)),
    # What can be pressed, what is chosen, where the keyboard is.
    "act": Hue("#1565c0", "#64b5f6", "#1976d2", (9, 13)),
}
"""Every colour that means something, by name."""

PLAIN: Mapping[str, tuple[str, str]] = {
    "ink": ("#212121", "#f5f5f5"),
    "ink2": ("#595959", "#bdbdbd"),
    "line": ("#757575", "#8f8f8f"),
    "hair": ("#d6d6d6", "#484848"),
    "sunk": ("#f5f5f5", "#212121"),
    "onact": ("#ffffff", "#0b1b2b"),
}
"""The colours of letters, lines and grounds, on a light and on a dark page."""


def themed(what: str, name: str) -> str:
    """Return a declaration with a colour: the literal, and the theme's where variables are known.

    what: the property, or a declaration with `{0}` where the colour stands, such as
    "border:1px solid {0}".
    """
    pattern = what if "{0}" in what else f"{what}:{{0}}"
    literal = HUES[name].literal
    return f"{pattern.format(literal)};{pattern.format(f'var(--gr-{name},{literal})')}"


def tinted(name: str) -> str:
    """Return the declaration of a wash of a colour as a ground; nothing where it isn't known."""
    return f"background:var(--gr-w-{name},transparent)"


def variables() -> str:
    """Return the rules that give every colour to what stands in an element of the class `gr`."""
    light, dark = _declared(0), _declared(1)
    return (
        f".gr{{{light}}}\n"
        f'[data-jp-theme-light="false"] .gr,html[data-theme="dark"] .gr{{{dark}}}\n'
        "@media (prefers-color-scheme:dark){"
        f"html:not([data-theme]) body:not([data-jp-theme-light]) .gr{{{dark}}}}}\n"
    )


PAGE = ("#ffffff", "#111111")
"""The ground of a page of our own, light and dark."""


def page_variables() -> str:
    """Return the rules that give every colour, and that of the page, to a page of our own."""
    light, dark = (f"{_declared(theme)}--gr-page:{PAGE[theme]};" for theme in (0, 1))
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def _declared(theme: int) -> str:
    hues = {name: (hue.light, hue.dark)[theme] for name, hue in HUES.items()}
    washes = {
        f"w-{name}": _wash((hue.light, hue.dark)[theme], hue.wash[theme])
        for name, hue in HUES.items()
    }
    plain = {name: both[theme] for name, both in PLAIN.items()}
    return "".join(f"--gr-{name}:{value};" for name, value in {**plain, **hues, **washes}.items())


def _wash(colour: str, percent: int) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{percent / 100:.2f})"
