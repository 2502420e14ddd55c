"""What every widget of the course is: words, a picture that stands still, and a view to play with.

A notebook that is read without a kernel has no view: on a web page, in a feedback page, in
JupyterLab the day after. So the words and the picture are always there, complete, beside the view.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from grader.classroom.shown import Shown

VIEW_TYPE = "application/vnd.jupyter.widget-view+json"
_ADVICE = "If there is nothing to press above, run the cell."


@dataclass(frozen=True)
class Playable(Shown):
    """Show something to play with: a view where there is a kernel, text and HTML everywhere.

    text, html: all that the view can show, at once.
    summary: what unfolds below the view to show all of it, in a few words.
    make_view: makes the view, a widget of ipywidgets; called each time it is shown.
    """

    summary: str
    make_view: Callable[[], Any]

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        still = self._repr_mimebundle_()
        view = self.make_view()._repr_mimebundle_()
        # In the place of a view whose kernel is gone JupyterLab shows an error and nothing else,
        # so the picture is in an output of its own as well.
        below = folded(f"{self.summary}. {_ADVICE}", still["text/html"])
        for bundle in ({**still, VIEW_TYPE: view[VIEW_TYPE]}, {"text/html": below}):
            publish_display_data(bundle)  # type: ignore[no-untyped-call]


def folded(summary: str, html: str) -> str:
    """Return HTML that unfolds below its summary, a plain text."""
    # nbgrader's feedback pages hide the triangle that says "open me".
    return (
        f'<details><summary style="display:list-item;cursor:pointer">{escape(summary)}</summary>'
        f"{html}</details>"
    )
