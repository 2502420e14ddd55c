"""The lessons of the course with what a learner has done in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.classroom.progress_file import Progress, ProgressRecord
from grader.exams import Exercise, Lesson
from grader.exercises import COURSE

Link = Callable[[Lesson], str]
"""What returns a lesson's name and title as HTML, a link where its notebook can be opened."""


@dataclass(frozen=True)
class Chapter:
    """Hold a lesson with the records of its exercises."""

    lesson: Lesson
    rows: tuple[tuple[Exercise, ProgressRecord], ...]

    @property
    def points(self) -> int:
        """Return the points earned in it."""
        return sum(record.points for _, record in self.rows)

    @property
    def correct(self) -> int:
        """Return how many of its exercises are correct."""
        return sum(record.is_correct for _, record in self.rows)

    @property
    def next(self) -> Exercise | None:
        """Return the first exercise that is not correct yet."""
        return next((each for each, record in self.rows if not record.is_correct), None)

    @property
    def state(self) -> str:
        """Return how far it is, as a symbol and in words."""
        if self.next is None:
            return "● done"
        return "◐ begun" if any(record.attempts for _, record in self.rows) else "○ not started"


def read_chapters(known: Progress) -> tuple[Chapter, ...]:
    """Return the lessons of the course with the records of their exercises."""
    return tuple(
        Chapter(lesson, tuple((each, known.record(each.name)) for each in lesson.exercises))
        for lesson in COURSE
    )


def state_of(record: ProgressRecord) -> str:
    """Return how far an exercise is, as a symbol and in words."""
    if record.is_correct:
        return "● correct"
    return "◐ tried" if record.attempts else "○ not started"


def sum_of(chapters: Sequence[Chapter]) -> str:
    """Return what all chapters come to, in a sentence."""
    earned = sum(chapter.points for chapter in chapters)
    total = sum(chapter.lesson.points for chapter in chapters)
    correct = sum(chapter.correct for chapter in chapters)
    exercises = sum(len(chapter.rows) for chapter in chapters)
    return f"{earned} of {total} points, {correct} of {exercises} exercises correct."


def next_of(chapters: Sequence[Chapter]) -> Chapter | None:
    """Return the first chapter with an exercise that isn't correct yet."""
    return next((chapter for chapter in chapters if chapter.next is not None), None)
