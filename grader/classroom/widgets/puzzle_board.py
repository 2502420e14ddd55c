"""Find the broken turn: pick it, and see what the API says, what mends it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from grader.classroom.showing import as_json, side_by_side
from grader.classroom.widgets.bars import FIGURE, QUIET
from grader.classroom.widgets.history import read_history
from grader.classroom.widgets.playable import Playable, folded
from grader.classroom.widgets.puzzles import Puzzle, make_puzzles, refusal_of
from grader.classroom.widgets.sequence import Turn, read_sequence
from grader.classroom.widgets.sequence_steps import sequence_html, sequence_text
from grader.classroom.widgets.stepper import (
    announced,
    make_button,
    make_picture,
    make_row,
    make_stepper,
    sentence,
)
from grader.exams import marked

_TASK = "Which turn is broken?"


def broken_turns() -> Playable:
    """Show five histories with a broken turn to find, and the simulated API's error for each."""
    puzzles = make_puzzles()
    return Playable(
        text=_text(puzzles),
        html=_html(puzzles),
        summary=f"{len(puzzles)} histories at once, their answers folded",
        make_view=lambda: _view(puzzles),
    )


def _turns(puzzle: Puzzle) -> tuple[Turn, ...]:
    return read_sequence(read_history(puzzle.history))


def _repair(puzzle: Puzzle) -> Any:
    """Return what takes the place of the broken turn: a message, or several."""
    mended = [puzzle.repaired[number - 1] for number in puzzle.mended]
    return mended[0] if len(mended) == 1 else mended


def _titles(puzzles: Sequence[Puzzle]) -> list[str]:
    return [f"History {number} of {len(puzzles)}" for number in range(1, len(puzzles) + 1)]


def _text(puzzles: Sequence[Puzzle]) -> str:
    histories = [
        f"{title}. {_TASK}\n{sequence_text(_turns(puzzle), with_faults=False)}"
        for title, puzzle in zip(_titles(puzzles), puzzles, strict=True)
    ]
    answers = [
        f"{title}: turn {puzzle.broken} is broken.\nThe API says: {refusal_of(puzzle.history)}\n"
        f"{puzzle.why}\nRepaired:\n{as_json(_repair(puzzle))}"
        for title, puzzle in zip(_titles(puzzles), puzzles, strict=True)
    ]
    return "\n\n".join([*histories, "The answers:", *answers])


def _html(puzzles: Sequence[Puzzle]) -> str:
    parts = []
    for title, puzzle in zip(_titles(puzzles), puzzles, strict=True):
        answer = f"{sentence(f'Turn {puzzle.broken} is broken.')}{_explanation(puzzle)}"
        parts += [
            sentence(f"{title}. {_TASK}"),
            sequence_html(_turns(puzzle), with_faults=False),
            folded("The answer", answer),
        ]
    return "".join(parts)


def _view(puzzles: Sequence[Puzzle]) -> Any:
    """Return the view: one history at a time, a button for each turn of it, and a verdict."""
    return make_stepper(_titles(puzzles), lambda at: _puzzle_view(puzzles[at]), noun="history")


def _puzzle_view(puzzle: Puzzle) -> Any:
    from ipywidgets import VBox

    turns = _turns(puzzle)
    verdict = make_picture("")

    def make_choice(number: int) -> Any:
        def judge() -> None:
            verdict.value = _verdict(puzzle, number)

        return make_button(f"Turn {number}", f"Say that turn {number} is the broken one", judge)

    choices = make_row([make_choice(turn.number) for turn in turns])
    picture = make_picture(sequence_html(turns, with_faults=False))
    return VBox([picture, make_picture(sentence(_TASK)), choices, verdict])


def _verdict(puzzle: Puzzle, picked: int) -> str:
    if picked == puzzle.broken:
        return f"{announced(f'✓ Turn {picked} is broken.')}{_explanation(puzzle)}"
    words = f"✗ Turn {picked} is in order. Read what the API says, and try another."
    return f'{announced(words)}<div style="{FIGURE}">{_error(puzzle)}</div>'


def _error(puzzle: Puzzle) -> str:
    error = escape(refusal_of(puzzle.history))
    return f'<p style="{QUIET}">The API says: <code>{error}</code></p>'


def _explanation(puzzle: Puzzle) -> str:
    broken = puzzle.history[puzzle.broken - 1]
    return (
        f'<div style="{FIGURE}">{_error(puzzle)}<p style="{QUIET}">{marked(puzzle.why)}</p></div>'
        f"{side_by_side(broken, _repair(puzzle), titles=('Broken', 'Repaired')).html}"
    )
