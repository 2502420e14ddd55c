"""How a request can fail, as a dimension: what the API answers, or that nothing answers at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.exams import Called, Exam, Scene
from grader.simulator import Fault, connection_cut, overloaded, server_error, spend_limit_reached

FAILURES: Mapping[str, Callable[[], Fault]] = {
    "rate_limit_error": spend_limit_reached,
    "overloaded_error": overloaded,
    "api_error": server_error,
    "no connection": connection_cut,
}
"""By the words that a panel has for it."""
_TRIES = 4
"""More requests than a client sends that tries again by itself."""


def failing_scene(exam: Exam, failure: str) -> Scene:
    """Return a scene in which every request fails; failure: one of `FAILURES`."""
    return exam.scene(*(FAILURES[failure]() for _ in range(_TRIES)))


def judge_failure(exam: Exam, criterion: str, called: Called) -> bool:
    """Judge a call whose requests all failed, and return whether the SDK's exception came out.

    The exercise has the mistakes "error-hidden" and "error-wrapped"; the call may raise anything.
    """
    wrong = exam.which({"error-hidden": called.raised is None}, otherwise="error-wrapped")
    observed = called.value if called.raised is None else called.raised
    return exam.expect(criterion, "APIError" in called.raised_kinds, wrong, observed)
