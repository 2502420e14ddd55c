"""How we show progress: a table that stays, and two controls to save and load it.

The table is a separate output, plain HTML: it needs no kernel, and its links work like any link in
a notebook. Of the ways to transfer a file, these two work wherever a live view does: a link that
holds the file itself (`data:`), which JupyterLab, Notebook and VS Code all save, and a file that
the browser reads and sends. Neither needs a server that knows the file, so they work on Binder too.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from grader.classroom.progress_file import Progress, load_progress, save_progress
from grader.classroom.progress_place import Place
from grader.classroom.progress_transfer import (
    FILE_NAME,
    LARGEST,
    merge,
    pack,
    too_large,
    unpack,
)
from grader.classroom.showing import Shown, publish, sendable
from grader.classroom.widgets.playable import show_playing
from grader.errors import ProgressError
from grader.look import button, file_button, row, style_sheet

if TYPE_CHECKING:
    from grader.classroom.widgets.live import ChosenFile

_LOADS = "Add the progress from a saved file to yours"
_STILL = "To take your progress along, run this cell and press Save, or copy the file named above."


@dataclass(frozen=True)
class ProgressShown(Shown):
    """Show the course at a glance, with controls below if progress is kept.

    place: where it is kept. points: the most that each exercise gives.
    again: makes the table anew from the progress by then.
    """

    place: Place
    points: Mapping[str, int]
    again: Callable[[], Shown]

    @property
    def path(self) -> Path | None:
        """Return the file it is kept in, None if progress is switched off."""
        return self.place.path

    def certificate(self, name: str = "", *, path: str | Path | None = None) -> Shown:
        """Write a page that says what was passed, with the code, and show where it is.

        name: whose it is. path: the file, by default one beside the notebook. Whoever doubts the
        page runs `grader verify`. Raises CertificateError, ProgressError.
        """
        from grader.classroom.certifying import write_certificate

        return write_certificate(self.place, name, path)

    def _ipython_display_(self) -> None:
        place = {"display_id": uuid4().hex}
        publish(self._repr_mimebundle_(), transient=place)
        if self.path is None:
            return

        def refresh() -> None:
            bundle = self.again()._repr_mimebundle_()
            publish(bundle, transient=place, update=True)

        show_playing(self.make_view(refresh), Shown(_STILL, ""), advice=_STILL)

    def make_view(self, refresh: Callable[[], None]) -> Any:
        """Return the controls; refresh: shows the table again after loading a file."""
        from grader.classroom.widgets.live import make_live

        word = ""

        def draw() -> str:
            controls = row(
                button("Save to a file", "save"),
                file_button(
                    "Load from a file", "load", kinds=".json", most=LARGEST, purpose=_LOADS
                ),
            )
            return f"{style_sheet('controls')}{controls}{word}"

        def act(_name: str, _value: str) -> None:
            nonlocal word
            word = _tried(self._saved)

        def take(_name: str, file: ChosenFile) -> None:
            nonlocal word
            word = _tried(lambda: self._loaded(file, refresh))

        return make_live(draw, act, take)

    def _saved(self) -> str:
        kept = load_progress(self.path)
        encoded = b64encode(pack(kept)).decode()
        return (
            f"{_spoken(f'Ready to save: {self._count(kept)}.')}"
            f'<p style="margin:.35em 0;line-height:1.5"><a download="{FILE_NAME}" '
            f'style="text-decoration:underline" '
            f'href="data:application/json;base64,{encoded}">Download {FILE_NAME}</a></p>'
        )

    def _loaded(self, file: ChosenFile, refresh: Callable[[], None]) -> str:
        name = file.name
        if file.content is None:
            raise too_large(name, file.size)
        theirs = unpack(file.content, name, self.points)
        mine = load_progress(self.path)
        after = merge(mine, theirs)
        save_progress(after, self.path)
        if after == mine:
            return _spoken(f"{name} was read. It has nothing new, so nothing changed.")
        refresh()
        return _spoken(f"{name} was read. Before: {self._count(mine)}. Now: {self._count(after)}.")

    def _count(self, progress: Progress) -> str:
        known = [progress.record(name) for name in self.points]
        points = sum(record.points for record in known)
        correct = sum(record.is_correct for record in known)
        return f"{points} points, {correct} correct"


def _tried(act: Callable[[], str]) -> str:
    """Return an action's message, or why it failed."""
    try:
        return sendable(act())
    except ProgressError as error:
        return sendable(_spoken(f"✗ {error}"))


def _spoken(words: str) -> str:
    return f'<div role="alert">{_paragraph(words)}</div>'


def _paragraph(words: str) -> str:
    return f'<p style="margin:.35em 0;line-height:1.5;max-width:46em">{escape(words)}</p>'
