"""What the gradebook says beside an exercise: the diagnosis, in plain words."""

from __future__ import annotations

from grader.exams import Verdict
from grader.grading.result import ExerciseResult
from grader.look.inert import one_line

_MOST = 2_000


def comment_on(result: ExerciseResult) -> str | None:
    """Return what a learner should read beside an exercise, None when all is right."""
    verdict = result.verdict
    parts = [f"{verdict.outcome}: {verdict.points} of {verdict.maximum} points."]
    parts += [result.flag] if result.flag else []
    parts += _finding(verdict)
    if len(parts) == 1 and verdict.points == verdict.maximum:
        return None
    text = one_line(" ".join(parts))
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"


def _finding(verdict: Verdict) -> list[str]:
    if verdict.finding is None:
        return []
    diagnosis = verdict.finding.diagnosis
    where = [f"Where: {diagnosis.where}."] if diagnosis.where else []
    return [
        diagnosis.title,
        verdict.finding.saw,
        diagnosis.why,
        f"Next: {diagnosis.next}",
        *where,
    ]
