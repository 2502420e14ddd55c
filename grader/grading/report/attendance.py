"""Who of a class handed in nothing, and how its sections did: what only a roster can say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import mean

from grader.grading.roster import MISSING, ClassList
from grader.grading.standing import Standing


@dataclass(frozen=True)
class NoShows:
    """Hold who of the roster handed in nothing of a lesson.

    students: their ids. excused: who is excused by the roster, and counts as nothing. count_as:
    what the others count as, one of MISSING.
    """

    lesson: str
    students: tuple[str, ...]
    excused: tuple[str, ...]
    count_as: str


@dataclass(frozen=True)
class SectionPoints:
    """Hold how a section did in a lesson; students: all of it; with_points: those that count."""

    section: str
    lesson: str
    students: int
    with_points: int
    mean: float | None


def no_shows(
    standings: Iterable[Standing], people: ClassList, now: datetime
) -> tuple[NoShows, ...]:
    """Return who handed in nothing, by lesson; a lesson that nobody has points of is left out.

    A lesson that is not due yet counts as nothing; what was handed in and cannot be graded is no
    absence.
    """
    if people.roster is None:
        return ()
    here: dict[str, set[str]] = defaultdict(set)
    graded: dict[str, datetime | None] = {}
    for each in standings:
        here[each.result.lesson].add(each.result.student)
        if each.points is not None:
            graded[each.result.lesson] = graded.get(each.result.lesson) or each.due
    found = []
    for lesson, due in sorted(graded.items()):
        absent = [each.student for each in people.without(here[lesson])]
        excused = [each for each in absent if (each, lesson) in people.roster.excused]
        others = tuple(sorted(set(absent) - set(excused)))
        is_due = due is None or due <= now
        count_as = people.missing if is_due else MISSING[0]
        if absent:
            found.append(NoShows(lesson, others, tuple(sorted(excused)), count_as))
    return tuple(found)


def section_points(
    rows: Iterable[tuple[str, Mapping[str, float | None]]],
) -> tuple[SectionPoints, ...]:
    """Return how each section did in each lesson; rows: each student's section and points."""
    found: dict[tuple[str, str], list[float | None]] = defaultdict(list)
    for section, points in rows:
        for lesson, each in points.items():
            if section:
                found[lesson, section].append(each)
    told = []
    for (lesson, section), all_points in sorted(found.items()):
        known = [each for each in all_points if each is not None]
        average = round(mean(known), 6) if known else None
        told.append(SectionPoints(section, lesson, len(all_points), len(known), average))
    return tuple(told)
