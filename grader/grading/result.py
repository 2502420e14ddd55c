"""What grading finds of one submission: plain values, the same bytes whenever it is found again.

When it was graded, how long that took and at which level of containment is no part of it: that is
kept beside the result in the journal, as a `Run`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.exams import Verdict, verdict_from_json, verdict_to_json

Json = Any


@dataclass(frozen=True)
class ExerciseResult:
    """Hold the verdict on one exercise.

    flag: why the exam was cut short by grading itself, such as a deadline; "" when it was not.
    """

    verdict: Verdict
    flag: str = ""

    @property
    def exercise(self) -> str:
        """Return the exercise's name."""
        return self.verdict.exercise


@dataclass(frozen=True)
class Result:
    """Hold what came of one submission.

    digest: the SHA-256 of the file that was handed in, in hex; "" where none could be read.
    exercises: in the order of the lesson; empty when there is no result.
    remarks: sentences on what is amiss and graded all the same.
    trouble: one sentence that says why there is no result and what mends it; "" when there is one.
    """

    student: str
    lesson: str
    digest: str = ""
    exercises: tuple[ExerciseResult, ...] = ()
    remarks: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def is_of_a_student(self) -> bool:
        """Tell whether it has a student: a file among the folders has none."""
        return bool(self.student)

    @property
    def points(self) -> int | None:
        """Return the points earned, None where there is no result."""
        return None if self.trouble else sum(each.verdict.points for each in self.exercises)

    @property
    def maximum(self) -> int:
        """Return the most points that the judged exercises give."""
        return sum(each.verdict.maximum for each in self.exercises)


@dataclass(frozen=True)
class Run:
    """Say how a result was found; no part of the result.

    level: the level of containment. seconds: the time of each stage, by its name.
    """

    level: str
    seconds: Mapping[str, float] = field(default_factory=dict)


def result_to_json(result: Result) -> Json:
    """Return a result as JSON."""
    return {
        "student": result.student,
        "lesson": result.lesson,
        "digest": result.digest,
        "points": result.points,
        "maximum": result.maximum,
        "exercises": [
            {**verdict_to_json(each.verdict), "flag": each.flag} for each in result.exercises
        ],
        "remarks": list(result.remarks),
        "trouble": result.trouble,
    }


def result_from_json(written: Json) -> Result:
    """Return the result that `result_to_json` wrote."""
    return Result(
        student=written["student"],
        lesson=written["lesson"],
        digest=written["digest"],
        exercises=tuple(
            ExerciseResult(verdict_from_json(each), each["flag"]) for each in written["exercises"]
        ),
        remarks=tuple(written["remarks"]),
        trouble=written["trouble"],
    )


def canonical(value: Json) -> str:
    """Return JSON as one line of text, its keys in their own order: that of a request is kept."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
