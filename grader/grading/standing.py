"""What counts for one student and lesson, decided once: everything that shows a grade shows this.

`decide` takes all that is known about a place: the tries, their times, the due date, what a person
gave in the gradebook, what lateness costs. The table, the feedback page, the gradebook, the report
and the CSV files only show what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from grader.errors import GradingError
from grader.grading.hand_in_times import SEEN, STAMPED, HandIn, Place, shown_time
from grader.grading.result import Result
from grader.look.page import lasting
from grader.plural import counted

Json = Any

LAST, BEST, LAST_BEFORE_DUE = "last", "best", "last-before-due"
ATTEMPTS = (LAST, BEST, LAST_BEFORE_DUE)
"""Which of several tries counts, among those that have a result.

last: the newest. best: the one with the most points once the late penalty is off; of equal ones the
one handed in first. last-before-due: the newest that came in time, with any extension, or the
newest if none did.
"""

_NO_TIME = timedelta()
_KEPT = "It is no longer in the folder: the result is kept from an earlier run."

Penalty = Callable[[str, float, float], float]
"""What lateness takes off, by student, points and seconds late."""


def no_penalty(_student: str, _points: float, _seconds: float) -> float:
    """Take nothing off."""
    return 0.0


@dataclass(frozen=True)
class Terms:
    """Hold what was agreed for the whole class; due: by lesson, with a time zone."""

    attempts: str = LAST
    penalty: Penalty = no_penalty
    due: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class ByHand:
    """Hold what a person gave for one exercise: points instead of ours, extra points, a comment.

    is_earlier: whether the points were given for an earlier try, or for other automatic points;
    nbgrader calls that "needs manual grade", until somebody enters them again.
    """

    points: float | None = None
    extra: float | None = None
    comment: str = ""
    is_earlier: bool = False


@dataclass(frozen=True)
class Held:
    """Hold what a person gave one submission in the gradebook; by_hand: by exercise."""

    extension: timedelta = _NO_TIME
    by_hand: Mapping[str, ByHand] = field(default_factory=dict)


NOTHING_HELD = Held()


@dataclass(frozen=True)
class Try:
    """Hold one file that a student handed in; points: automatic ones, None without a result.

    source: who says when it was handed in, see `hand_in_times`.
    """

    digest: str
    handed_in: datetime
    source: str
    seconds_late: float
    points: int | None
    maximum: int


@dataclass(frozen=True)
class Standing:
    """Hold what counts for one student and lesson.

    result: of the try that counts; without points if no try has a result.
    number: which try counts, from 1; 0 if none does. tries: all of them, the newest last.
    points: what is left in the end, None if there is no result. penalty: points taken off.
    trouble: why the newest file has no result, "" if it has one. remark: on its timestamp.txt.
    is_kept: whether this run found nothing handed in for it.
    """

    result: Result
    number: int = 0
    tries: tuple[Try, ...] = ()
    due: datetime | None = None
    extension: timedelta = _NO_TIME
    by_hand: Mapping[str, ByHand] = field(default_factory=dict)
    penalty: float = 0.0
    points: float | None = None
    trouble: str = ""
    remark: str = ""
    is_kept: bool = False

    @property
    def place(self) -> Place:
        """Return student and lesson."""
        return self.result.student, self.result.lesson

    @property
    def counting(self) -> Try | None:
        """Return the try that counts."""
        return self.tries[self.number - 1] if self.number else None

    @property
    def seconds_late(self) -> float:
        """Return how late the try that counts is, with any extension; 0 if it is in time."""
        return self.counting.seconds_late if self.counting else 0.0

    @property
    def is_by_hand(self) -> bool:
        """Return whether a person gave points or extra ones."""
        return any(given(each) for each in self.by_hand.values())

    @property
    def shown_points(self) -> str:
        """Return the points for people: 6.5 of 7, or none."""
        return "none" if self.points is None else f"{self.points:g} of {self.result.maximum}"

    def of_exercise(self, name: str, automatic: int) -> float:
        """Return the points of one exercise, with what a person gave."""
        return _given_points(self.by_hand.get(name, ByHand()), automatic)

    def time_of(self, one: Try) -> str:
        """Return when a try came, in words that claim no more than is known."""
        when = shown_time(one.handed_in, self.due.tzinfo if self.due else None)
        if one.source == SEEN:
            return f"first seen here {when}"
        return f"handed in {when}" + (f" ({STAMPED})" if one.source == STAMPED else "")

    def remarks(self) -> tuple[str, ...]:
        """Return what people should know about it, a sentence each."""
        return tuple(
            each
            for each in (
                *self._troubles(),
                *self._lateness(),
                *self._given(),
                *self._which_try(),
                self.remark,
                _KEPT if self.is_kept else "",
                *self.result.remarks,
                *(one.flag for one in self.result.exercises),
            )
            if each
        )

    def _troubles(self) -> tuple[str, ...]:
        if not self.number:
            return (self.result.trouble,)
        if not self.trouble:
            return ()
        automatic = f"{self.result.points} of {self.result.maximum}"
        # What is wrong goes into brackets, and the fix after it.
        why, stop, cure = self.trouble.partition(". ")
        said = f"The newest file cannot be graded ({why.rstrip('.')}); an earlier try with "
        return (f"{said}{automatic} counts.", cure if stop else "")

    def _lateness(self) -> tuple[str, ...]:
        said = []
        if self.seconds_late > 0 and self.counting:
            came = "First seen here" if self.counting.source == SEEN else "Handed in"
            said.append(f"{came} {lasting(self.seconds_late)} late.")
        if self.penalty:
            said.append(f"Being late takes {counted(self.penalty, 'point')} off.")
        # Nothing is counted yet for what cannot be graded.
        if self.extension and self.due and self.number:
            said.append(f"An extension of {lasting(self.extension.total_seconds())} is counted in.")
        return tuple(said)

    def _given(self) -> tuple[str, ...]:
        told = [f"{name} {words}" for name, each in self.by_hand.items() if (words := given(each))]
        return (f"By hand: {', '.join(told)}.",) if told else ()

    def _which_try(self) -> tuple[str, ...]:
        many = self.number and len(self.tries) > 1
        return (f"Try {self.number} of {len(self.tries)} counts.",) if many else ()


def given(by_hand: ByHand) -> str:
    """Return in words which points a person gave; "" if none."""
    told = [counted(by_hand.points, "point")] if by_hand.points is not None else []
    told += [f"{by_hand.extra:+g} extra"] if by_hand.extra else []
    earlier = " (given before this was graded)" if by_hand.is_earlier else ""
    return " and ".join(told) + earlier


def decide(
    place: Place,
    tries: Sequence[tuple[HandIn, str, Result | None]],
    *,
    terms: Terms,
    held: Held = NOTHING_HELD,
    written: Result | None = None,
    trouble: Result | None = None,
    is_kept: bool = False,
) -> Standing:
    """Return what counts for a student and lesson.

    tries: when each file came, its digest and its result, the newest last; None for a file that has
    no result. written: what the gradebook showed when points were given there, or None.
    trouble: why the file there now has no result.
    """
    student, lesson = place
    due = terms.due.get(lesson)
    until = due + held.extension if due else None
    known = [_try(hand_in, digest, result, until) for hand_in, digest, result in tries]
    number = _counting(student, known, terms)
    said = trouble.trouble if trouble else ""
    remark = tries[-1][0].remark if tries else ""
    if not number:
        none = trouble or Result(student, lesson, trouble="It has not been examined yet.")
        return Standing(none, 0, tuple(known), due, held.extension, held.by_hand, trouble=said)
    result = tries[number - 1][2]
    assert result is not None
    score = sum(
        _given_points(held.by_hand.get(each.exercise, ByHand()), each.verdict.points)
        for each in result.exercises
    )
    penalty = _penalty(student, score, known[number - 1], terms)
    return Standing(
        result,
        number,
        tuple(known),
        due,
        held.extension,
        _dated(held.by_hand, written, result),
        penalty,
        round(max(0.0, score - penalty), 6),
        said,
        remark,
        is_kept,
    )


def _given_points(by_hand: ByHand, automatic: int) -> float:
    points = automatic if by_hand.points is None else by_hand.points
    return points + (by_hand.extra or 0.0)


def _dated(
    by_hand: Mapping[str, ByHand], written: Result | None, result: Result
) -> Mapping[str, ByHand]:
    """Return what a person gave, marked if it was given for another result than this one."""
    if written is None:
        return by_hand
    before = {each.exercise: each.verdict.points for each in written.exercises}
    changed = {
        each.exercise
        for each in result.exercises
        if written.digest != result.digest or before.get(each.exercise) != each.verdict.points
    }
    return {
        name: replace(each, is_earlier=each.is_earlier or bool(name in changed and given(each)))
        for name, each in by_hand.items()
    }


def _try(hand_in: HandIn, digest: str, result: Result | None, until: datetime | None) -> Try:
    late = max(0.0, (hand_in.at - until).total_seconds()) if until else 0.0
    points, maximum = (result.points, result.maximum) if result else (None, 0)
    return Try(digest, hand_in.at, hand_in.source, late, points, maximum)


def _counting(student: str, tries: Sequence[Try], terms: Terms) -> int:
    """Return which try counts, from 1; 0 if none has a result."""
    able = [(number, each) for number, each in enumerate(tries, 1) if each.points is not None]
    if not able:
        return 0
    if terms.attempts == BEST:

        def worth(one: tuple[int, Try]) -> tuple[float, float, int]:
            number, each = one
            score = float(each.points or 0)
            left = score - _penalty(student, score, each, terms)
            return left, -each.handed_in.timestamp(), -number

        return max(able, key=worth)[0]
    if terms.attempts == LAST_BEFORE_DUE:
        in_time = [number for number, each in able if not each.seconds_late]
        if in_time:
            return in_time[-1]
    return able[-1][0]


def _penalty(student: str, score: float, one: Try, terms: Terms) -> float:
    if not one.seconds_late:
        return 0.0
    return min(max(terms.penalty(student, score, one.seconds_late), 0.0), max(score, 0.0))


def read_attempts(text: str) -> str:
    """Return which try counts, one of ATTEMPTS; raises GradingError for another word."""
    if text not in ATTEMPTS:
        raise GradingError(
            f"{text!r} is not a way to count tries. Give one of {', '.join(ATTEMPTS)}."
        )
    return text


def standing_to_json(standing: Standing) -> Json:
    """Return what counts as JSON, without the result."""
    return {
        "number": standing.number,
        "tries": [
            {**vars(each), "handed_in": each.handed_in.isoformat()} for each in standing.tries
        ],
        "due": standing.due.isoformat() if standing.due else None,
        "extension": standing.extension.total_seconds(),
        "by_hand": {name: asdict(each) for name, each in standing.by_hand.items()},
        "penalty": standing.penalty,
        "points": standing.points,
        "trouble": standing.trouble,
        "remark": standing.remark,
        "is_kept": standing.is_kept,
    }


def standing_from_json(written: Json, result: Result) -> Standing:
    """Return what `standing_to_json` wrote."""
    due = written["due"]
    return Standing(
        result,
        written["number"],
        tuple(
            Try(**{**each, "handed_in": datetime.fromisoformat(each["handed_in"])})
            for each in written["tries"]
        ),
        datetime.fromisoformat(due) if due else None,
        timedelta(seconds=written["extension"]),
        {name: ByHand(**each) for name, each in written["by_hand"].items()},
        written["penalty"],
        written["points"],
        written["trouble"],
        written["remark"],
        written["is_kept"],
    )
