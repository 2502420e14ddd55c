"""What every widget of the course has: words, a still picture, and a view to play with.

A notebook without a kernel shows no view: on a web page, in a feedback page, in JupyterLab the next
day. So the complete words and picture are always there, beside the view. A widget that moves by
itself rewrites them by their display id, which works from any cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import uuid4

from grader.classroom.showing import Shown

VIEW_TYPE = "application/vnd.jupyter.widget-view+json"
_ADVICE = "If there is nothing to press above, run the cell."


@dataclass(frozen=True)
class Playable(Shown):
    """Show something to play with: a view if there is a kernel, text and HTML everywhere.

    text, html: everything that the view can show, at once.
    summary: a few words for the fold below the view, which holds all of it.
    make_view: makes the view, an ipywidgets widget; called each time it is shown.
    """

    summary: str
    make_view: Callable[[], Any]

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        still = self._repr_mimebundle_()
        view = self.make_view()._repr_mimebundle_()
        # If a view's kernel is gone, JupyterLab shows only an error in its place, so the picture
        # also has its own output.
        below = folded(f"{self.summary}. {_ADVICE}", still["text/html"])
        for bundle in ({**still, VIEW_TYPE: view[VIEW_TYPE]}, {"text/html": below}):
            publish_display_data(bundle)  # type: ignore[no-untyped-call]


def folded(summary: str, html: str) -> str:
    """Return HTML that unfolds below a plain-text summary."""
    # nbgrader's feedback pages hide the triangle that says "open me".
    return (
        f'<details><summary style="display:list-item;cursor:pointer">{escape(summary)}</summary>'
        f"{html}</details>"
    )


_LIVE_ADVICE = "If there is nothing to see above, run the cell."


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
        _publish(shown._repr_mimebundle_(), transient=transient, update=not is_new)


class LiveOutput:
    """Show a view, and below it a version to save; title: what it is, in a few words."""

    def __init__(self, title: str, view: Any, still: Shown, summary: str) -> None:
        bundle = Shown(title, f"<p>{escape(title)}</p>")._repr_mimebundle_()
        # We never rewrite this output: that would rewrite the view too, and lose the focus.
        _publish({**bundle, VIEW_TYPE: view._repr_mimebundle_()[VIEW_TYPE]})
        self._below = KeptOutput(_below(still, summary))

    def write(self, still: Shown, summary: str) -> None:
        """Rewrite the version to save; summary: all that matters about it, in one line."""
        self._below.write(_below(still, summary))


def _below(still: Shown, summary: str) -> Shown:
    return Shown(still.text, folded(f"{summary} · {_LIVE_ADVICE}", still.html))


def has_notebook() -> bool:
    """Return whether a notebook, or another IPython shell, shows what we publish."""
    from IPython import get_ipython

    return get_ipython() is not None


def _publish(bundle: dict[str, Any], **options: Any) -> None:
    from IPython.display import publish_display_data

    publish_display_data(bundle, **options)  # type: ignore[no-untyped-call]
