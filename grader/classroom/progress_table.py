"""The course at a glance: lessons, exercises, points, and what is next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from grader.classroom.calibrating import settled, show_settled
from grader.classroom.notebook_code import starting_folder
from grader.classroom.progress_file import Progress, ProgressRecord, load_progress
from grader.classroom.progress_place import open_place
from grader.classroom.progress_view import ProgressShown
from grader.classroom.reviewing import due_line, this_day
from grader.classroom.showing import Shown
from grader.exams import Exercise, Lesson, marked
from grader.exercises import COURSE

# JupyterLab aligns tables in outputs to the right.
_LEFT = ' style="text-align:left"'
_QUIET = ' style="margin:.35em 0;line-height:1.5"'
# nbgrader's feedback pages hide the triangle that says "open me".
_SUMMARY = '<summary style="display:list-item;cursor:pointer">'


@dataclass(frozen=True)
class Chapter:
    """Hold a lesson with the records of its exercises."""

    lesson: Lesson
    rows: tuple[tuple[Exercise, ProgressRecord], ...]

    @property
    def points(self) -> int:
        """Return the points earned in it."""
        return sum(record.points for _, record in self.rows)

    @property
    def correct(self) -> int:
        """Return how many of its exercises are correct."""
        return sum(record.is_correct for _, record in self.rows)

    @property
    def next(self) -> Exercise | None:
        """Return the first exercise that is not correct yet."""
        return next((each for each, record in self.rows if not record.is_correct), None)

    @property
    def state(self) -> str:
        """Return how far it is, as a symbol and in words."""
        if self.next is None:
            return "● done"
        return "◐ begun" if any(record.attempts for _, record in self.rows) else "○ not started"


def progress() -> ProgressShown:
    """Show the lessons, what is done in each, and what is next; raises ProgressError.

    What is due for review and how the predictions came out is said below, if there is any. Controls
    save progress to a file, and load it from one.
    """
    place = open_place()
    known = load_progress(place.path)
    chapters = read_chapters(known)
    more = list(_below(known))
    kept = place.statement
    text = "\n".join((_plain(chapters), *(each.text for each in more), kept))
    below = "".join(each.html for each in more)
    return ProgressShown(
        text=text,
        html=f"{_html(chapters, starting_folder())}{below}<p{_QUIET}>{escape(kept)}</p>",
        path=place.path,
        points={each.name: each.points for lesson in COURSE for each in lesson.exercises},
        again=progress,
    )


def _below(known: Progress) -> Iterator[Shown]:
    """Yield what is due for review, and how the predictions came out."""
    waiting = due_line(known, this_day())
    if waiting:
        yield Shown(waiting, f"<p{_QUIET}>{marked(waiting)}</p>")
    if known.predictions:
        # Imported here: a kernel that grades has none of the course's words.
        from grader.exercises.predictions import predictions

        seen = settled(known, predictions().values())
        if seen:
            yield show_settled(seen, where="the course")


def read_chapters(known: Progress) -> tuple[Chapter, ...]:
    """Return the lessons of the course with the records of their exercises."""
    return tuple(
        Chapter(lesson, tuple((each, known.record(each.name)) for each in lesson.exercises))
        for lesson in COURSE
    )


def _state(record: ProgressRecord) -> str:
    if record.is_correct:
        return "● correct"
    return "◐ tried" if record.attempts else "○ not started"


def _plain(chapters: tuple[Chapter, ...]) -> str:
    lines = []
    for chapter in chapters:
        lines.append(f"{chapter.lesson.name} · {chapter.lesson.title} · {_counts(chapter)}")
        lines += [
            f"  {exercise.name:<20} {_state(record):<14} {record.points} of {exercise.points}"
            for exercise, record in chapter.rows
        ]
    name, where = _next(chapters)
    after = f"Next: {name} in {where.lesson.name}." if where else "All done."
    return "\n".join([*lines, f"{_sum(chapters)} {after}"])


def _html(chapters: tuple[Chapter, ...], folder: Path) -> str:
    """Return the course as HTML; folder: that of the notebook that shows it."""
    name, where = _next(chapters)
    after = "All done."
    if where is not None:
        after = f"Next: <code>{name}</code> {_place(where.lesson, folder)}."
    head = _table_row("th", "Lesson", "State", "Correct", "Points")
    rows = "".join(
        _table_row(
            "td",
            _named(chapter.lesson, folder),
            chapter.state,
            f"{chapter.correct} of {len(chapter.rows)}",
            f"{chapter.points} of {chapter.lesson.points}",
        )
        for chapter in chapters
    )
    return (
        f"<p{_QUIET}><strong>{_sum(chapters)}</strong> {after}</p>"
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
        f"{''.join(_exercises(chapter, is_open=chapter is where) for chapter in chapters)}"
    )


def _exercises(chapter: Chapter, *, is_open: bool) -> str:
    """Return the exercises of a lesson as a table that unfolds."""
    head = _table_row("th", "Exercise", "State", "Points", "Minutes")
    rows = "".join(
        _table_row(
            "td",
            f"<code>{exercise.name}</code>",
            _state(record),
            f"{record.points} of {exercise.points}",
            str(exercise.minutes),
        )
        for exercise, record in chapter.rows
    )
    return (
        f"<details{' open' if is_open else ''}>{_SUMMARY}The exercises of {chapter.lesson.name}: "
        f"{_counts(chapter)}</summary>"
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table></details>"
    )


def _table_row(cell: str, *values: str) -> str:
    scope = ' scope="col"' if cell == "th" else ""
    return f"<tr>{''.join(f'<{cell}{scope}{_LEFT}>{value}</{cell}>' for value in values)}</tr>"


def _counts(chapter: Chapter) -> str:
    return (
        f"{chapter.correct} of {len(chapter.rows)} correct, "
        f"{chapter.points} of {chapter.lesson.points} points"
    )


def _sum(chapters: tuple[Chapter, ...]) -> str:
    earned = sum(chapter.points for chapter in chapters)
    total = sum(chapter.lesson.points for chapter in chapters)
    correct = sum(chapter.correct for chapter in chapters)
    exercises = sum(len(chapter.rows) for chapter in chapters)
    return f"{earned} of {total} points, {correct} of {exercises} exercises correct."


def _next(chapters: tuple[Chapter, ...]) -> tuple[str, Chapter | None]:
    """Return the first exercise that is not correct, and its lesson."""
    for chapter in chapters:
        if chapter.next is not None:
            return chapter.next.name, chapter
    return "", None


def _place(lesson: Lesson, folder: Path) -> str:
    return "in this notebook" if folder.name == lesson.name else f"in {_named(lesson, folder)}"


def _named(lesson: Lesson, folder: Path) -> str:
    """Return a lesson's name and title, with a link if its notebook is in a neighbouring folder."""
    words = f"{lesson.name} · {escape(lesson.title)}"
    notebook = f"{lesson.name}/{lesson.name}.ipynb"
    if folder.name == lesson.name or not (folder.parent / notebook).is_file():
        return words
    # A front end opens a relative link beside the notebook: JupyterLab in a new tab.
    return f'<a href="../{quote(notebook)}">{words}</a>'
