"""Results without their evidence, for what shows a whole class at once.

Requests, tracebacks and printed text fill most of a result, and no table or report shows them.
"""

from __future__ import annotations

from dataclasses import replace

from grader.grading.result import ExerciseResult, Result


class Lean:
    """Take the evidence out of results; what is equal in several of them is in memory once."""

    def __init__(self) -> None:
        self._known: dict[ExerciseResult, ExerciseResult] = {}

    def __call__(self, result: Result) -> Result:
        """Return a result without its evidence."""
        return replace(result, exercises=tuple(map(self._exercise, result.exercises)))

    def _exercise(self, one: ExerciseResult) -> ExerciseResult:
        lean = replace(one, verdict=replace(one.verdict, requests=(), traceback="", printed=""))
        return self._known.setdefault(lean, lean)
