"""Read a view by its traits, and press its buttons."""

from __future__ import annotations

import re
from html import unescape
from typing import Any


def within(view: Any) -> list[Any]:
    """Return a view and all that is in it, in the order of reading."""
    return [view, *(each for child in getattr(view, "children", ()) for each in within(child))]


def words(view: Any) -> str:
    """Return what a view says, without its tags and without what is typed into fields."""
    html = " ".join(each.value for each in within(view) if type(each).__name__ == "HTML")
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def alerts(view: Any) -> list[str]:
    """Return what a view has said aloud."""
    html = " ".join(each.value for each in within(view) if type(each).__name__ == "HTML")
    found = re.findall(r'<div role="alert">(.*?)</div>', html)
    return [unescape(re.sub(r"<[^>]*>", "", each)) for each in found]


def press(view: Any, name: str) -> None:
    """Press the one button of this name."""
    (button,) = [each for each in within(view) if getattr(each, "description", "") == name]
    button.click()
