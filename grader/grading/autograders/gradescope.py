"""A result as Gradescope reads it: `results.json`, with a test for each criterion.

Its format is that of gradescope-autograders.readthedocs.io, "Autograder specifications".
"""

from __future__ import annotations

from typing import Any

from grader.exams.verdict import Judged, Verdict
from grader.grading.standing import Standing
from grader.look.inert import inert

Json = Any


def gradescope_results(standing: Standing) -> Json:
    """Return the results of one submission; one without a result has no tests, and says why."""
    if standing.points is None:
        said = f"There is no result yet. {standing.trouble or standing.result.trouble}"
        return {"score": 0, "output": inert(said), "output_format": "text", "tests": []}
    return {
        "score": standing.points,
        "output": inert(" ".join([f"{standing.shown_points} points.", *standing.remarks()])),
        "output_format": "text",
        "test_output_format": "text",
        "tests": [
            _test(f"{number}.{place}", each.verdict, judged)
            for number, each in enumerate(standing.result.exercises, 1)
            for place, judged in enumerate(each.verdict.judged, 1)
        ],
    }


def _test(number: str, verdict: Verdict, judged: Judged) -> Json:
    points = judged.criterion.points
    return {
        "number": number,
        "name": f"{verdict.exercise}: {judged.criterion.text}",
        "score": points if judged.is_met else 0,
        "max_score": points,
        "status": "passed" if judged.is_met else "failed",
        "output": inert(said_on(verdict, judged)),
        "visibility": "visible",
    }


def said_on(verdict: Verdict, judged: Judged) -> str:
    """Return what to tell a learner about a criterion: what was found, and the next step.

    A verdict has one finding, and the first criterion that is not met shows it.
    """
    if judged.is_met:
        return ""
    if not judged.is_reached:
        return "The check didn't get this far."
    first = next(each for each in verdict.judged if not each.is_met and each.is_reached)
    finding = verdict.finding
    if finding is None or judged is not first:
        return "Not met."
    parts = (finding.diagnosis.title, finding.saw, finding.diagnosis.why, finding.diagnosis.next)
    return "\n".join(each for each in parts if each)
