"""Marks that tests of the notebooks share."""

from __future__ import annotations

import pytest

from grader.exercises import COURSE


def of_lesson(name: str) -> pytest.MarkDecorator:
    """Return the mark that keeps a lesson's tests in one process, which then runs it once."""
    return pytest.mark.xdist_group(f"lesson {name}")


each_lesson = pytest.mark.parametrize(
    "lesson", [pytest.param(each, id=each.name, marks=of_lesson(each.name)) for each in COURSE]
)
