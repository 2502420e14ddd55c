"""Results without their evidence, for what shows a whole class at once.

Requests, tracebacks and printed text fill most of a result. A report shows one line of all that:
that of the learner's code in which an exception came up.
"""

from __future__ import annotations

import re
from dataclasses import replace

from grader.grading.result import CELL, ExerciseResult, Result

_OWN = re.compile(
    rf'^  File "{re.escape(CELL)}", line \d{{1,9}}, in [^\n]{{1,200}}\n {{4,200}}(\S[^\n]{{0,99}})',
    re.MULTILINE,
)
"""A frame in a cell, with the beginning of the line that Python quotes below it."""


class Lean:
    """Take the evidence out of results; what is equal in several of them is in memory once."""

    def __init__(self) -> None:
        self._known: dict[ExerciseResult, ExerciseResult] = {}

    def __call__(self, result: Result) -> Result:
        """Return a result without its evidence, but for the line that raised."""
        return replace(result, exercises=tuple(map(self._exercise, result.exercises)))

    def _exercise(self, one: ExerciseResult) -> ExerciseResult:
        line = raising_line(one.verdict.traceback)
        lean = replace(one, verdict=replace(one.verdict, requests=(), traceback=line, printed=""))
        return self._known.setdefault(lean, lean)


def raising_line(traceback: str) -> str:
    """Return the last line of a notebook's own code in a traceback, at most 100 characters of it.

    "" if the traceback names none.
    """
    lines = _OWN.findall(traceback)
    return lines[-1].strip() if lines else ""
