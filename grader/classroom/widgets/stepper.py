"""Step through things, or choose among them: a sentence, the thing itself, and what to press.

The sentence says what is shown, and a screen reader announces it. Both are live views.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import Any

from grader.classroom.widgets.live import make_live
from grader.look import button, choices, row, slider, style_sheet

StepAct = Callable[[int, str, str], None]
"""What is called with the place of the step shown, and the name and value of an action in it."""


def make_stepper(
    labels: Sequence[str],
    make_step: Callable[[int], str],
    *,
    noun: str,
    scale: Callable[[int], str] | None = None,
    act: StepAct | None = None,
) -> Any:
    """Return a view that shows one step at a time.

    labels: what each step is and shows, in one line of plain words. make_step: returns the HTML of
    a step, by its place from 0. noun: what a step is, such as "call". scale: returns a strip of
    all steps, by the place of the one shown, with a slider below it; without it one can't slide.
    act: called with each action of the step's own controls; the step is drawn anew then.
    """
    step = cache(make_step) if act is None else make_step
    last = len(labels) - 1
    at = 0

    def hear(name: str, value: str) -> None:
        nonlocal at
        if name == "go":
            moved = {"back": at - 1, "on": at + 1}.get(value)
            at = min(max(int(value) if moved is None else moved, 0), last)
        elif act is not None:
            act(at, name, value)

    def draw() -> str:
        slide = slider(f"{noun} to show", "go", at, least=0, most=last, said=labels[at])
        place = "" if scale is None else f"{scale(at)}{slide}"
        moves = row(
            button("◀ Previous", "go", "back", purpose=f"Previous {noun}"),
            button("Next ▶", "go", "on", purpose=f"Next {noun}", is_primary=True),
        )
        said = answer(labels[at], labels)
        return f"{style_sheet('controls')}{said}{place}{moves}{step(at)}"

    return make_live(draw, hear)


def make_chooser(
    names: Sequence[str],
    says: Sequence[str],
    make_choice: Callable[[int], str],
    *,
    noun: str,
    below: str = "",
    act: StepAct | None = None,
) -> Any:
    """Return a view that shows one of several things at a time, the first one first.

    names: the words on the buttons. says: what each choice shows, in one line of plain words.
    make_choice: returns the HTML of a choice, by its place from 0. noun: what one chooses.
    below: HTML below all of them. act: as in `make_stepper`.
    """
    choice = cache(make_choice) if act is None else make_choice
    options = {str(place): name for place, name in enumerate(names)}
    at = 0

    def hear(name: str, value: str) -> None:
        nonlocal at
        if name == "choose":
            at = int(value)
        elif act is not None:
            act(at, name, value)

    def draw() -> str:
        shown = choices(options, str(at), "choose", purpose=f"The {noun} to show")
        return f"{style_sheet('controls')}{answer(says[at], says)}{shown}{choice(at)}{below}"

    return make_live(draw, hear)


_CANDIDATES = 5
"""How many of the longest sentences are tried: which takes most lines depends on the width."""


def answer(words: str, every: Sequence[str] = ()) -> str:
    """Return what a view shows, in a sentence that a screen reader announces when it changes.

    every: all the sentences that may stand there. There is room for the longest of them, so that
    what is below stays where it is.
    """
    longest = sorted(set(every), key=lambda each: (-len(each), each))[:_CANDIDATES]
    room = "".join(f'<i aria-hidden="true" data-room="{escape(each)}"></i>' for each in longest)
    said = f'<p class="answer" role="status" style="margin:0">{escape(words)}</p>'
    return f'<div class="room">{said}{room}</div>'
