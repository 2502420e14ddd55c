"""Live views: HTML that Python draws, with controls that call back.

A view has a state of its own in Python, a function that draws it, and one that is called with what
was pressed. All views share one script, `live.js`, which knows nothing of any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from grader.classroom.showing import sendable

Draw = Callable[[], str]
Act = Callable[[str, str], None]
"""What is called with the name of an action and its value, such as ("go", "3")."""


@dataclass(frozen=True)
class ChosenFile:
    """Hold a file that somebody chose; size: in bytes. content: None if it was too large to send.

    The name is what the browser says.
    """

    name: str
    size: int
    content: bytes | None


Take = Callable[[str, ChosenFile], None]
"""What is called with the name of an action and the file that was chosen for it."""


def make_live(draw: Draw, act: Act, take: Take | None = None) -> Any:
    """Return a view of what `draw` returns; `act` is called with each action, then it's drawn anew.

    take: called in its place where a file was chosen. Controls are made by `grader.look.controls`.
    """
    view = _live()(html=sendable(draw()))

    def hear(_view: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, dict) and content.get("here") is True:
            view.send({"heard": True})
        if isinstance(content, dict) and isinstance(content.get("act"), str):
            name, value = content["act"], str(content.get("value", ""))
            try:
                if take is not None and isinstance(content.get("size"), int):
                    sent = bytes(buffers[0]) if buffers else None
                    take(name, ChosenFile(value, content["size"], sent))
                else:
                    act(name, value)
                redraw(view, draw)
            finally:
                # The script counts its presses, and hears which of them was answered.
                view.send({"done": content["act"], "number": content.get("number")})

    view.on_msg(hear)
    return view


def redraw(view: Any, draw: Draw) -> None:
    """Draw a view anew."""
    view.html = sendable(draw())


@cache
def _live() -> Any:
    """Return the class of live views; made when the first is shown, as its library is slow."""
    import anywidget
    import traitlets

    class LiveView(anywidget.AnyWidget):
        _esm = files(__package__).joinpath("live.js").read_text(encoding="utf-8")
        html = traitlets.Unicode().tag(sync=True)

    return LiveView
