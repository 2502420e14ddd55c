"""What an exam found: points, an outcome in words, one diagnosis with its hints, and evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from grader.exams.exercise import Criterion
from grader.exams.traffic import Traffic
from grader.exams.words import Diagnosis, Hints

Json = Any

NOT_STARTED = "Not started"
CRASHED = "Crashed"
NOT_YET = "Not yet"
ALMOST = "Almost"
CORRECT = "Correct"
SYMBOLS = {NOT_STARTED: "○", CRASHED: "✗", NOT_YET: "◔", ALMOST: "◐", CORRECT: "●"}
"""A symbol for each outcome, so that colour is never the only sign."""
_NEARLY = Fraction(2, 3)
"""From which share of the points on an answer is almost right."""


@dataclass(frozen=True)
class Judged:
    """Hold whether one criterion is met.

    is_reached: whether the exam got this far; a criterion that it didn't reach isn't met.
    """

    criterion: Criterion
    is_met: bool
    is_reached: bool = True


@dataclass(frozen=True)
class Slip:
    """Name a mistake seen in a learner's code, and what shows it."""

    mistake: str
    observed: object = ""


@dataclass(frozen=True)
class Finding:
    """Hold one diagnosis with what was observed, and its hint ladder."""

    diagnosis: Diagnosis
    saw: str
    hints: Hints | tuple[()]


@dataclass(frozen=True)
class Verdict:
    """Hold what an exam found out about one exercise.

    outcome: Not started, Crashed, Not yet, Almost or Correct.
    finding: the first diagnosis, from the most basic to the subtlest; None when all is right.
    requests: the JSON bodies that reached the API, in order.
    shown_first: which of them shows the finding, counted from 0; None if no single one does.
    traceback: of the learner's code when it crashed, else "".
    printed: what the learner's code printed.
    traffic: what reached the API in all; one that was read back has none.
    """

    exercise: str
    outcome: str
    judged: tuple[Judged, ...]
    finding: Finding | None = None
    requests: tuple[Json, ...] = ()
    traceback: str = ""
    printed: str = ""
    shown_first: int | None = None
    traffic: Traffic = field(default=Traffic(), compare=False)

    @property
    def points(self) -> int:
        """Return the points earned."""
        return sum(judged.criterion.points for judged in self.judged if judged.is_met)

    @property
    def maximum(self) -> int:
        """Return the most points that can be earned."""
        return sum(judged.criterion.points for judged in self.judged)

    @property
    def diagnosis(self) -> str | None:
        """Return the id of the diagnosis, or None when all is right."""
        return self.finding.diagnosis.id if self.finding else None

    @property
    def symbol(self) -> str:
        """Return the symbol of the outcome."""
        return SYMBOLS[self.outcome]


def outcome_of(judged: tuple[Judged, ...], *, is_started: bool, has_crashed: bool) -> str:
    """Return the outcome in words."""
    if not is_started:
        return NOT_STARTED
    if has_crashed:
        return CRASHED
    most = sum(each.criterion.points for each in judged)
    points = sum(each.criterion.points for each in judged if each.is_met)
    if points == most:
        return CORRECT
    return ALMOST if points >= _NEARLY * most else NOT_YET
