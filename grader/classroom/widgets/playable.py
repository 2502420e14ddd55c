"""What every widget of the course has: words, a still picture, and a view to play with.

A notebook without a kernel shows no view: on a web page, in a feedback page, in JupyterLab the next
day. So the complete words and picture are always there, in an output of their own, above the view.
The style sheet shows whichever of the two is whole, so the picture gives way while the view lives.
A widget that moves by itself rewrites its picture by its display id, which works from any cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from grader.classroom.showing import Shown, publish
from grader.look import style_sheet

VIEW_TYPE = "application/vnd.jupyter.widget-view+json"
_ADVICE = "This is a picture. Run the cell to play with it."


@dataclass(frozen=True)
class Playable(Shown):
    """Show something to play with: a view if there is a kernel, text and HTML everywhere.

    text, html: everything that the view can show, at once.
    make_view: makes the view; called each time it is shown. advice: what stands above the picture
    where there is no view.
    """

    make_view: Callable[[], Any]
    advice: str = _ADVICE

    def _ipython_display_(self) -> None:
        show_playing(self.make_view(), self, advice=self.advice)


def show_playing(view: Any, shown: Shown, *, advice: str = _ADVICE) -> None:
    """Show a view, and for where there is none a picture; advice: what the picture says of that."""
    publish(still(shown, advice)._repr_mimebundle_())
    publish(_view_alone(view))


def still(shown: Shown, advice: str = _ADVICE) -> Shown:
    """Return a picture that gives way to the view in the output below it, under its advice."""
    html = (
        f'{style_sheet("controls")}<div class="gr gr-still"><p class="caption">{advice}</p>'
        f"{shown.html}</div>"
    )
    return Shown(shown.text, html)


def _view_alone(view: Any) -> dict[str, Any]:
    """Return a view without a picture; its class tells the style sheet that it lives."""
    view.add_class("gr-live")
    # Front ends without widgets show the picture above, and nothing here.
    bundle = view._repr_mimebundle_()
    # anywidget's views return their metadata beside it.
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {"text/plain": "", "text/html": "", VIEW_TYPE: data[VIEW_TYPE]}


class KeptOutput:
    """Show something in an output that any cell can rewrite."""

    def __init__(self, shown: Shown) -> None:
        self._id = f"grader-{uuid4().hex}"
        self._publish(shown, is_new=True)

    def write(self, shown: Shown) -> None:
        """Show something else in its place."""
        self._publish(shown, is_new=False)

    def _publish(self, shown: Shown, *, is_new: bool) -> None:
        transient = {"display_id": self._id}
        publish(shown._repr_mimebundle_(), transient=transient, update=not is_new)


class LiveOutput:
    """Show a view, and above it a picture to save, which can be rewritten."""

    def __init__(self, view: Any, shown: Shown) -> None:
        self._picture = KeptOutput(still(shown))
        # We never rewrite this output: that would rewrite the view too, and lose the focus.
        publish(_view_alone(view))

    def write(self, shown: Shown) -> None:
        """Rewrite the picture to save."""
        self._picture.write(still(shown))


def has_notebook() -> bool:
    """Return whether a notebook, or another IPython shell, shows what we publish."""
    from IPython import get_ipython

    return get_ipython() is not None
