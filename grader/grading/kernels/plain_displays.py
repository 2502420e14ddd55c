"""What the course draws is shown in words where it is graded: grading keeps nothing else of it.

`clean_outputs` drops HTML and widgets, and drawing them takes a tenth of a kernel's time. What a
learner's own objects show is left as it is: their code may depend on being asked.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Loaded by name: grading must not import what runs in the learner's process.
_SHOWING = "grader.classroom.showing"
_PLAYABLE = "grader.classroom.widgets.playable"


def show_words_only() -> None:
    """Make all that is `Shown` give its words, and a `Playable` make no view."""
    showing: Any = import_module(_SHOWING)
    playable: Any = import_module(_PLAYABLE)

    def words(self: Any, **_options: object) -> dict[str, str]:
        return {"text/plain": showing.sendable(self.text)}

    def play(self: Any) -> None:
        showing.publish(words(self))
        # A view is an output of its own, without words.
        showing.publish({"text/plain": ""})

    for kind in (showing.Shown, showing.Drawn):
        kind._repr_mimebundle_ = words
    playable.Playable._ipython_display_ = play
