"""`review`: exercises once done, asked again after longer and longer pauses.

An exercise that was right comes back after a day, then after 3, 7 and 21, and then every 60 days.
Doing one again means writing it anew: run a cell that defines it after `review()`, then its
`check`, which draws new data as ever. If it isn't right, the pauses begin again.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from grader.classroom.notebook_code import starting_folder
from grader.classroom.progress_file import Progress, ProgressRecord, load_progress
from grader.classroom.progress_place import find_course, open_place
from grader.classroom.showing import Shown
from grader.exams import Exercise, Lesson, marked, preformatted
from grader.exercises import COURSE
from grader.look import style_sheet
from grader.plural import counted
from grader.sources import source_path, split_cells

PAUSES = (1, 3, 7, 21, 60)
"""After how many days an exercise comes back, by the number of reviews that were right."""
MOST_AT_ONCE = 3
_NOTHING = "Nothing is due for review."
_HEAD = "Write each one anew below, without looking it up, then run its check."
_NO_TASK = "Its task is in the lesson {lesson}."


@dataclass(frozen=True)
class Due:
    """Hold an exercise that is to be done again; since: the day from which on it is due."""

    lesson: Lesson
    exercise: Exercise
    since: date


def review(*, today: date | None = None) -> Shown:
    """Show up to three exercises that are due, from any lesson; today: the day, by default today's.

    Each comes with its task and its empty function, to copy into a cell. Raises ProgressError if
    the progress can't be read.
    """
    day = today or this_day()
    progress = load_progress(open_place().path)
    waiting = due(progress, day)
    if not waiting:
        return _nothing(progress)
    chosen = waiting[:MOST_AT_ONCE]
    more = len(waiting) - len(chosen)
    parts = [(each, *_task(each)) for each in chosen]
    left = f" {more} more can wait." if more else ""
    text = "\n\n".join(
        f"{each.exercise.name} · {each.lesson.name} · about {each.exercise.minutes} minutes\n"
        f"{task}\n\n{stub}"
        for each, task, stub in parts
    )
    html = "".join(
        f"<h4><code>{each.exercise.name}</code> · {escape(each.lesson.title)} · "
        f"about {each.exercise.minutes} minutes</h4><p>{marked(task)}</p>{preformatted(stub)}"
        for each, task, stub in parts
    )
    return Shown(
        f"{_HEAD}{left}\n\n{text}",
        f'{style_sheet()}<div class="gr"><p><strong>{_HEAD}</strong>{escape(left)}</p>{html}</div>',
    )


def this_day() -> date:
    """Return today's date, where the learner is."""
    return datetime.now().astimezone().date()


def due(progress: Progress, today: date) -> tuple[Due, ...]:
    """Return the exercises that are due on a day, the longest due first."""
    found = (
        Due(lesson, exercise, since)
        for lesson in COURSE
        for exercise in lesson.exercises
        if (since := due_from(progress.record(exercise.name))) is not None and since <= today
    )
    return tuple(sorted(found, key=lambda each: each.since))


def due_from(record: ProgressRecord) -> date | None:
    """Return the day from which on an exercise is due, None for one that was never right."""
    if not record.is_correct:
        return None
    try:
        last = date.fromisoformat(record.right_on)
        return last + timedelta(days=PAUSES[min(record.reviews, len(PAUSES) - 1)])
    except (ValueError, OverflowError):
        # It was right before we noted the days, or the file holds no day.
        return date.min


def after_check(
    before: ProgressRecord, after: ProgressRecord, today: date, *, is_right: bool, is_anew: bool
) -> ProgressRecord:
    """Return a record after a check, with what it says about reviews.

    is_right: whether the check was passed. is_anew: whether the answer was written after the call
    of `review`.
    """
    since = due_from(before)
    if since is None:
        return replace(after, right_on=today.isoformat()) if is_right else after
    if not is_anew or since > today:
        return after
    if not is_right:
        return replace(after, reviews=0)
    return replace(after, right_on=today.isoformat(), reviews=before.reviews + 1)


