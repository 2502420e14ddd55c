"""What an exercise is made of: criteria with points, named mistakes with hints, and one check.

    @exercise(lesson="03_tool_use", minutes=5, criteria=[…], mistakes=[…])
    def tool_result(exam: Exam) -> None:
        '''Answer one tool_use block.'''
        …

The name of the check is the name of the function that a learner writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import ExamError

if TYPE_CHECKING:
    from grader.exams.exam import Exam

Check = Callable[["Exam"], None]
Hints = tuple[str, str, str]


@dataclass(frozen=True)
class Criterion:
    """Name one thing that is judged; points: a whole number of at least 1."""

    id: str
    text: str
    points: int = 1


@dataclass(frozen=True)
class Diagnosis:
    """Name one mistake and say what to do about it.

    title: the mistake in one short sentence.
    saw: what was observed; `{observed}` stands for the value that the check saw.
    why: why the API, or the caller, minds.
    next: the smallest next step.
    where: the heading in the lesson that explains it; "" when none does.
    hints: three, from the idea to nearly the code; the exercise's own when empty.
    crash: a pattern for "TypeError: message"; a crash that matches has this diagnosis, in
        whichever call it happens. `Exam.call` names a diagnosis for any crash of one call.
    """

    id: str
    title: str
    saw: str
    why: str
    next: str
    where: str = ""
    hints: Hints | tuple[()] = ()
    crash: str | None = None

    def explains(self, crash: str) -> bool:
        """Tell whether a crash, written as "TypeError: message", is this mistake."""
        return self.crash is not None and re.search(self.crash, crash) is not None


@dataclass(frozen=True)
class Exercise:
    """Hold one exercise: what is judged, what may go wrong, and the check that judges."""

    name: str
    lesson: str
    minutes: int
    criteria: tuple[Criterion, ...]
    mistakes: tuple[Diagnosis, ...]
    hints: Hints
    check: Check

    @property
    def points(self) -> int:
        """Return the most points that the exercise gives."""
        return sum(criterion.points for criterion in self.criteria)

    def mistake(self, id: str) -> Diagnosis:
        """Return the mistake of this id, or raise ExamError."""
        for diagnosis in self.mistakes:
            if diagnosis.id == id:
                return diagnosis
        known = ", ".join(diagnosis.id for diagnosis in self.mistakes)
        raise ExamError(f"{self.name} has no mistake named {id!r}. It has: {known}.")


@dataclass(frozen=True)
class Objective:
    """Name what a learner can do after a lesson, and the exercises that show it."""

    text: str
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """Hold one lesson: its name as a folder, its title, its objectives and its exercises."""

    name: str
    title: str
    minutes: int
    objectives: tuple[Objective, ...]
    exercises: tuple[Exercise, ...]

    @property
    def points(self) -> int:
        """Return the most points that the lesson gives."""
        return sum(exercise.points for exercise in self.exercises)


def exercise(
    *,
    lesson: str,
    minutes: int,
    criteria: Sequence[Criterion],
    mistakes: Sequence[Diagnosis],
    hints: Hints,
) -> Callable[[Check], Exercise]:
    """Turn a check into an exercise of the same name.

    Raises ExamError when two criteria or two mistakes share an id.
    """
    for kind, ids in (
        ("criteria", [criterion.id for criterion in criteria]),
        ("mistakes", [diagnosis.id for diagnosis in mistakes]),
    ):
        doubled = sorted({id for id in ids if ids.count(id) > 1})
        if doubled:
            raise ExamError(f"Two {kind} share the id {doubled[0]!r}: give each its own.")

    def make(check: Check) -> Exercise:
        return Exercise(
            name=check.__name__,
            lesson=lesson,
            minutes=minutes,
            criteria=tuple(criteria),
            mistakes=tuple(mistakes),
            hints=hints,
            check=check,
        )

    return make
