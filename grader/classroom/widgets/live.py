"""Live views: HTML that Python draws, with controls that call back.

A view has a state of its own in Python, a function that draws it, and one that is called with what
was pressed. All views share one script, `live.js`, which knows nothing of any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from grader.classroom.showing import sendable

Draw = Callable[[], str]
Act = Callable[[str, str], None]
"""What is called with the name of an action and its value, such as ("go", "3")."""


def make_live(draw: Draw, act: Act) -> Any:
    """Return a view of what `draw` returns; `act` is called with each action, then it's drawn anew.

    Controls are made by `grader.look.controls`.
    """
    view = _live()(html=sendable(draw()))

    def hear(_view: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict) and isinstance(content.get("act"), str):
            try:
                act(content["act"], str(content.get("value", "")))
                redraw(view, draw)
            finally:
                view.send({"done": content["act"]})

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
