"""Whom of a course's members a student is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.grading.roster import ClassList, Enrolled, Roster


@dataclass(frozen=True)
class FoundMembers:
    """Hold the platform's id of each student who was found, and why the others weren't.

    ids: by student. unclear: a sentence by student.
    """

    ids: Mapping[str, str]
    unclear: Mapping[str, str]


def find_members(
    students: Iterable[str], people: ClassList, members: Iterable[Enrolled]
) -> FoundMembers:
    """Find students among the members of a course.

    What a school has given out decides (its number, a login, an e-mail address), then the name.
    Nobody is guessed: who may be two members, or whom two students may be, is not found.
    """
    course = Roster(tuple(members))
    ids: dict[str, str] = {}
    unclear: dict[str, str] = {}
    for student in students:
        one = (people.roster.get(student) if people.roster else None) or Enrolled(student)
        found = next(filter(None, map(course.find, _words(one))), ())
        if len(found) == 1:
            ids[student] = found[0].student
        elif found:
            unclear[student] = f"{len(found)} members of the course may be {one.shown or student}"
        else:
            unclear[student] = "no member of the course has this number, login, address or name"
    shared = {each for each, count in Counter(ids.values()).items() if count > 1}
    for student in [each for each, id in ids.items() if id in shared]:
        others = [each for each, id in ids.items() if id == ids[student] and each != student]
        unclear[student] = f"{', '.join(others)} may be the same member of the course"
    return FoundMembers({who: id for who, id in ids.items() if who not in unclear}, unclear)


def _words(one: Enrolled) -> Iterator[str]:
    for each in (one.number, one.login, one.email, one.github, one.student, one.name):
        if each:
            yield each
