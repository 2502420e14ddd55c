"""How sure one was, and how often right: a line at a lesson's end, with a list to unfold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from grader.classroom.notebook_code import starting_folder
from grader.classroom.progress_file import (
    PredictionRecord,
    Progress,
    load_progress,
)
from grader.classroom.progress_place import open_place
from grader.classroom.showing import Shown
from grader.exams import marked
from grader.look import QUIET, fold
from grader.plural import counted, listed

if TYPE_CHECKING:
    from grader.exercises.predictions import Prediction

_SURE = 3
_NONE_YET = "Nothing to compare in {where} yet: predict, then run the cell."
_QUIET = f"{QUIET};line-height:1.5"
_CELL = "text-align:left;vertical-align:top;padding:3px 12px 3px 0"


@dataclass(frozen=True)
class Settled:
    """Hold a prediction that was made and then seen, with its record."""

    prediction: Prediction
    record: PredictionRecord


def calibration(lesson: str = "") -> Shown:
    """Show how sure one was in a lesson, and how often one was right.

    lesson: its name; by default that of the notebook, or the whole course outside of one.
    """
    from grader.exercises import COURSE
    from grader.exercises.predictions import predictions

    name = lesson or starting_folder().name
    is_known = any(each.name == name for each in COURSE)
    known = [
        each for each in predictions().values() if each.lesson == name or not (lesson or is_known)
    ]
    progress = load_progress(open_place().path)
    where = "this lesson" if is_known or lesson else "the course"
    return show_settled(settled(progress, known), where=where)


def settled(progress: Progress, known: Iterable[Prediction]) -> tuple[Settled, ...]:
    """Return the predictions that were made and then seen; others have nothing to count yet."""
    found = ((each, progress.prediction(each.id)) for each in known)
    return tuple(Settled(each, record) for each, record in found if record.choice and record.came)


def summary(settled: Iterable[Settled]) -> str:
    """Return in a sentence or two how sure one was and how often right; "" without predictions."""
    each = tuple(settled)
    if not each:
        return ""
    sure = [one for one in each if one.record.sure == _SURE]
    right = sum(one.record.is_right for one in each)
    first = f"{counted(len(each), 'prediction')}, {right} right."
    if not sure:
        return f"{first} You were sure of none."
    wrong = [one for one in sure if not one.record.is_right]
    came_true = len(sure) - len(wrong)
    right_then = f"right {_times(came_true)}" if came_true else "never right"
    second = f"You were sure {_times(len(sure))} and {right_then}"
    if not wrong:
        return f"{first} {second}."
    about = listed([*dict.fromkeys(one.prediction.about for one in wrong)])
    return f"{first} {second}; sure and wrong: {len(wrong)}, about {about}."


def show_settled(settled: tuple[Settled, ...], *, where: str) -> Shown:
    """Show the line, and the list that unfolds; where: what the predictions are of, in words."""
    line = summary(settled)
    if not line:
        words = _NONE_YET.format(where=where)
        return Shown(words, f'<p style="{_QUIET}">{escape(words)}</p>')
    head = "".join(
        f'<th scope="col" style="{_CELL}">{each}</th>'
        for each in ("", "Question", "You said", "What happened")
    )
    rows = "".join(f"<tr>{_cells(each)}</tr>" for each in settled)
    lines = "\n".join(
        f"  {_mark(each)} {each.prediction.question} {_said(each)}" for each in settled
    )
    return Shown(
        f"{line}\n{lines}",
        f'<p style="{_QUIET}"><strong>{marked(line)}</strong></p>'
        + fold(
            "Each prediction",
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>",
        ),
    )


def _cells(each: Settled) -> str:
    prediction, record = each.prediction, each.record
    said = f"{prediction.choices.get(record.choice, record.choice)}{record.surely}"
    came = prediction.choices.get(record.came, record.came)
    mark = f'<td style="{_CELL};white-space:nowrap">{_mark(each)}</td>'
    cells = (prediction.question, said, came)
    return mark + "".join(f'<td style="{_CELL}">{marked(cell)}</td>' for cell in cells)


def _said(each: Settled) -> str:
    return f"You said {each.record.choice}{each.record.surely}; it was {each.record.came}."


def _mark(each: Settled) -> str:
    return "✓ right" if each.record.is_right else "✗ wrong"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