def due_line(progress: Progress, today: date) -> str:
    """Return in a sentence how many exercises are due, "" for none."""
    number = len(due(progress, today))
    if not number:
        return ""
    return (
        f"{counted(number, 'exercise')} due for review: run `review()`, "
        "after `from grader.classroom import review`."
    )


def _nothing(progress: Progress) -> Shown:
    days = [
        day
        for lesson in COURSE
        for exercise in lesson.exercises
        if (day := due_from(progress.record(exercise.name))) is not None
    ]
    words = _NOTHING
    if days:
        words += f" The next exercise comes back on {min(days).isoformat()}."
    else:
        words += " An exercise comes back a day after you got it right."
    return Shown(words, f"<p>{words}</p>")


def _task(each: Due) -> tuple[str, str]:
    """Return an exercise's task in a paragraph, and its function without a body."""
    cells = next((found for found in _sources(each.lesson) if each.exercise.name in found), {})
    source, prose = cells.get(each.exercise.name, ("", ""))
    task = _set_in(prose) or _NO_TASK.format(lesson=each.lesson.name)
    stub = empty(source, each.exercise.name) or f"{each.exercise.name} = ..."
    return task, f'{stub}\n\n\ncheck("{each.exercise.name}")'


def _set_in(prose: str) -> str:
    """Return the task that a cell of prose sets: what follows the line that names the exercise."""
    return " ".join(prose.rpartition("**Exercise · ")[2].partition("\n")[2].split())


def empty(source: str, name: str) -> str:
    """Return a function or class of a source with its docstrings and no code, "" if it isn't there.

    Decorators and the lines of a class that only annotate names stay.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [node for node in tree.body if isinstance(node, kinds) and node.name == name]
    if not found:
        return ""
    return "\n".join(_emptied(found[-1], source.split("\n")))


def _emptied(node: Any, lines: list[str]) -> Iterator[str]:
    body = list(node.body)
    has_docstring = ast.get_docstring(node, clean=False) is not None
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    head_ends = body[0].end_lineno if has_docstring else body[0].lineno - 1
    head = lines[first - 1 : max(head_ends, node.lineno)]
    # What stands in front of the first statement may be a comment on it.
    yield from head if has_docstring else (each for each in head if not _is_comment(each))
    indent = " " * (node.col_offset + 4)
    if not isinstance(node, ast.ClassDef):
        yield f"{indent}raise NotImplementedError"
        return
    methods = (ast.FunctionDef, ast.AsyncFunctionDef)
    inner = [each for each in body if isinstance(each, (*methods, ast.AnnAssign))]
    for each in inner:
        if isinstance(each, ast.AnnAssign):
            yield from lines[each.lineno - 1 : each.end_lineno]
        elif not each.name.startswith("_") or each.name.endswith("__"):
            yield ""
            yield from _emptied(each, lines)
    if not inner and not has_docstring:
        yield f"{indent}..."


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _sources(lesson: Lesson) -> Iterator[dict[str, tuple[str, str]]]:
    """Yield the cells of a lesson by grade id, each with the prose above it, from where they are.

    First what the author wrote, if it's on this machine, then the notebook that a learner has.
    """
    root = find_course(starting_folder()) or find_course(Path.cwd())
    for folder in () if root is None else (root, root / "course"):
        source = folder / source_path(lesson.name)
        notebook = folder / lesson.name / f"{lesson.name}.ipynb"
        if source.is_file():
            yield _of_source(source)
        if notebook.is_file():
            yield _of_notebook(notebook)


def _of_source(path: Path) -> dict[str, tuple[str, str]]:
    found, above = {}, ""
    for cell in split_cells(path.read_text(encoding="utf-8-sig")):
        if "[markdown]" in cell.options:
            lines = cell.source.split("\n")
            above = "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)
        elif cell.grade_id:
            found[cell.grade_id] = (cell.source, above)
    return found


def _of_notebook(path: Path) -> dict[str, tuple[str, str]]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found, above = {}, ""
        for cell in cells:
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                above = text
            elif grade_id := cell["metadata"].get("nbgrader", {}).get("grade_id"):
                found[grade_id] = (text, above)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        # A learner's notebook may be damaged: then the task is named, and not shown.
        return {}
    return found
