"""A lesson keeps its promises: its heading, its objectives, and exercises in one shape."""

import re
from collections.abc import Iterator
from itertools import takewhile, zip_longest

from grader.authoring.cheat_sheet import CLOSING, HEADER, closing_of, rows_of
from grader.authoring.lesson_source import CHECK_PREFIX, LessonSource
from grader.authoring.problems import Problem
from grader.authoring.project import Project
from grader.plural import counted

_DOCUMENTATION = "https://platform.claude.com/docs/en/"


def exercises_are_groups(project: Project) -> Iterator[Problem]:
    """Find exercises that are not a prose cell, its solution cell and its check in a row."""
    for plan in project.plan.lessons:
        cells = plan.source.cells
        for number, cell in enumerate(cells):
            if cell.role != "solution" or plan.problems:
                continue
            if number == 0 or cells[number - 1].kind != "markdown":
                yield Problem(
                    "groups",
                    plan.source.at(cell.line),
                    f"No prose cell stands directly above the solution cell {cell.grade_id}.",
                    "Put the sentence that sets the task there.",
                )
            after = cells[number + 1].grade_id if number + 1 < len(cells) else None
            if after != f"{CHECK_PREFIX}{cell.grade_id}":
                yield Problem(
                    "groups",
                    plan.source.at(cell.line),
                    f"The solution cell {cell.grade_id} is not followed by its check.",
                    f"Put the cell {CHECK_PREFIX}{cell.grade_id} directly below it.",
                )


def headings_agree(project: Project) -> Iterator[Problem]:
    """Find lessons whose opening states another title, time or number than the registry."""
    for plan in project.plan.lessons:
        if not plan.source.cells:
            continue
        lesson, opening = plan.lesson, _opening(plan.source)
        heading = next((line for line in opening.split("\n") if line.startswith("# ")), "")
        if lesson.title not in heading:
            yield Problem(
                "heading",
                plan.source.path,
                f"The first heading is {heading!r}; the lesson's title is {lesson.title!r}.",
                "Make them agree, here or in grader/exercises.",
            )
        if not re.search(rf"\b{lesson.minutes}[ -]minutes?\b", opening):
            yield Problem(
                "heading",
                plan.source.path,
                f"The opening does not say that the lesson takes {lesson.minutes} minutes.",
                f"Write `{lesson.minutes} minutes` before the first code cell.",
            )
        for noun, number in (("exercise", len(lesson.exercises)), ("point", lesson.points)):
            stated = re.search(rf"\b(\d+) {noun}s?\b", opening)
            if stated and int(stated[1]) != number:
                yield Problem(
                    "heading",
                    plan.source.path,
                    f"The opening states {stated[0]!r}; the lesson has {counted(number, noun)}.",
                    f"Write `{counted(number, noun)}` before the first code cell.",
                )


def objectives_are_kept(project: Project) -> Iterator[Problem]:
    """Find objectives that the opening does not name, or that no exercise serves."""
    for plan in project.plan.lessons:
        if not plan.source.cells:
            continue
        names = {exercise.name for exercise in plan.lesson.exercises}
        opening = _normal(_opening(plan.source))
        for objective in plan.lesson.objectives:
            if _normal(objective.text) not in opening:
                yield Problem(
                    "objectives",
                    plan.source.path,
                    f"The opening does not name the objective {objective.text!r}.",
                    "Write it, in these words, before the first code cell.",
                )
            if not names.intersection(objective.exercises):
                yield Problem(
                    "objectives",
                    plan.source.path,
                    f"No exercise of the lesson serves the objective {objective.text!r}.",
                    f"Name one of {', '.join(sorted(names))} for it in grader/exercises.",
                )
            for name in objective.exercises:
                if name not in names:
                    yield Problem(
                        "objectives",
                        plan.source.path,
                        f"The objective {objective.text!r} names {name}, which "
                        "is not an exercise of the lesson.",
                        "Correct the name in grader/exercises.",
                    )


def lessons_close(project: Project) -> Iterator[Problem]:
    """Find lessons whose last section lacks its summary, its links, or its part of the sheet."""
    plans = project.plan.lessons
    for plan, after in zip_longest(plans, plans[1:]):
        if not plan.source.cells or plan.problems:
            continue
        text = closing_of(plan.source)
        folder = after and f"../{after.lesson.name}/{after.lesson.name}.ipynb"
        wanted = (
            (text, f"no section “{CLOSING}”"),
            (_DOCUMENTATION in text, f"no link to the official pages ({_DOCUMENTATION}…)"),
            (folder is None or f"({folder})" in text, f"no link to the next lesson ({folder})"),
            (rows_of(plan.source), f"no table for the cheat sheet, with the header {HEADER}"),
        )
        for is_there, what in wanted:
            if not is_there:
                yield Problem(
                    "closing",
                    plan.source.path,
                    f"The end of the lesson has {what}.",
                    "Write it in the last Markdown cell, as lesson 03 does.",
                )


def _opening(source: LessonSource) -> str:
    """Return the prose before the first code cell."""
    return "\n".join(
        cell.source for cell in takewhile(lambda cell: cell.kind == "markdown", source.cells)
    )


def _normal(text: str) -> str:
    return " ".join(text.split()).rstrip(".;").casefold()
