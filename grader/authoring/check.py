"""The proof: every law of the course, held against the course on disk."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from grader.authoring.laws import LAWS
from grader.authoring.problems import Problem
from grader.authoring.project import Examine, read_project
from grader.exams import Lesson
from grader.exercises import examine as examine_exercise


def check(root: Path, course: Sequence[Lesson], *, examine: Examine | None = None) -> list[Problem]:
    """Return every breach of a law, in the order of the laws; none means the course is sound.

    `examine(name, function)` judges a function as the exercise of that name; by default as
    `grader.exercises` does, with one seed, so that a course gets the same answer every time.
    """
    judge = examine or partial(examine_exercise, seed=0)
    project = read_project(root, course, examine=judge)
    return [problem for law in LAWS for problem in law(project)]
