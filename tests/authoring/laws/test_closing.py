"""Every lesson of the course closes with a summary, links and its part of the cheat sheet.

A law of this course and not of every course: a course of one's own may close as it likes.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.authoring import find_root
from grader.authoring.laws.structure import lessons_close
from grader.authoring.project import read_project
from grader.exercises import COURSE, examine

PROJECT = read_project(find_root(Path(__file__)), COURSE, examine=examine)


def test_every_lesson_closes() -> None:
    """With three to five sentences, the official pages and the next lesson."""
    assert list(lessons_close(PROJECT)) == []


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("## In short", "no section"),
        ("https://platform.claude.com/docs/en/", "no link to the official pages"),
        ("../01_structure/01_structure.ipynb", "no link to the next lesson"),
        ("| Task | Chat Completions", "no table for the cheat sheet"),
    ],
)
def test_what_the_end_lacks_is_told(lost: str, told: str) -> None:
    """By the name of the lesson's source."""
    plan = PROJECT.plan.lessons[0]
    cells = tuple(
        replace(cell, source=cell.source.replace(lost, "…")) for cell in plan.source.cells
    )
    broken = replace(plan, source=replace(plan.source, cells=cells))
    lessons = (broken, *PROJECT.plan.lessons[1:])
    project = replace(PROJECT, plan=replace(PROJECT.plan, lessons=lessons))
    problems = list(lessons_close(project))
    assert {each.path for each in problems} == {plan.source.path}
    assert any(told in each.what for each in problems)
