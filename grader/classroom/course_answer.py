"""The course's own answer to an exercise, if it is on this machine."""

from __future__ import annotations

from pathlib import Path

from grader.classroom import notebook_code
from grader.exams import Exercise


def course_answer(exercise: Exercise) -> str:
    """Return the source of an exercise's solution; raises SolutionNotShown if it isn't here."""
    from grader.sources import nearest_root, solution_source

    root = nearest_root(notebook_code.starting_folder()) or nearest_root(Path(__file__).parent)
    return solution_source(root or Path.cwd(), exercise.lesson, exercise.name)
