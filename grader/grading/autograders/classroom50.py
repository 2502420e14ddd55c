"""A result as Classroom 50 reads it: `result.json`, whole numbers only.

Its form is foundation50/classroom50's schemas/result-v1.schema.json; what the runner sets in the
environment is in its wiki, "Advanced Autograding".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import floor
from typing import Any

from grader.errors import GradingError
from grader.grading.autograders.gradescope import said_on
from grader.grading.standing import Standing
from grader.look.inert import inert

Json = Any

SCHEMA = "classroom50/result/v1"
_NAMES = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "assignment_type": "ASSIGNMENT_TYPE",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
_DEFAULTS = {"assignment_type": "individual"}


@dataclass(frozen=True)
class Identity:
    """Hold whose result it is, in the words of the form."""

    classroom: str
    assignment: str
    assignment_type: str
    owner: str
    submission: str
    commit: str
    release: str
    review: str


def identity_in(environment: Mapping[str, str]) -> Identity:
    """Return what Classroom 50's runner says of a submission.

    Raises GradingError, naming the variables, if it does not say all of it.
    """
    told = {
        field: environment.get(name, "") or _DEFAULTS.get(field, "")
        for field, name in _NAMES.items()
    }
    missing = [_NAMES[field] for field, value in told.items() if not value]
    if missing:
        raise GradingError(
            f"Classroom 50's runner sets {', '.join(missing)}, and here that is empty. Run this in "
            "the autograder.py of an assignment, or set the variables for a trial."
        )
    if not told["submission"].startswith("submit/"):
        raise GradingError(
            f"SUBMISSION_TAG is {told['submission']!r}, and Classroom 50's begin with submit/. "
            "Run this in the autograder.py of an assignment."
        )
    return Identity(**told)


def classroom50_result(standing: Standing, identity: Identity, handed_in: datetime) -> Json:
    """Return the result of one submission, with a test for each criterion.

    handed_in: when it was committed, with a zone; the same each time it is graded. Points that are
    no whole number are rounded, halves up. A submission without a result is 0 of 0, which the form
    has for errors, and its one test says why.
    """
    tests = _tests(standing)
    maximum = sum(each["max-score"] for each in tests)
    score = min(floor((standing.points or 0) + 0.5), maximum)
    return {
        "schema": SCHEMA,
        "classroom": identity.classroom,
        "assignment": identity.assignment,
        "assignment_type": identity.assignment_type,
        "owner": identity.owner,
        "submission": identity.submission,
        "commit": identity.commit,
        "release": identity.release,
        "review": identity.review,
        "datetime": handed_in.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": score,
        "max-score": maximum,
        "tests": tests,
    }


def _tests(standing: Standing) -> list[Json]:
    if standing.points is None:
        why = standing.trouble or standing.result.trouble
        return [_test("no result yet", is_passed=False, points=0, output=why)]
    return [
        _test(
            f"{each.exercise}: {judged.criterion.text}",
            is_passed=judged.is_met,
            points=judged.criterion.points,
            output=said_on(each.verdict, judged),
        )
        for each in standing.result.exercises
        for judged in each.verdict.judged
    ]


def _test(name: str, *, is_passed: bool, points: int, output: str) -> Json:
    return {
        "test-name": name,
        "passed": is_passed,
        "score": points if is_passed else 0,
        "max-score": points,
        "output": inert(output),
    }
