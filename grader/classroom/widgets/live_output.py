"""The outputs of a cell whose widget moves on by itself: they stay true, also when it was saved.

A view is alive as long as its kernel. Below it the same stands as text and HTML, in an output that
is written anew whenever something is worth keeping; by its display id, so from any cell.
"""

from __future__ import annotations

from html import escape
from typing import Any
from uuid import uuid4

from grader.classroom.shown import Shown
from grader.classroom.widgets.playable import VIEW_TYPE, folded

_ADVICE = "If there is nothing to see above, run the cell."


class KeptOutput:
    """Show something in an output that can be written anew, from any cell."""

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
    """Show a view, and below it what can be saved; title: what it is, in a few words."""

    def __init__(self, title: str, view: Any, still: Shown, summary: str) -> None:
        bundle = Shown(title, f"<p>{escape(title)}</p>")._repr_mimebundle_()
        # This output is never written anew: the view would be too, and lose the focus of its keys.
        _publish({**bundle, VIEW_TYPE: view._repr_mimebundle_()[VIEW_TYPE]})
        self._below = KeptOutput(_below(still, summary))

    def write(self, still: Shown, summary: str) -> None:
        """Write anew what can be saved; summary: all that matters of it, in one line."""
        self._below.write(_below(still, summary))


def _below(still: Shown, summary: str) -> Shown:
    return Shown(still.text, folded(f"{summary} · {_ADVICE}", still.html))


def has_notebook() -> bool:
    """Tell whether a notebook, or another shell of IPython, shows what is published."""
    from IPython import get_ipython

    return get_ipython() is not None


def _publish(bundle: dict[str, Any], **options: Any) -> None:
    from IPython.display import publish_display_data

    publish_display_data(bundle, **options)  # type: ignore[no-untyped-call]
