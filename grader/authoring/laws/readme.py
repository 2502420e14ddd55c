"""The table of lessons in README.md says what the lessons are."""

import re
from collections.abc import Iterator

from grader.authoring.plan import notebook_paths
from grader.authoring.problems import Problem
from grader.authoring.project import README, Project
from grader.exams import Lesson

_COLUMNS = ("minutes", "exercises", "points")
_HEADER = "| Lesson | Minutes | Exercises | Points |"


def readme_lists_lessons(project: Project) -> Iterator[Problem]:
    """Find lessons whose row in README.md is missing or states other numbers."""
    if README not in project.files:
        return
    lines = project.files[README].decode("utf-8", errors="replace").splitlines()
    header = next((number for number, line in enumerate(lines) if _columns(line)), None)
    if header is None:
        yield Problem(
            "readme",
            README,
            "The file has no table of lessons.",
            f"Add one with the header `{_HEADER}` and a row for each lesson.",
        )
        return
    columns = _columns(lines[header])
    for lesson in project.course:
        yield from _row_problems(lesson, lines, header, columns)


def _row_problems(
    lesson: Lesson, lines: list[str], header: int, columns: dict[str, int]
) -> Iterator[Problem]:
    expected = {
        "minutes": lesson.minutes,
        "exercises": len(lesson.exercises),
        "points": sum(exercise.points for exercise in lesson.exercises),
    }
    numbers = " | ".join(str(expected[column]) for column in _COLUMNS)
    row = f"| [{lesson.title}]({notebook_paths(lesson.name)[1]}) | {numbers} |"
    for number in range(header + 1, len(lines)):
        if not lines[number].lstrip().startswith("|"):
            break
        if lesson.name in lines[number]:
            cells = _cells(lines[number])
            for column, value in expected.items():
                stated = cells[columns[column]] if columns[column] < len(cells) else ""
                if not re.match(rf"\D*{value}(?!\d)", stated):
                    yield Problem(
                        "readme",
                        f"{README}:{number + 1}",
                        f"The row of {lesson.name} states {stated!r} {column}; it has {value}.",
                        f"Write the numbers as in `{row}`.",
                    )
            return
    yield Problem(
        "readme", README, f"The table of lessons has no row of {lesson.name}.", f"Add `{row}`."
    )


def _columns(line: str) -> dict[str, int]:
    """Return the place of each column, or nothing if the line is not our header."""
    cells = [cell.casefold() for cell in _cells(line)]
    found = {name: number for name in _COLUMNS for number, cell in enumerate(cells) if name in cell}
    return found if len(found) == len(_COLUMNS) else {}


def _cells(line: str) -> list[str]:
    text = line.strip()
    return [cell.strip() for cell in text[1:].rstrip("|").split("|")] if text[:1] == "|" else []
