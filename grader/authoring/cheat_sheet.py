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
    "first_call": "the call, and reading its reply by block type",
    "chat": "the system prompt is a parameter, and you send the whole conversation each time",
    "tool_result": "a tool's result goes into a user message",
    "stream_text": "a stream is typed events, not chunks",
    "total_input": "`input_tokens` leaves out what the cache took",
    "add_cache": "a long prefix is cached only if you ask for it",
}
"""The exercises that matter most, each with what it is about; a lesson has one of them at most."""
SHORT_MINUTES = 45
"""How long the short way takes with reading: its sections, and this page."""

_WORDS_A_MINUTE = 200
_CELLS_A_MINUTE = 6  # run together; what's left is to look at what they print

_TITLE = """# Cheat sheet: from OpenAI's two APIs to the Messages API

Keep it open while you port. Each part comes from the end of a lesson, which explains and runs it.
"""
_SHORT_WAY = f"""## The short way: {SHORT_MINUTES} minutes

No time for the whole course? Do these six exercises, with the tables below beside you.
Open a link, click the exercise's cell, choose *Run, Run All Above Selected Cell*, \
and read from the heading that the link leads to.
The minutes count the reading too.

| Exercise | Minutes | What it's about |
|---|---|---|
"""


def cheat_sheet(lessons: Sequence[tuple[Lesson, LessonSource]]) -> NotebookNode | None:
    """Return the notebook for course/, or None if no lesson has rows for it."""
    parts = [_part(lesson, rows) for lesson, source in lessons if (rows := rows_of(source))]
    way = short_way(lessons)
    return prose_notebook([_TITLE, *([way] if way else []), *parts]) if parts else None


def short_way(lessons: Sequence[tuple[Lesson, LessonSource]]) -> str:
    """Return the sheet's section for those in a hurry, "" if a lesson of it isn't there."""
    rows = {
        exercise.name: f"| `{exercise.name}` in [lesson {_number(lesson)}]"
        f"({_place(lesson, source, exercise.name)}) | {section_minutes(source, exercise)} "
        f"| {SHORT_WAY[exercise.name]} |"
        for lesson, source in lessons
        for exercise in lesson.exercises
        if exercise.name in SHORT_WAY
    }
    if rows.keys() != SHORT_WAY.keys():
        return ""
    return _SHORT_WAY + "\n".join(rows[name] for name in SHORT_WAY)


def section_minutes(source: LessonSource, exercise: Exercise) -> int:
    """Return the minutes that an exercise takes with what stands between its heading and it."""
    _, prose, cells = _section(source, exercise.name)
    reading = len(prose.split()) / _WORDS_A_MINUTE + cells / _CELLS_A_MINUTE
    return exercise.minutes + round(reading)


def _place(lesson: Lesson, source: LessonSource, exercise: str) -> str:
    """Return the address of the last heading above an exercise, as Jupyter names it."""
    heading, _, _ = _section(source, exercise)
    anchor = f"#{quote(heading.replace(' ', '-'))}" if heading else ""
    return f"{lesson.name}/{lesson.name}.ipynb{anchor}"


def _section(source: LessonSource, exercise: str) -> tuple[str, str, int]:
    """Return the last heading above an exercise, the prose below it, and how many cells of code."""
    heading, prose, cells = "", "", 0
    for cell in source.cells:
        if cell.grade_id == exercise:
            break
        if cell.kind == "code":
            cells += 1
            continue
        *_, last = re.split(r"^## ", cell.source, flags=re.MULTILINE)
        if last != cell.source:
            heading, _, prose = last.partition("\n")
            cells = 0
        else:
            prose += "\n" + last
    return heading.strip(), prose, cells


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
