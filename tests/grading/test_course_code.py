"""An answer that takes the course's own code is told of, and no other."""

import json
from typing import Any

import pytest

from grader.exercises import COURSE
from grader.grading.course_code import remarks_on_course_code
from tests.grading.class_folder import ROOT, course_notebook

TAKEN = {
    "from grader.simulator.dialects import _part as convert": ("grader.simulator.dialects"),
    "from grader.exercises.streaming.first_token_latency import _first": (
        "grader.exercises.streaming"
    ),
    "from grader.catalog import break_even as break_even_calls": "grader.catalog",
    "from grader import simulator": "grader.simulator",
    "import grader\ngrader.exercises": "grader.exercises",
    "import grader.simulator as s": "grader.simulator",
    "__import__('grader.exercises', fromlist=['COURSE'])": "grader.exercises",
    "import importlib\nimportlib.import_module('grader.exams')": "grader.exams",
    "import sys\nsys.modules['grader.simulator.dialects']": ("grader.simulator.dialects"),
    "%load_ext autoreload\nfrom grader.catalog import bill": "grader.catalog",
    "from grader.classroom.openai_bot import CompletionsBot": "grader.classroom.openai_bot",
    "def f():\n    from grader.catalog import bill\n    return bill": "grader.catalog",
}
HONEST = (
    "from grader.classroom import check, connect",
    "import grader.classroom as g\ng.check",
    "grader = 'Ada'\nprint(f'{grader} is my grader.')",
    "!pip install grader",
    "upgrader.simulator = 1",
    "def ((",
    "x = " + "(" * 3_000 + ")" * 3_000,
)


def notebook(source: Any) -> dict[str, Any]:
    """Return a notebook of one code cell, and a text that may name anything."""
    told = {"cell_type": "markdown", "source": "grader.simulator"}
    return {"cells": [told, {"cell_type": "code", "source": source}]}


@pytest.mark.parametrize("source", TAKEN)
def test_what_is_taken_is_named(source: str) -> None:
    """However it is imported; the points stay."""
    [remark] = remarks_on_course_code(notebook(source))
    assert f"({TAKEN[source]})" in remark


@pytest.mark.parametrize("source", HONEST, ids=range(len(HONEST)))
def test_who_takes_nothing_is_not_told_of(source: str) -> None:
    """Also where the code cannot be read."""
    assert remarks_on_course_code(notebook(source)) == ()


@pytest.mark.parametrize("lesson", [each.name for each in COURSE])
def test_no_lesson_and_no_solution_is_told_of(lesson: str) -> None:
    """They import what is meant for them."""
    built = (ROOT / "solutions" / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8")
    assert remarks_on_course_code(json.loads(built)) == ()
    assert remarks_on_course_code(course_notebook(lesson)) == ()
