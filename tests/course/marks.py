"""Marks that tests of the notebooks share."""

from __future__ import annotations

import os

import pytest

from grader.exercises import COURSE
from tests.course.demos import CURRENT_MODELS

EVERY = "EVERY" in os.environ
"""`make proofs` runs each lesson on current models too, `make test` on its own."""


def of_lesson(name: str) -> pytest.MarkDecorator:
    """Return the mark that keeps a lesson's tests in one process, which then runs it once."""
    return pytest.mark.xdist_group(f"lesson {name}")


each_lesson = pytest.mark.parametrize(
    "lesson", [pytest.param(each, id=each.name, marks=of_lesson(each.name)) for each in COURSE]
)
each_model = pytest.mark.parametrize(
    "model",
    [
        pytest.param(None, id="default"),
        *(pytest.param(model, id=model) for model in CURRENT_MODELS if EVERY),
    ],
)
