"""Write a verdict as plain JSON, and read it back: how grading keeps it in its journal.

The evidence is cut to what a person reads, so that a class takes little disk space.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from grader.exams.evidence import MOST, MOST_WHEN_CORRECT, cut_evidence
from grader.exams.exercise import Criterion
from grader.exams.verdict import CORRECT, Finding, Judged, Verdict
from grader.exams.words import Diagnosis

Json = Any


def verdict_to_json(verdict: Verdict) -> Json:
    """Return a verdict as JSON, with everything that its panel shows."""
    is_right = verdict.outcome == CORRECT
    verdict = cut_evidence(verdict, most=MOST_WHEN_CORRECT if is_right else MOST)
    finding = verdict.finding
    return {
        "exercise": verdict.exercise,
        "outcome": verdict.outcome,
        "points": verdict.points,
        "maximum": verdict.maximum,
        "criteria": [
            {**asdict(each.criterion), "is_met": each.is_met, "is_reached": each.is_reached}
            for each in verdict.judged
        ],
        "finding": None
        if finding is None
        else {
            "diagnosis": asdict(finding.diagnosis),
            "saw": finding.saw,
            "hints": list(finding.hints),
        },
        "requests": list(verdict.requests),
        "shown_first": verdict.shown_first,
        "traceback": verdict.traceback,
        "printed": verdict.printed,
    }


def verdict_from_json(written: Json) -> Verdict:
    """Return the verdict that `verdict_to_json` wrote, its points computed from its criteria."""
    judged = []
    for each in written["criteria"]:
        criterion = Criterion(each["id"], each["text"], each["points"])
        judged.append(Judged(criterion, each["is_met"], each["is_reached"]))
    finding = written["finding"]
    return Verdict(
        exercise=written["exercise"],
        outcome=written["outcome"],
        judged=tuple(judged),
        finding=None if finding is None else _finding(finding),
        requests=tuple(written["requests"]),
        traceback=written["traceback"],
        printed=written["printed"],
        shown_first=written["shown_first"],
    )


def _finding(written: Json) -> Finding:
    fields = dict(written["diagnosis"])
    hints: Any = tuple(written["hints"])
    return Finding(Diagnosis(**{**fields, "hints": tuple(fields["hints"])}), written["saw"], hints)
