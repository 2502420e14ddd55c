"""Verify a certificate: run its code again in sealed kernels, and say what holds.

Each lesson is rebuilt from the course and examined twice: with the seeds that the certificate
names, which gives the data of the checks that were passed, and with new data, which nobody could
write an answer for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from grader.certificates import Certificate, LessonWork, Passed
from grader.exams.verdict import CORRECT
from grader.exercises import COURSE
from grader.grading.crew import Crew
from grader.grading.result import ExerciseResult, result_from_json
from grader.grading.sandbox import Level, Limits, probe, refuse_unsealed

Json = Any
_LESSONS = {lesson.name: lesson for lesson in COURSE}
_ALONE = "It passes with its own seed, and not with new data: "


@dataclass(frozen=True)
class Verification:
    """Hold whether an exercise of a certificate passes here; why_not: "" if it does."""

    lesson: str
    exercise: str
    points: int
    why_not: str = ""

    @property
    def holds(self) -> bool:
        """Return whether it passes."""
        return not self.why_not


def verify(
    certificate: Certificate,
    course: Path,
    *,
    jobs: int | None = None,
    level: Level | None = None,
    limits: Limits | None = None,
    allow_unsandboxed: bool = False,
    on_examined: Callable[[], object] = lambda: None,
) -> tuple[Verification, ...]:
    """Return what holds of a certificate, exercise by exercise, in its order.

    course: the repository. jobs: how many notebooks are examined at once, by default one for each
    core. level: how kernels are contained, by default the strongest that holds here. on_examined:
    called twice for each lesson. Raises GradingError when nothing can be examined at all.
    """
    contained = level or probe()
    refuse_unsealed(
        contained,
        allow_unsandboxed=allow_unsandboxed,
        what="a stranger's code",
        instead="Verify on Linux, or add --allow-unsandboxed for code of people you trust.",
    )
    known = [each for each in certificate.lessons if each.lesson in _LESSONS]
    asked = [_job(each, is_anew=is_anew) for each in known for is_anew in (False, True)]
    answers: dict[int, Json] = {}
    if asked:
        most = min(jobs or os.cpu_count() or 1, len(asked))
        with (
            TemporaryFile() as log,
            Crew(course, contained, limits or Limits(), jobs=most, log=log) as crew,
        ):
            for place, answer in crew.examine(asked):
                answers[place] = answer
                on_examined()
    found = {
        work.lesson: (_examined(answers[2 * at]), _examined(answers[2 * at + 1]))
        for at, work in enumerate(known)
    }
    return tuple(
        Verification(
            work.lesson, each.name, each.points, _why_not(work, each, found.get(work.lesson))
        )
        for work in certificate.lessons
        for each in work.passed
    )


def examinations(certificate: Certificate) -> int:
    """Return how many notebooks `verify` will examine."""
    return 2 * sum(each.lesson in _LESSONS for each in certificate.lessons)


_Examined = dict[str, ExerciseResult] | str


def _job(work: LessonWork, *, is_anew: bool) -> Json:
    seeds = {each.name: int(each.seed, 16) for each in work.passed if each.seed}
    return {
        "student": "",
        "lesson": work.lesson,
        "digest": "",
        # Nobody can know the data of this exam beforehand.
        "seed": os.urandom(16).hex(),
        "seeds": {} if is_anew else seeds,
        "notebook": json.dumps({"cells": list(_cells(work))}),
    }


def _cells(work: LessonWork) -> Iterator[Json]:
    for cell in work.cells:
        yield {
            "cell_type": "code" if cell.is_code else "markdown",
            "id": cell.id,
            "metadata": {"nbgrader": {"grade_id": cell.mark}} if cell.mark else {},
            "source": cell.source,
        }


def _examined(answer: Json) -> _Examined:
    """Return the results of a notebook by exercise, or why there are none."""
    if "trouble" in answer:
        return str(answer["trouble"])
    return {each.exercise: each for each in result_from_json(answer["result"]).exercises}


def _why_not(work: LessonWork, passed: Passed, found: tuple[_Examined, _Examined] | None) -> str:
    """Return why an exercise does not hold, "" if it does."""
    if found is None:
        return f"{work.lesson} is no lesson of this course."
    known, anew = found
    if isinstance(known, str) or isinstance(anew, str):
        return known if isinstance(known, str) else str(anew)
    if passed.name not in known:
        return f"{passed.name} is no exercise of {work.lesson}."
    worth = known[passed.name].verdict.maximum
    if passed.points != worth:
        return f"It is said to be worth {passed.points} points, and is worth {worth}."
    lead = "It doesn't pass: " if not passed.seed else "It doesn't pass with its own seed: "
    for words, result in ((lead, known[passed.name]), (_ALONE, anew[passed.name])):
        if result.verdict.outcome != CORRECT:
            verdict = result.verdict
            told = f"{words}{verdict.outcome}, {verdict.points} of {worth} points."
            return f"{told} {result.flag}".strip()
    return ""
