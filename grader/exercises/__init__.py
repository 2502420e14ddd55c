"""The exercises of the course: a folder for each lesson, and the way to find each by name."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, TypeVar

from grader.errors import UnknownExercise
from grader.exams import Exercise, Lesson, LocalCandidate, Verdict
from grader.exams import examine as _examine
from grader.exercises import (
    agents,
    conversations,
    port,
    production,
    prompt_caching,
    start_here,
    streaming,
    structure,
    tokens_and_cost,
    tool_use,
)

_Found = TypeVar("_Found")

COURSE: tuple[Lesson, ...] = (
    start_here.LESSON,
    structure.LESSON,
    conversations.LESSON,
    tool_use.LESSON,
    agents.LESSON,
    streaming.LESSON,
    tokens_and_cost.LESSON,
    prompt_caching.LESSON,
    production.LESSON,
    port.LESSON,
)
"""The lessons, in the order learners take them."""


def find_exercise(name: str) -> Exercise:
    """Return the exercise with this name, or raise UnknownExercise with the nearest names."""
    known = {exercise.name: exercise for lesson in COURSE for exercise in lesson.exercises}
    return _find("exercise", name, known)


def find_lesson(name: str) -> Lesson:
    """Return the lesson with this name, or raise UnknownExercise with the nearest names."""
    return _find("lesson", name, {lesson.name: lesson for lesson in COURSE})


def examine(name: str, function: Callable[..., Any], *, seed: int | None = None) -> Verdict:
    """Judge a function without a notebook, and return the verdict.

    name: the exercise's name; the function may have another.
    seed: draws the data of the check; random unless given.
    Raises UnknownExercise.
    """
    return _examine(find_exercise(name), LocalCandidate({name: function}), seed=seed)


def _find(kind: str, name: str, known: dict[str, _Found]) -> _Found:
    if name in known:
        return known[name]
    nearest = get_close_matches(name, known, n=3, cutoff=0.4)
    advice = f"Did you mean: {', '.join(nearest)}?" if nearest else f"There is: {', '.join(known)}."
    raise UnknownExercise(f"There is no {kind} named {name!r}. {advice}")


__all__ = ["COURSE", "examine", "find_exercise", "find_lesson"]
