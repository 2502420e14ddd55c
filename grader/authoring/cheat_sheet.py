"""The cheat sheet: what to write for what, by task, gathered from the ends of the lessons.

A lesson's last section, "In short", may hold one table with the header below; its rows are the
lesson's part of the sheet. The sheet opens with the short way: six exercises for those who have
45 minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from nbformat import NotebookNode

from grader.authoring.lesson_source import Cell, LessonSource
from grader.authoring.notebooks import prose_notebook
from grader.exams import Exercise, Lesson

HEADER = "| Task | Chat Completions | Responses | Messages |"
CLOSING = "## In short"
"""The heading of a lesson's last section."""

SHORT_WAY = {
    "first_call": (
        "",
        "the call, and reading its reply by block type: rows “Ask” and “Read the text”",
    ),
    "chat": (
        "The whole reply goes back",
        "the system prompt is a parameter, and you send the whole conversation each time",
    ),
    "tool_result": ("", "a tool's result goes into a user message"),
    "stream_text": ("", "a stream is typed events, not chunks"),
    "total_input": ("", "`input_tokens` leaves out what the cache took"),
    "add_cache": ("", "a long prefix is cached only if you ask for it"),
}
"""The exercises that matter most, each with the heading to begin at and what it is about.

The heading is the last one above the exercise, "", unless an earlier one has what it takes. A
lesson has one of them at most.
"""
SHORT_MINUTES = 45
"""How long the short way takes with reading: its sections, and this page."""

_WORDS_A_MINUTE = 200
_CELLS_A_MINUTE = 6  # run together; what's left is to look at what they print

_TITLE = """# Cheat sheet: from OpenAI's two APIs to the Messages API

Keep it open while you port. Each part comes from the end of a lesson, which explains and runs it.
"""
_SHORT_WAY = f"""## The short way: {SHORT_MINUTES} minutes

No time for the whole course? Do these six exercises, with the tables below beside you.
For each of them:
1. Open the link, and read from the heading on, down to the exercise. Skip the predictions.
2. Click the exercise's cell, and choose *Run, Run All Above Selected Cell*.
3. Write your function, run its cell and the check, and come back here.

A lesson opens at its top at first: find the heading in its table of contents, or press the link \
once more. The minutes count the reading too; {{left}} are left for this page.

| Exercise | Begin at | Minutes | What it's about |
|---|---|---|---|
"""


def cheat_sheet(lessons: Sequence[tuple[Lesson, LessonSource]]) -> NotebookNode | None:
    """Return the notebook for course/, or None if no lesson has rows for it."""
    parts = [_part(lesson, rows) for lesson, source in lessons if (rows := rows_of(source))]
    way = short_way(lessons)
    return prose_notebook([_TITLE, *([way] if way else []), *parts]) if parts else None


def short_way(lessons: Sequence[tuple[Lesson, LessonSource]]) -> str:
    """Return the sheet's section for those in a hurry, "" if a lesson of it isn't there."""
    found = {
        exercise.name: (lesson, source, exercise)
        for lesson, source in lessons
        for exercise in lesson.exercises
        if exercise.name in SHORT_WAY
    }
    if found.keys() != SHORT_WAY.keys():
        return ""
    left = SHORT_MINUTES - sum(
        section_minutes(source, exercise) for _, source, exercise in found.values()
    )
    return _SHORT_WAY.format(left=left) + "\n".join(_row(*found[name]) for name in SHORT_WAY)


def _row(lesson: Lesson, source: LessonSource, exercise: Exercise) -> str:
    heading, _, _ = _section(source, exercise.name)
    place = f"{lesson.name}/{lesson.name}.ipynb#{quote(heading.replace(' ', '-'))}"
    return (
        f"| `{exercise.name}` | [lesson {_number(lesson)}]({place}), “{heading}” "
        f"| {section_minutes(source, exercise)} | {SHORT_WAY[exercise.name][1]} |"
    )


def section_minutes(source: LessonSource, exercise: Exercise) -> int:
    """Return the minutes that an exercise takes with what stands between its heading and it."""
    _, prose, cells = _section(source, exercise.name)
    reading = len(prose.split()) / _WORDS_A_MINUTE + cells / _CELLS_A_MINUTE
    return exercise.minutes + round(reading)


def _section(source: LessonSource, exercise: str) -> tuple[str, str, int]:
    """Return the heading to begin at, the prose from there on, and how many cells of code.

    Code of exercises on the way isn't counted: the short way goes past it.
    """
    begins, _ = SHORT_WAY[exercise]
    heading, prose, cells = "", "", 0
    for cell in source.cells:
        if cell.grade_id == exercise:
            break
        if cell.kind == "code":
            cells += cell.grade_id is None
            continue
        first, *parts = re.split(r"^## ", cell.source, flags=re.MULTILINE)
        prose += f"\n{first}"
        for part in parts:
            title, _, below = part.partition("\n")
            if begins and heading == begins:
                prose += f"\n{below}"
            else:
                heading, prose, cells = title.strip(), below, 0
    return heading, prose, cells


def _number(lesson: Lesson) -> str:
    return lesson.name.partition("_")[0]


def closing_of(source: LessonSource) -> str:
    """Return a lesson's last section, "" if it has none."""
    cells: list[Cell] = []
    for cell in reversed(source.cells):
        cells.insert(0, cell)
        if cell.kind == "markdown" and CLOSING in cell.source.splitlines():
            text = "\n\n".join(each.source for each in cells if each.kind == "markdown")
            return text[text.index(CLOSING) :]
    return ""


def rows_of(source: LessonSource) -> list[str]:
    """Return the rows that a lesson gives to the sheet, as Markdown."""
    return list(_rows(closing_of(source).splitlines()))


def _rows(lines: Sequence[str]) -> Iterator[str]:
    if HEADER not in lines:
        return
    # The line below a header only aligns.
    for line in lines[lines.index(HEADER) + 2 :]:
        if not line.startswith("|"):
            return
        yield line


def _part(lesson: Lesson, rows: Sequence[str]) -> str:
    head = f"## [{_number(lesson)} · {lesson.title}]({lesson.name}/{lesson.name}.ipynb)"
    return "\n".join([head, "", HEADER, "|---|---|---|---|", *rows])
