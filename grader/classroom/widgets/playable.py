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

_VIEW = "application/vnd.jupyter.widget-view+json"
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
        publish_display_data({**still, _VIEW: view[_VIEW]})  # type: ignore[no-untyped-call]
        # JupyterLab shows an error in the place of a view whose kernel is gone, and nothing else.
        publish_display_data({"text/html": self._folded(still["text/html"])})  # type: ignore[no-untyped-call]

    def _folded(self, html: str) -> str:
        return (
            f'<details><summary style="display:list-item;cursor:pointer">{escape(self.summary)}. '
            f"{_ADVICE}</summary>{html}</details>"
        )
