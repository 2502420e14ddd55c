"""What a kernel knows about the course: names, titles and points, and none of the checks.

A check holds a right answer to much of what it asks, and is not needed here: the exam runs outside.
So the warm process never loads the exercises; it gets their outline, and uses that instead.
"""

from __future__ import annotations

import sys
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

import grader
from grader.errors import ExamError, UnknownExercise
from grader.exams import Criterion, Exercise, Lesson, Objective

Json = Any

_EXERCISES = "grader.exercises"
# Loaded by name: grading must not import what runs in the learner's process.
_FACE_OF_A_NOTEBOOK = "grader.classroom"
_SAID = "{name} is examined from outside, where this notebook is graded."


def make_outline() -> Json:
    """Return the course as JSON, without checks, mistakes and hints."""
    from grader.exercises import COURSE

    return [
        {
            "name": lesson.name,
            "title": lesson.title,
            "minutes": lesson.minutes,
            "objectives": [[each.text, list(each.exercises)] for each in lesson.objectives],
            "exercises": [
                {
                    "name": each.name,
                    "minutes": each.minutes,
                    "criteria": [[it.id, it.text, it.points] for it in each.criteria],
                }
                for each in lesson.exercises
            ],
        }
        for lesson in COURSE
    ]


def stand_in_for_exercises(outline: Json) -> None:
    """Put this outline in the place of `grader.exercises`, before anything imports that."""
    module: Any = ModuleType(_EXERCISES, "The course's names and points; the checks are not here.")
    module.__path__ = []
    module.COURSE = tuple(_lesson(each) for each in outline)
    known = {each.name: each for lesson in module.COURSE for each in lesson.exercises}
    lessons = {each.name: each for each in module.COURSE}
    module.find_exercise = lambda name: _find("exercise", name, known)
    module.find_lesson = lambda name: _find("lesson", name, lessons)
    module.examine = _refuse
    sys.modules[_EXERCISES] = module
    grader.exercises = module


def stand_in_for_checks() -> None:
    """Make a notebook's `check`, `hint` and `solution` say that the exam is held elsewhere.

    What has no part in grading, such as `predict`, does nothing.
    """
    face = import_module(_FACE_OF_A_NOTEBOOK)
    for name in ("check", "examine", "hint", "solution"):
        setattr(face, name, _Told)
    # Predictions and reviews are between the learner and the course: here they say nothing.
    for name in ("predict", "calibration", "review"):
        setattr(face, name, _say_nothing)


def _say_nothing(*_arguments: object, **_options: object) -> None:
    """Take the place of what has no part in grading."""


class _Told:
    """Show a sentence instead of a verdict."""

    def __init__(self, exercise: Any, *_more: object, **_options: object) -> None:
        self._name = str(getattr(exercise, "__name__", exercise))

    def __repr__(self) -> str:
        return _SAID.format(name=self._name)


def _lesson(told: Json) -> Lesson:
    return Lesson(
        told["name"],
        told["title"],
        told["minutes"],
        tuple(Objective(text, tuple(names)) for text, names in told["objectives"]),
        tuple(_exercise(each) for each in told["exercises"]),
    )


def _exercise(told: Json) -> Exercise:
    criteria = tuple(Criterion(id, text, points=points) for id, text, points in told["criteria"])
    return Exercise(told["name"], told["minutes"], criteria, check=_refuse, tell=_refuse)


def _find(kind: str, name: str, known: dict[str, Any]) -> Any:
    if name in known:
        return known[name]
    nearest = ", ".join(get_close_matches(name, known, n=3, cutoff=0.4) or known)
    raise UnknownExercise(f"There is no {kind} named {name!r}. Did you mean: {nearest}?")


def _refuse(*_arguments: object, **_options: object) -> NoReturn:
    raise ExamError("Exams are held outside a sealed kernel.")
