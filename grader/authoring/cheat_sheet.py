"""The cheat sheet: what to write for what, by task, gathered from the ends of the lessons.

A lesson's last section, "In short", may hold one table with the header below; its rows are the
lesson's part of the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from grader.authoring.lesson_source import Cell, LessonSource
from grader.authoring.notebooks import prose_notebook
from grader.exams import Lesson

HEADER = "| Task | Chat Completions | Responses | Messages |"
CLOSING = "## In short"
"""The heading of a lesson's last section."""

_TITLE = """# Cheat sheet: from OpenAI's two APIs to the Messages API

Keep it open while you port. Each part comes from the end of a lesson, which explains and runs it.
"""


def cheat_sheet(lessons: Sequence[tuple[Lesson, LessonSource]]) -> NotebookNode | None:
    """Return the notebook for course/, or None if no lesson has rows for it."""
    parts = [_part(lesson, rows) for lesson, source in lessons if (rows := rows_of(source))]
    return prose_notebook([_TITLE, *parts]) if parts else None


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
    number = lesson.name.partition("_")[0]
    head = f"## [{number} · {lesson.title}]({lesson.name}/{lesson.name}.ipynb)"
    return "\n".join([head, "", HEADER, "|---|---|---|---|", *rows])
