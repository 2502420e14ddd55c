"""The course at a glance: lessons, exercises, points, and what is next."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from grader.classroom.calibrating import settled, show_settled
from grader.classroom.notebook_code import starting_folder
from grader.classroom.progress_chapters import (
    Chapter,
    next_of,
    read_chapters,
    state_of,
    sum_of,
)
from grader.classroom.progress_file import Progress, load_progress
from grader.classroom.progress_picture import course_html
from grader.classroom.progress_place import open_place
from grader.classroom.progress_view import ProgressShown
from grader.classroom.reviewing import due_line, this_day
from grader.classroom.showing import Shown
from grader.exams import Lesson, marked
from grader.exercises import COURSE

_QUIET = ' style="margin:.35em 0;line-height:1.5"'


def progress() -> ProgressShown:
    """Show the lessons, what is done in each, and what is next; raises ProgressError.

    What is due for review stands beside it, how the predictions came out below, if there is any.
    Controls save progress to a file, and load it from one.
    """
    place = open_place()
    known = load_progress(place.path)
    chapters = read_chapters(known)
    due = due_line(known, this_day())
    predicted = _predicted(known)
    kept = place.statement
    parts = (_plain(chapters), due, predicted.text, kept)
    return ProgressShown(
        text="\n".join(filter(None, parts)),
        html=f"{_html(chapters, starting_folder(), marked(due))}"
        f'<div class="gr">{predicted.html}<p{_QUIET}>{escape(kept)}</p></div>',
        place=place,
        points={each.name: each.points for lesson in COURSE for each in lesson.exercises},
        again=progress,
    )


def _predicted(known: Progress) -> Shown:
    """Return how the predictions came out; nothing if there were none."""
    if known.predictions:
        # Imported here: a kernel that grades has none of the course's words.
        from grader.exercises.predictions import predictions

        seen = settled(known, predictions().values())
        if seen:
            return show_settled(seen, where="the course")
    return Shown("", "")


def _plain(chapters: tuple[Chapter, ...]) -> str:
    lines = []
    for chapter in chapters:
        lines.append(f"{chapter.lesson.name} · {chapter.lesson.title} · {_counts(chapter)}")
        lines += [
            f"  {exercise.name:<20} {state_of(record):<14} {record.points} of {exercise.points}"
            for exercise, record in chapter.rows
        ]
    after = "All done."
    if (where := next_of(chapters)) is not None and where.next is not None:
        after = f"Next: {where.next.name} in {where.lesson.name}."
    return "\n".join([*lines, f"{sum_of(chapters)} {after}"])


def _html(chapters: tuple[Chapter, ...], folder: Path, due: str) -> str:
    """Return the course as HTML; folder: that of the notebook that shows it."""
    return course_html(
        chapters,
        lambda lesson: _named(lesson, folder),
        lambda lesson: _place(lesson, folder),
        due,
    )


def _counts(chapter: Chapter) -> str:
    return (
        f"{chapter.correct} of {len(chapter.rows)} correct, "
        f"{chapter.points} of {chapter.lesson.points} points"
    )


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
