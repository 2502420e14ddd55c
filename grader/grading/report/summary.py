"""What the results of a class add up to: plain numbers, made from results alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import mean, median

from grader.exams import LOST
from grader.exams.verdict import ALMOST, CORRECT, CRASHED, NOT_STARTED, NOT_YET
from grader.grading.report.attendance import (
    NoShows,
    SectionPoints,
    no_shows,
    section_points,
)
from grader.grading.report.predicted import PredictedCounts, asked
from grader.grading.report.reading import ClassResults
from grader.grading.result import ExerciseResult, Result
from grader.grading.roster import ZERO, ClassList
from grader.grading.standing import Standing
from grader.grading.versions import LessonVersion

OUTCOMES = (CORRECT, ALMOST, NOT_YET, CRASHED, NOT_STARTED)
_BINS = 10
_EXCEPTION = re.compile(r"\b[A-Z]\w{0,60}(?:Error|Exception|Exit|Interrupt|Iteration|Warning)\b")
# What keeps code from being judged says nothing about what its writer believes.
_NO_MISCONCEPTIONS = frozenset(
    ("not-started", "missing", "cell-failed", "unfinished-part", "crash", *LOST.values())
)
_STOPPED = _NO_MISCONCEPTIONS - {"not-started", "missing"}


@dataclass(frozen=True)
class LessonPoints:
    """Hold the points of everybody who handed in a lesson; bins: tenths of the most points.

    due: when it was due for most, None if never.
    """

    lesson: str
    maximum: int
    points: tuple[float, ...]
    due: datetime | None = None

    @property
    def mean(self) -> float:
        """Return the mean of the points."""
        return mean(self.points)

    @property
    def median(self) -> float:
        """Return the points that half of the class reached."""
        return median(self.points)

    @property
    def bins(self) -> tuple[int, ...]:
        """Return how many have up to a tenth of the points, up to two tenths, and so on."""
        counts = [0] * _BINS
        for each in self.points:
            counts[min(_BINS - 1, int(each * _BINS // max(1, self.maximum)))] += 1
        return tuple(counts)


@dataclass(frozen=True)
class Difficulty:
    """Hold how one exercise went.

    outcomes: of its checks. share: the part of its points that counts, with what a person gave.
    automatic: the part that the checks gave.
    """

    lesson: str
    exercise: str
    outcomes: Mapping[str, int]
    share: float
    automatic: float


@dataclass(frozen=True)
class Misconception:
    """Hold a named mistake and how many made it."""

    lesson: str
    exercise: str
    diagnosis: str
    title: str
    count: int


@dataclass(frozen=True)
class Stuck:
    """Hold who began an exercise and has not got it right, and who has not begun."""

    lesson: str
    exercise: str
    begun: tuple[str, ...]
    not_begun: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """Hold how long one stage of grading took, in seconds; share: of the time of all stages."""

    name: str
    total: float
    median: float
    slowest: float
    share: float


@dataclass(frozen=True)
class Late:
    """Hold what came after it was due; points: what is left of them after the penalty."""

    student: str
    lesson: str
    seconds: float
    penalty: float
    points: float


@dataclass(frozen=True)
class Student:
    """Hold the points of one student by lesson, None without a result; total: their sum.

    name: the id. shown: the name and id for people. section: "" if no roster says it. pages: the
    lessons with a feedback page.
    """

    name: str
    points: Mapping[str, float | None]
    total: float
    shown: str = ""
    section: str = ""
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remarked:
    """Hold what people should know of one submission; has_page: whether it has a feedback page."""

    student: str
    lesson: str
    remarks: tuple[str, ...]
    has_page: bool


@dataclass(frozen=True)
class Stopped:
    """Hold what kept code from being judged, such as SyntaxError, and how many it happened to.

    lines: of the notebooks that raised it, the most common first, three at most.
    """

    lesson: str
    exercise: str
    what: str
    count: int
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """Hold all that a report says.

    submissions: with a result or without. troubles: what has no result, and why; a file that lay
    among the folders is one of them too. from_earlier: how many have the result of an earlier try,
    because the newest cannot be graded. seed: the class's, "" if the folder doesn't say. versions:
    what lessons were graded with.
    """

    students: int
    submissions: int
    without_result: int
    from_earlier: int
    lessons: tuple[LessonPoints, ...]
    exercises: tuple[Difficulty, ...]
    misconceptions: tuple[Misconception, ...]
    stuck: tuple[Stuck, ...]
    stages: tuple[Stage, ...]
    levels: Mapping[str, int]
    troubles: tuple[Result, ...]
    stopped: tuple[Stopped, ...]
    remarks: tuple[Remarked, ...]
    late: tuple[Late, ...]
    grades: tuple[Student, ...]
    asked: tuple[PredictedCounts, ...] = ()
    no_shows: tuple[NoShows, ...] = ()
    sections: tuple[SectionPoints, ...] = ()
    people: ClassList = field(default_factory=ClassList)
    seed: str = ""
    versions: tuple[LessonVersion, ...] = ()


def summarize(
    found: ClassResults, people: ClassList | None = None, *, now: datetime | None = None
) -> Summary:
    """Return what the results of a class add up to.

    people: who is in the class. now: after which lessons are not due yet, by default the present.
    """
    known = people or ClassList()
    absent = no_shows(found.standings, known, now or datetime.now(UTC))
    grades = _grades(found.standings, absent, known)
    graded = [each for each in found.results if not each.trouble]
    by_exercise: dict[tuple[str, str], list[tuple[str, ExerciseResult]]] = defaultdict(list)
    for result in graded:
        for each in result.exercises:
            by_exercise[result.lesson, each.exercise].append((result.student, each))
    counted = _counted(found.standings)
    # In the order of the course: the lessons' names begin with their number.
    places = sorted(by_exercise, key=lambda place: place[0])
    return Summary(
        students=len(
            {each.student for each in found.results if each.is_of_a_student}
            | {each.student for each in known.without(())}
        ),
        submissions=len(found.results),
        without_result=sum(bool(each.trouble) for each in found.results),
        from_earlier=sum(bool(each.number and each.trouble) for each in found.standings),
        lessons=_lessons(found.standings, absent),
        exercises=tuple(
            _difficulty(*place, by_exercise[place], counted[place]) for place in places
        ),
        misconceptions=_misconceptions(by_exercise),
        stuck=tuple(
            stuck
            for place in places
            if (stuck := _stuck(*place, by_exercise[place])).begun or stuck.not_begun
        ),
        stages=_stages([each.seconds for each in found.runs.values()]),
        levels=dict(sorted(Counter(each.level for each in found.runs.values()).items())),
        troubles=tuple(each for each in found.results if each.trouble),
        stopped=_stopped(by_exercise),
        remarks=tuple(
            Remarked(*each.place, said, has_page=bool(each.result.exercises))
            for each in found.standings
            if (said := each.remarks()) and not each.result.trouble
        ),
        late=tuple(
            Late(*each.place, each.seconds_late, each.penalty, each.points)
            for each in found.standings
            if each.seconds_late > 0 and each.points is not None
        ),
        grades=grades,
        asked=tuple(asked(found.predicted)),
        no_shows=absent,
        sections=section_points((each.section, each.points) for each in grades),
        people=known,
    )


def _counted(standings: Iterable[Standing]) -> Mapping[tuple[str, str], float]:
    """Return the points of the class that count, by exercise."""
    points: dict[tuple[str, str], float] = defaultdict(float)
    for each in standings:
        for one in each.result.exercises:
            points[each.result.lesson, one.exercise] += each.of_exercise(
                one.exercise, one.verdict.points
            )
    return points


def _grades(
    standings: Iterable[Standing], absent: Iterable[NoShows], people: ClassList
) -> tuple[Student, ...]:
    by_student: dict[str, dict[str, float | None]] = defaultdict(dict)
    pages: dict[str, set[str]] = defaultdict(set)
    for each in standings:
        if each.result.is_of_a_student:
            if each.result.exercises:
                pages[each.result.student].add(each.result.lesson)
            found = by_student[each.result.student]
            # A file in a wrong place takes nothing away from a submission.
            if each.points is not None or each.result.lesson not in found:
                found[each.result.lesson] = each.points
    for one in absent:
        points = 0.0 if one.count_as == ZERO else None
        for student in one.students:
            by_student[student][one.lesson] = points
        for student in one.excused:
            by_student[student].setdefault(one.lesson, None)
    return tuple(
        Student(
            name,
            found,
            round(sum(each or 0 for each in found.values()), 6),
            people.shown(name),
            people.section_of(name),
            tuple(sorted(pages[name])),
        )
        for name, found in sorted(by_student.items())
    )


def _lessons(standings: Iterable[Standing], absent: Iterable[NoShows]) -> tuple[LessonPoints, ...]:
    by_lesson: dict[str, list[Standing]] = defaultdict(list)
    for each in standings:
        if each.points is not None:
            by_lesson[each.result.lesson].append(each)
    zeros = {each.lesson: len(each.students) for each in absent if each.count_as == ZERO}
    return tuple(
        LessonPoints(
            lesson,
            max(each.result.maximum for each in graded),
            tuple(sorted([*(each.points or 0 for each in graded), *[0] * zeros.get(lesson, 0)])),
            Counter(each.due for each in graded).most_common(1)[0][0],
        )
        for lesson, graded in sorted(by_lesson.items())
    )


def _difficulty(
    lesson: str, exercise: str, results: Sequence[tuple[str, ExerciseResult]], counted: float
) -> Difficulty:
    verdicts = [each.verdict for _, each in results]
    counts = Counter(each.outcome for each in verdicts)
    most = sum(each.maximum for each in verdicts)
    return Difficulty(
        lesson,
        exercise,
        {outcome: counts[outcome] for outcome in OUTCOMES},
        counted / most if most else 0.0,
        sum(each.points for each in verdicts) / most if most else 0.0,
    )


def _misconceptions(
    by_exercise: Mapping[tuple[str, str], Sequence[tuple[str, ExerciseResult]]],
) -> tuple[Misconception, ...]:
    counts: Counter[tuple[str, str, str]] = Counter()
    titles = {}
    for (lesson, exercise), results in by_exercise.items():
        for _, each in results:
            finding = each.verdict.finding
            if finding is not None and finding.diagnosis.id not in _NO_MISCONCEPTIONS:
                key = lesson, exercise, finding.diagnosis.id
                counts[key] += 1
                titles[key] = finding.diagnosis.title
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Misconception(*key, titles[key], count) for key, count in ordered)


def _stopped(
    by_exercise: Mapping[tuple[str, str], Sequence[tuple[str, ExerciseResult]]],
) -> tuple[Stopped, ...]:
    """Return what stopped code: the exception if it is known, else the diagnosis."""
    found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for (lesson, exercise), results in by_exercise.items():
        for _, each in results:
            finding = each.verdict.finding
            if finding is not None and finding.diagnosis.id in _STOPPED:
                named = _EXCEPTION.search(finding.saw)
                what = named[0] if named else finding.diagnosis.title
                found[lesson, exercise, what][each.verdict.traceback] += 1
    made = (
        Stopped(*key, lines.total(), tuple(line for line, _ in lines.most_common() if line)[:3])
        for key, lines in found.items()
    )
    return tuple(sorted(made, key=lambda each: (-each.count, each.lesson, each.exercise)))


def _stuck(lesson: str, exercise: str, results: Sequence[tuple[str, ExerciseResult]]) -> Stuck:
    def those(outcomes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(name for name, each in results if each.verdict.outcome in outcomes))

    return Stuck(lesson, exercise, those((ALMOST, NOT_YET, CRASHED)), those((NOT_STARTED,)))


def _stages(runs: Sequence[Mapping[str, float]]) -> tuple[Stage, ...]:
    by_stage: dict[str, list[float]] = defaultdict(list)
    for seconds in runs:
        for stage, each in seconds.items():
            by_stage[stage].append(each)
    everything = sum(sum(each) for each in by_stage.values())
    return tuple(
        Stage(
            name,
            sum(each),
            median(each),
            max(each),
            sum(each) / everything if everything else 0.0,
        )
        for name, each in by_stage.items()
    )
