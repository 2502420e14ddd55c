"""Which files for other programs a report has: for the class, for each lesson or each exercise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.errors import GradingError
from grader.grading.report.spreadsheets import SPREADSHEETS, Points, left_out
from grader.grading.report.summary import Summary
from grader.grading.report.worksheet import worksheet_csv
from grader.grading.roster import ZERO
from grader.grading.standing import Standing

CLASS, LESSON, EXERCISE = "class", "lesson", "exercise"
PER = (CLASS, LESSON, EXERCISE)
"""What a file is made for: all lessons together, each lesson, or each lesson's exercises."""

_MOST_NAMED = 3


@dataclass(frozen=True)
class Exports:
    """Hold the text of each file by its name, and what to know about them, a sentence each."""

    files: Mapping[str, str]
    notes: tuple[str, ...] = ()


def exports_of(
    standings: Iterable[Standing], summary: Summary, *, lesson: str | None = None, per: str = CLASS
) -> Exports:
    """Return the files for other programs.

    lesson: makes files of one lesson, named after it. per: one of PER.
    Raises GradingError for another word.
    """
    if per not in PER:
        raise GradingError(f"{per!r} is nothing to make a file for. Give one of {', '.join(PER)}.")
    maximum = {
        each.lesson: float(each.maximum)
        for each in summary.lessons
        if lesson in (None, each.lesson)
    }
    points: Points = {
        (each.name, name): found for each in summary.grades for name, found in each.points.items()
    }
    made: dict[str, str] = {}
    notes: list[str] = []
    if per == CLASS and lesson is None:
        made |= _all(points, maximum, "", summary)
    elif per != EXERCISE:
        for name, most in sorted(maximum.items()):
            made |= _all(points, {name: most}, f"-{name}", summary)
    else:
        for name in sorted(maximum):
            by_exercise, most_of = _exercises(standings, name, summary)
            made |= _all(by_exercise, most_of, f"-{name}-exercises", summary)
        notes += _on_penalties(standings)
    roster = summary.people.roster
    if roster is not None and roster.kind == "moodle" and (lesson or len(maximum) == 1):
        for name, most in maximum.items():
            made[f"moodle-worksheet-{name}"], told = worksheet_csv(points, name, most, roster)
            notes += told
    if len(maximum) > 1 and per == CLASS:
        notes += _on_left_out(left_out(points, maximum, summary.people), made)
    return Exports({f"{name}.csv": text for name, text in made.items()}, tuple(notes))


def _all(
    points: Points, maximum: Mapping[str, float], end: str, summary: Summary
) -> dict[str, str]:
    return {
        f"{name}{end}": make(points, maximum, summary.people) for name, make in SPREADSHEETS.items()
    }


def _exercises(
    standings: Iterable[Standing], lesson: str, summary: Summary
) -> tuple[Points, Mapping[str, float]]:
    """Return a lesson's points by student and exercise, and what each exercise is worth."""
    roster = summary.people.roster
    excused = roster.excused if roster else frozenset()
    points: dict[tuple[str, str], float | None] = {}
    maximum: dict[str, float] = {}
    for standing in standings:
        if standing.result.lesson == lesson and standing.points is not None:
            for each in standing.result.exercises:
                name = f"{lesson} {each.exercise}"
                maximum[name] = float(each.verdict.maximum)
                if standing.place not in excused:
                    points[standing.result.student, name] = standing.of_exercise(
                        each.exercise, each.verdict.points
                    )
    for absent in summary.no_shows:
        if absent.lesson == lesson and absent.count_as == ZERO:
            points |= {(student, name): 0.0 for student in absent.students for name in maximum}
    return points, maximum


def _on_penalties(standings: Iterable[Standing]) -> Iterator[str]:
    late = sorted({each.result.student for each in standings if each.penalty})
    if late:
        yield (
            f"Points of exercises are those before a late penalty, which {_some(late)} "
            f"{'has' if len(late) == 1 else 'have'}: use the lesson's own file for those."
        )


def _on_left_out(students: list[str], made: Iterable[str]) -> Iterator[str]:
    if students:
        yield (
            f"{_some(students)} {'is' if len(students) == 1 else 'are'} left out of "
            f"{' and '.join(f'{name}.csv' for name in made)}: an empty cell would clear a grade. "
            "Make a file for each lesson: --per lesson"
        )


def _some(students: list[str]) -> str:
    more = len(students) - _MOST_NAMED
    return ", ".join(students[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
