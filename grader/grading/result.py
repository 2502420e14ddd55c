"""What grading finds in one submission: plain values, the same bytes every time.

When it was graded, how long that took and at which level of containment is not part of it: the
journal keeps that beside the result, as a `Run`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.exams import Verdict, verdict_from_json, verdict_to_json

Json = Any

CELL = "<cell>"
"""What a traceback calls the file of a cell, whose own name differs from process to process."""


@dataclass(frozen=True)
class ExerciseResult:
    """Hold the verdict on one exercise.

    flag: why grading itself cut the exam short, such as a deadline, or "".
    """

    verdict: Verdict
    flag: str = ""

    @property
    def exercise(self) -> str:
        """Return the exercise's name."""
        return self.verdict.exercise


@dataclass(frozen=True)
class Result:
    """Hold the result of one submission.

    digest: the SHA-256 of the file that was handed in, in hex; "" if none could be read.
    exercises: in the order of the lesson; empty when there is no result.
    remarks: sentences on what is wrong but was graded anyway.
    trouble: one sentence that says why there is no result and how to fix it; "" if there is one.
    """

    student: str
    lesson: str
    digest: str = ""
    exercises: tuple[ExerciseResult, ...] = ()
    remarks: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def is_of_a_student(self) -> bool:
        """Return whether it has a student: a file among the folders has none."""
        return bool(self.student)

    @property
    def points(self) -> int | None:
        """Return the points earned, or None if there is no result."""
        return None if self.trouble else sum(each.verdict.points for each in self.exercises)

    @property
    def maximum(self) -> int:
        """Return the most points that the judged exercises give."""
        return sum(each.verdict.maximum for each in self.exercises)


@dataclass(frozen=True)
class Run:
    """Say how a result was found; not part of the result.

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
    """Return JSON as one line of text, its keys in their given order, as a request needs."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
