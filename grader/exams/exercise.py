"""What an exercise is made of: criteria with points, one check, and the words for each mistake.

    @exercise(minutes=5, criteria=[…])
    def tool_result(exam: Exam) -> None:
        '''Answer one tool_use block.'''
        …

The name of the check is the name of the function that a learner writes. Its words stand in
`tool_result.md`, beside `tool_result.py`; `words` says how.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from grader.errors import ExamError
from grader.exams.shapes import Shapes
from grader.exams.words import Diagnosis, Hints, Words, common_mistakes, words_beside

# Takes an Exam, which is made from an Exercise, so we can't name the type here.
Check = Callable[[Any], None]


@dataclass(frozen=True)
class Criterion:
    """Name one thing that a check judges; points: a whole number of at least 1."""

    id: str
    text: str
    points: int = 1


@dataclass(frozen=True)
class Exercise:
    """Hold one exercise: what is judged, and the check that judges.

    tell: returns its words, which we read when a learner first needs them.
    shapes: the ways in which its inputs vary.
    lesson: the name of the lesson that lists it; "" until one does.
    """

    name: str
    minutes: int
    criteria: tuple[Criterion, ...]
    check: Check
    tell: Callable[[], Words]
    shapes: Shapes = field(default_factory=Shapes)
    lesson: str = ""

    @property
    def points(self) -> int:
        """Return the most points that the exercise gives."""
        return sum(criterion.points for criterion in self.criteria)

    @cached_property
    def words(self) -> Words:
        """Return its words; raises ExamError if they cannot be read."""
        return self.tell()

    @property
    def hints(self) -> Hints | tuple[()]:
        """Return the hints for mistakes without their own."""
        return self.words.hints

    @property
    def mistakes(self) -> tuple[Diagnosis, ...]:
        """Return the mistakes that its check tells apart."""
        return self.words.mistakes

    def hints_for(self, id: str) -> Hints | tuple[()]:
        """Return the hints for a mistake of this id: its own, else the exercise's."""
        known = {**common_mistakes(), **{each.id: each for each in self.mistakes}}
        return (known[id].hints if id in known else ()) or self.hints

    def mistake(self, id: str) -> Diagnosis:
        """Return the mistake with this id, or raise ExamError."""
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

    def __post_init__(self) -> None:
        """Tell each exercise its lesson."""
        owned = tuple(replace(exercise, lesson=self.name) for exercise in self.exercises)
        object.__setattr__(self, "exercises", owned)

    @property
    def points(self) -> int:
        """Return the most points that the lesson gives."""
        return sum(exercise.points for exercise in self.exercises)


def exercise(
    *,
    minutes: int,
    criteria: Sequence[Criterion],
    shapes: Shapes | None = None,
    words: Words | None = None,
) -> Callable[[Check], Exercise]:
    """Turn a check into an exercise with the same name.

    shapes: the ways in which its inputs vary.
    words: by default, those of the Markdown file beside the check.
    Raises ExamError when two criteria share an id.
    """
    ids = [criterion.id for criterion in criteria]
    doubled = sorted({id for id in ids if ids.count(id) > 1})
    if doubled:
        raise ExamError(f"Two criteria share the id {doubled[0]!r}: give each its own.")

    def make(check: Check) -> Exercise:
        tell = partial(words_beside, check.__module__) if words is None else lambda: words
        return Exercise(
            check.__name__, minutes, tuple(criteria), check, tell, shapes=shapes or Shapes()
        )

    return make
