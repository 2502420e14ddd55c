"""Read a view by its traits: what it says, and what can be pressed."""

from __future__ import annotations

import re
from typing import Any


def within(view: Any) -> list[Any]:
    """Return a view and all that is in it, in the order of reading."""
    return [view, *(each for child in getattr(view, "children", ()) for each in within(child))]


def words(view: Any) -> str:
    """Return what a view says, without its tags."""
    html = " ".join(str(each.value) for each in within(view) if hasattr(each, "value"))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def button(view: Any, name: str) -> Any:
    """Return the one button with these words."""
    (found,) = [each for each in within(view) if getattr(each, "description", "") == name]
    return found
