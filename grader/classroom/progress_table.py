"""The course at a glance: lessons, exercises, points, and what is next."""

from __future__ import annotations

from html import escape
from itertools import groupby

from grader.classroom.progress_file import Record, load_progress, progress_path
from grader.classroom.shown import Shown
from grader.exams import Exercise, Lesson
from grader.exercises import COURSE

# JupyterLab sets tables in outputs to the right.
_LEFT = ' style="text-align:left"'

Row = tuple[Lesson, Exercise, Record]


def progress() -> Shown:
    """Show the lessons, what is done in each, and what is next; raises ProgressError."""
    path = progress_path()
    known = load_progress(path)
    kept = "Progress is switched off here." if path is None else f"Kept in {path}."
    rows = [
        (lesson, exercise, known.record(exercise.name))
        for lesson in COURSE
        for exercise in lesson.exercises
    ]
    return Shown(f"{_plain(rows)}\n{kept}", f"{_html(rows)}<p>{escape(kept)}</p>")


def _state(record: Record) -> str:
    if record.is_correct:
        return "● correct"
    return "◐ tried" if record.attempts else "○ not started"


def _plain(rows: list[Row]) -> str:
    lines = []
    for lesson, group in groupby(rows, key=lambda row: row[0]):
        lines.append(f"{lesson.name} · {lesson.title}")
        lines += [
            f"  {exercise.name:<20} {_state(record):<14} {record.points} of {exercise.points}"
            for _, exercise, record in group
        ]
    return "\n".join([*lines, _summary(rows)])


def _html(rows: list[Row]) -> str:
    cells = "".join(
        f"<tr><td{_LEFT}>{lesson.name}</td><td{_LEFT}><code>{exercise.name}</code></td>"
        f"<td{_LEFT}>{_state(record)}</td><td{_LEFT}>{record.points} of {exercise.points}</td></tr>"
        for lesson, exercise, record in rows
    )
    titles = ("Lesson", "Exercise", "State", "Points")
    head = f"<tr>{''.join(f'<th{_LEFT}>{title}</th>' for title in titles)}</tr>"
    return f"<table><thead>{head}</thead><tbody>{cells}</tbody></table><p>{_summary(rows)}</p>"


def _summary(rows: list[Row]) -> str:
    earned = sum(record.points for _, _, record in rows)
    total = sum(exercise.points for _, exercise, _ in rows)
    left = [exercise.name for _, exercise, record in rows if not record.is_correct]
    after = f"Next: {left[0]}." if left else "All done."
    return f"{earned} of {total} points. {after}"
