"""How a request can fail, as a dimension: what the API answers, or that nothing answers at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.exams import Called, Exam, Scene
from grader.plural import counted
from grader.simulator import (
    Fault,
    connection_cut,
    credit_too_low,
    overloaded,
    rate_limited,
    server_error,
    spend_limit_reached,
    timed_out,
)

FAILURES: Mapping[str, Callable[[], Fault]] = {
    "rate_limit_error": spend_limit_reached,
    "rate_limit_error of one minute": rate_limited,
    "overloaded_error": overloaded,
    "api_error": server_error,
    "no connection": connection_cut,
    "no reply in time": timed_out,
    "invalid_request_error": credit_too_low,
    "not_found_error": lambda: Fault(404, "model: {model}"),
    "authentication_error": lambda: Fault(401, "invalid x-api-key"),
    "permission_error": lambda: Fault(403, "Your account has no access to this feature."),
    "request_too_large": lambda: Fault(413, "Request exceeds the maximum size"),
}
"""By the words that a panel has for it: every class of exception that the SDK has for them.

Two neighbours are of one class of exceptions, or both mean that asking again is no use: where a
second dimension has two values, such as the request that fails, each class meets both.
"""
SDK_RETRIES = 2
"""How often the SDK retries a request unless told otherwise (anthropic 2.12, `_constants.py`)."""
_TRIES = SDK_RETRIES + 2
"""More requests than a client sends that tries again by itself."""
_RETRY_COUNT = "x-stainless-retry-count"


def failing_scene(exam: Exam, failure: str) -> Scene:
    """Return a scene in which every request fails; failure: one of `FAILURES`."""
    return exam.scene(*faults_of(failure))


def faults_of(failure: str) -> list[Fault]:
    """Return enough of one of `FAILURES` for code that tries again."""
    return [FAILURES[failure]() for _ in range(_TRIES)]


def judge_failure(
    exam: Exam,
    criterion: str,
    called: Called,
    scene: Scene | None = None,
    *,
    expected: int = 1,
    failure: str = "an error",
) -> bool:
    """Judge a call whose last request failed, and return whether the SDK's exception came out.

    The exercise has the mistakes "error-hidden" and "error-wrapped"; the call may raise anything.
    scene: where the code may not ask again after the failure, which is then "error-retried".
    expected: how many requests there should be; what the SDK tries again by itself doesn't count.
    failure: as a panel says it.
    """
    more = 0 if scene is None else _sent(scene) - expected
    is_passed = "APIError" in called.raised_kinds
    slip = exam.slip(
        {
            "error-hidden": (called.raised is None, called.value),
            "error-wrapped": not is_passed,
            "error-retried": (more > 0, f"{counted(more, 'more request')} after {failure}"),
        },
        otherwise="error-wrapped",
        observed=called.raised,
    )
    return exam.expect(criterion, is_passed and more <= 0, slip)


def _sent(scene: Scene) -> int:
    """Return how many requests the code sent, without those that the SDK tried again by itself.

    More tries than the SDK makes unless told otherwise are the code's own, by `with_options`.
    """
    sent = scene.asked or scene.exchanges
    tries = [int(each.request.headers.get(_RETRY_COUNT, "0")) for each in sent]
    is_own = max(tries, default=0) > max(SDK_RETRIES, scene.client.retries)
    return len(sent) if is_own else tries.count(0)
