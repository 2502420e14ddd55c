"""Read a view by what it holds: what it says, and what can be pressed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any


def within(view: Any) -> list[Any]:
    """Return a view and all that is in it, in the order of reading."""
    return [view, *(each for child in getattr(view, "children", ()) for each in within(child))]


def drawn(view: Any) -> str:
    """Return the HTML of a view, without its style sheets."""
    parts = (getattr(each, "html", getattr(each, "value", "")) for each in within(view))
    return re.sub(r"<style>.*?</style>", "", " ".join(map(str, parts)), flags=re.DOTALL)


def words(view: Any) -> str:
    """Return what a view says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", drawn(view)))


def said(view: Any) -> str:
    """Return the sentence in which a live view says what it shows."""
    ((_, found),) = re.findall(r'<(\w+)[^>]*role="status"[^>]*>(.*?)</\1>', drawn(view), re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", found)).split())


def alerts(view: Any) -> list[str]:
    """Return what a view announces at once."""
    return re.findall(r'<div role="alert"><p[^>]*><strong>([^<]*)', drawn(view))


@dataclass(frozen=True)
class Control:
    """Hold a control of a live view; words: those on it. name: what a screen reader calls it."""

    view: Any
    words: str
    name: str
    act: str
    value: str
    is_chosen: bool

    def click(self) -> None:
        """Press it."""
        self.set(self.value)

    def set(self, value: object) -> None:
        """Give it a value, as a slider or a field does."""
        self.view._handle_custom_msg({"act": self.act, "value": str(value)}, [])


class _Controls(HTMLParser):
    def __init__(self, view: Any) -> None:
        super().__init__()
        self.found: list[Control] = []
        self._view = view
        self._open: dict[str, str] | None = None
        self._words = ""

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "option" and "selected" in given and self._open is not None:
            self._open["value"] = given["value"]
        if "data-act" not in given:
            return
        self._open, self._words = given, ""
        if tag == "input":
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if self._open is None or tag not in ("button", "input", "textarea", "select"):
            return
        given, self._open = self._open, None
        if tag == "textarea":
            given["value"] = self._words
        spoken = "" if tag in ("select", "textarea") else self._words.strip()
        self.found.append(
            Control(
                self._view,
                spoken,
                given.get("aria-label") or spoken,
                given["data-act"],
                given.get("data-value", given.get("value", "")),
                given.get("aria-pressed") == "true",
            )
        )


def controls(view: Any) -> list[Control]:
    """Return what can be pressed or moved in a live view, in the order of reading."""
    return list(_controls(view))


def _controls(view: Any) -> Iterator[Control]:
    for each in within(view):
        if hasattr(each, "html"):
            reader = _Controls(each)
            reader.feed(each.html)
            yield from reader.found


def button(view: Any, name: str) -> Any:
    """Return the one button with these words, or of this name."""
    plain = [each for each in within(view) if getattr(each, "description", "") == name]
    live = [each for each in controls(view) if name in (each.words, each.name)]
    (found,) = [*plain, *live]
    return found


def chosen(view: Any) -> list[str]:
    """Return the words of what is chosen in a live view."""
    return [each.words for each in controls(view) if each.is_chosen]
