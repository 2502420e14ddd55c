"""Send a class's points to its course, and only what is new there."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.grade import settle_class
from grader.grading.passback.people import find_members
from grader.grading.passback.platform import Platform
from grader.grading.report.reading import read_class_results
from grader.grading.report.summary import summarize
from grader.grading.results_folder import known_folder
from grader.grading.roster import read_class_list
from grader.grading.whole_file import write_whole

if TYPE_CHECKING:
    from grader.grading.passback.service import Course, Score

_NAME = "passback.json"
_VERSION = 1
_ROUNDED = 5e-4
"""How far apart two shares may be and count as the same: platforms keep two digits or more."""


@dataclass
class PassedBack:
    """Hold what became of a class's points.

    sent: student and lesson of what went out, or would go. same: of what the platform had already.
    kept: of what somebody changed in the platform, with the points there. unclear: who was not
    found in the course, and why. made: the lessons that got a column, or would get one.
    """

    sent: list[tuple[str, str]] = field(default_factory=list)
    same: list[tuple[str, str]] = field(default_factory=list)
    kept: list[tuple[str, str, float]] = field(default_factory=list)
    unclear: Mapping[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)


def pass_back(
    folder: Path,
    platform: Platform,
    *,
    lesson: str | None = None,
    is_dry: bool = False,
    may_overwrite: bool = False,
    on_done: Callable[[], None] = lambda: None,
) -> PassedBack:
    """Send the points in a folder of results that a course doesn't have yet.

    Points that a person gave in the gradebook since are taken in first. Who has no result, or is
    excused, is left alone; so is a grade in the platform that wasn't sent from here, unless
    may_overwrite. lesson: this one only. is_dry: nothing is sent, and nothing made. on_done: called
    after each. What was sent is remembered beside the results, however the run ends.
    Raises GradingError when there are no results, or the platform refuses.
    """
    from grader.grading.passback.service import Course

    given = _points(folder, lesson)
    course, people = Course(platform), read_class_list(folder)
    students = sorted({student for each in given.values() for student in each})
    found = find_members(students, people, course.learners())
    memory = _Memory(folder / _NAME, platform.line_items_url)
    run = _Run(course, memory, PassedBack(unclear=found.unclear), is_dry, may_overwrite, on_done)
    try:
        for name, points in sorted(given.items()):
            run.send(name, {found.ids[who]: who for who in points if who in found.ids}, points)
    finally:
        if not is_dry:
            memory.write()
    return run.passed


def _points(folder: Path, lesson: str | None) -> Mapping[str, Mapping[str, float]]:
    """Return the points to send, by lesson and student."""
    known = known_folder(folder)
    if known.journal.is_file():
        settle_class(known.path)
    people = read_class_list(folder)
    summary = summarize(read_class_results(folder), people)
    excused = people.roster.excused if people.roster else frozenset()
    given = {
        each.lesson: {
            one.name: points
            for one in summary.grades
            if (points := one.points.get(each.lesson)) is not None
            and (one.name, each.lesson) not in excused
        }
        for each in summary.lessons
        if lesson in (None, each.lesson)
    }
    if lesson is not None and not given:
        raise GradingError(f"{folder} has no result of {lesson}. Grade it first.")
    return given


@dataclass(frozen=True)
class _Run:
    """Send points, lesson by lesson, with what holds for all of them."""

    course: Course
    memory: _Memory
    passed: PassedBack
    is_dry: bool
    may_overwrite: bool
    on_done: Callable[[], None]

    def send(self, name: str, students: Mapping[str, str], points: Mapping[str, float]) -> None:
        """Send one lesson's points; students: by the platform's ids."""
        from grader.grading.passback.service import Score

        lesson, column = find_lesson(name), self.course.find_column(name)
        there = self.course.scores(column) if column else {}
        if column is None:
            self.passed.made.append(name)
            if not self.is_dry:
                column = self.course.make_column(name, lesson.title, lesson.points)
        for id, student in students.items():
            score, has = Score(points[student], lesson.points), there.get(id)
            if has is not None and _is_same(has.share, score.share):
                self.passed.same.append((student, name))
            elif has is not None and not self._may_replace(name, student, has):
                self.passed.kept.append((student, name, has.share * lesson.points))
            else:
                if column is not None and not self.is_dry:
                    self.course.give(column, id, score)
                    self.memory.note(name, student, score.share)
                self.passed.sent.append((student, name))
            self.on_done()

    def _may_replace(self, lesson: str, student: str, has: Score) -> bool:
        return self.may_overwrite or _is_same(has.share, self.memory.share(lesson, student))


def _is_same(one: float, other: float | None) -> bool:
    """Return whether two shares of a maximum are the same, as far as a platform keeps them."""
    return other is not None and math.isclose(one, other, abs_tol=_ROUNDED)


class _Memory:
    """Remember which share of a lesson's points was sent to a course, beside the results.

    Another course has a part of its own.
    """

    def __init__(self, path: Path, course: str) -> None:
        self._path = path
        self._all = self._read()
        self._sent = self._all.setdefault(course, {})

    def share(self, lesson: str, student: str) -> float | None:
        """Return what was sent last, None if nothing was."""
        return self._sent.get(lesson, {}).get(student)

    def note(self, lesson: str, student: str, share: float) -> None:
        """Remember what was sent."""
        self._sent.setdefault(lesson, {})[student] = share

    def write(self) -> None:
        """Keep what is remembered."""
        told = {"passback": _VERSION, "sent": self._all}
        write_whole(self._path, (json.dumps(told, indent=1) + "\n").encode(), mode=0o600)

    def _read(self) -> dict[str, dict[str, dict[str, float]]]:
        if not self._path.is_file():
            return {}
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            if told["passback"] != _VERSION:
                raise ValueError("it is from another version")
            return {
                str(course): {
                    str(lesson): {str(who): float(share) for who, share in sent.items()}
                    for lesson, sent in lessons.items()
                }
                for course, lessons in told["sent"].items()
            }
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise GradingError(
                f"{self._path} can't be read ({error}). Remove it; points that the platform has "
                "then count as given by somebody, and stay unless you add --overwrite."
            ) from error
