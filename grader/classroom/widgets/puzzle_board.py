"""Find the broken turn: pick it, and see what the API says, what mends it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from grader.classroom.showing import as_json, side_by_side
from grader.classroom.widgets.bars import FIGURE
from grader.classroom.widgets.history import read_history
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.puzzles import Puzzle, make_puzzles, refusal_of
from grader.classroom.widgets.sequence import Turn, read_sequence
from grader.classroom.widgets.sequence_steps import sequence_html, sequence_text, turn_words
from grader.classroom.widgets.stepper import announced, make_stepper

_TASK = "Which turn is broken?"


def broken_turns() -> Playable:
    """Show five broken histories to find the broken turn in, with the simulated API's own error."""
    puzzles = make_puzzles()
    return Playable(
        text=_text(puzzles),
        html=_html(puzzles),
        summary=f"All {len(puzzles)} histories with folded answers",
        make_view=lambda: _board(puzzles),
    )


def _turns(puzzle: Puzzle) -> tuple[Turn, ...]:
    return read_sequence(read_history(list(puzzle.history)))


def _pair(puzzle: Puzzle) -> tuple[Any, Any]:
    """Return the broken turn, and what takes its place."""
    mended = [puzzle.repaired[number - 1] for number in puzzle.mended]
    return puzzle.history[puzzle.broken - 1], mended[0] if len(mended) == 1 else mended


def _text(puzzles: Sequence[Puzzle]) -> str:
    histories = [
        f"History {number} of {len(puzzles)}. {_TASK}\n"
        f"{sequence_text(_turns(puzzle), with_faults=False)}"
        for number, puzzle in enumerate(puzzles, start=1)
    ]
    answers = [
        f"Answer {number}: turn {puzzle.broken}.\n{refusal_of(puzzle.history)}\n{puzzle.why}\n"
        f"Repaired:\n{as_json(_pair(puzzle)[1])}"
        for number, puzzle in enumerate(puzzles, start=1)
    ]
    return "\n\n".join([*histories, *answers])


def _html(puzzles: Sequence[Puzzle]) -> str:
    return "".join(
        f"<p><strong>History {number} of {len(puzzles)}.</strong> {_TASK}</p>"
        f"{sequence_html(_turns(puzzle), with_faults=False)}"
        '<details><summary style="display:list-item;cursor:pointer">'
        f"The answer to history {number}</summary>"
        f"<p><strong>Turn {puzzle.broken} is broken.</strong></p>{_explanation(puzzle)}</details>"
        for number, puzzle in enumerate(puzzles, start=1)
    )


def _error(puzzle: Puzzle) -> str:
    return f"<p>The API says: <code>{escape(refusal_of(puzzle.history))}</code></p>"


def _explanation(puzzle: Puzzle) -> str:
    broken, mended = _pair(puzzle)
    return (
        f'<div style="{FIGURE}">{_error(puzzle)}<p>{escape(puzzle.why)}</p></div>'
        f"{side_by_side(broken, mended, titles=('Broken', 'Repaired')).html}"
    )


def _board(puzzles: Sequence[Puzzle]) -> Any:
    """Return the view: one history at a time, a button for each turn of it, and a verdict."""
    labels = [f"History {number} of {len(puzzles)}" for number in range(1, len(puzzles) + 1)]
    return make_stepper(labels, lambda at: _puzzle(puzzles[at]), noun="history")


def _puzzle(puzzle: Puzzle) -> Any:
    from ipywidgets import HTML, Button, HBox, Layout, VBox

    turns = _turns(puzzle)
    verdict = HTML()

    def make_button(number: int) -> Any:
        button = Button(description=f"Turn {number}", tooltip=f"Say that turn {number} is broken")
        button.on_click(lambda _button: verdict.set_trait("value", _verdict(puzzle, number)))
        return button

    buttons = [make_button(turn.number) for turn in turns]
    return VBox(
        [
            HTML(sequence_html(turns, with_faults=False)),
            HTML(f"<p>{_TASK}</p>"),
            HBox(buttons, layout=Layout(flex_flow="row wrap")),
            verdict,
        ]
    )


def _verdict(puzzle: Puzzle, picked: int) -> str:
    if picked != puzzle.broken:
        return announced(
            f"✗ Turn {picked} is in order. Read what the API says, and try another."
        ) + _error(puzzle)
    return announced(f"✓ Turn {picked} is broken.") + _explanation(puzzle)
