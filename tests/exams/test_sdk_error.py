"""Errors that an exam hands over are the SDK's own exceptions."""

from typing import Any

import anthropic
import pytest

from grader.exams import Exam, SdkError, examine, page_error, python_error, sdk_error
from grader.exams.sdk_error import raised_by_sdk
from grader.simulator import (
    Fault,
    Scripted,
    connection_cut,
    interrupted,
    overloaded,
    rate_limited,
    spend_limit_reached,
    text,
    timed_out,
)
from tests.exams.json_candidate import JsonCandidate
from tests.exams.small_exercise import judged, made

BROKEN = interrupted(text("Hello there, and good morning."), after=2, fault=overloaded())


def given(error: SdkError) -> Exception:
    """Return what learner's code is given, here and through JSON text."""
    got: list[Exception] = []

    def check(exam: Exam) -> None:
        exam.call(error)

    judged(check, answer=got.append)
    examine(made(check), JsonCandidate({"answer": got.append}), seed=1)
    here, there = got
    assert (type(here), str(here)) == (type(there), str(there))
    return here


@pytest.mark.parametrize(
    ("reply", "kind", "status", "type_"),
    [
        (Fault(400, "no"), anthropic.BadRequestError, 400, "invalid_request_error"),
        (Fault(413, "no"), anthropic.ContentTooLargeError, 413, "request_too_large"),
        (rate_limited(), anthropic.RateLimitError, 429, "rate_limit_error"),
        (spend_limit_reached(), anthropic.RateLimitError, 429, "rate_limit_error"),
        (overloaded(), anthropic.OverloadedError, 529, "overloaded_error"),
        (BROKEN, anthropic.APIStatusError, 200, "overloaded_error"),
    ],
)
def test_a_fault_is_the_exception_that_the_sdk_raises(
    reply: Scripted, kind: type[Exception], status: int, type_: str
) -> None:
    """With its class, status and type."""
    error: Any = given(sdk_error(reply, seed=3))
    assert isinstance(error, kind)
    assert (error.status_code, error.type) == (status, type_)


def test_headers_and_request_id_come_along() -> None:
    """The id is drawn by the seed."""
    errors: list[Any] = [given(sdk_error(rate_limited(retry_after=9), seed=n)) for n in (1, 1, 2)]
    assert [error.response.headers["retry-after"] for error in errors] == ["9"] * 3
    ids = [error.request_id for error in errors]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (connection_cut(), anthropic.APIConnectionError),
        (timed_out(), anthropic.APITimeoutError),
    ],
)
def test_a_lost_connection_has_no_status(reply: Scripted, kind: type[Exception]) -> None:
    """For no reply came."""
    error = given(sdk_error(reply))
    assert type(error) is kind
    assert not hasattr(error, "status_code")


def test_a_stream_that_is_cut_raises_what_the_network_raises() -> None:
    """The SDK lets it pass (anthropic 2.12)."""
    cut = interrupted(text("Hello there, and good morning."), after=1, fault=connection_cut())
    assert type(given(sdk_error(cut))).__name__ == "RemoteProtocolError"


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [({"max_tokens": 40_000}, ValueError), ({"max_tokens": None}, TypeError)],
)
def test_what_the_sdk_refuses_itself_is_never_sent(
    parameters: dict[str, Any], kind: type[Exception]
) -> None:
    """The exception is Python's."""
    assert type(given(sdk_error(**parameters))) is kind


def test_an_error_around_a_call_is_pythons_own() -> None:
    """It isn't the SDK's, and has its text."""
    error = given(python_error("KeyError", "model"))
    assert (type(error), error.args) == (KeyError, ("model",))


def test_python_has_to_have_the_exception() -> None:
    """A name that is no exception's is a mistake of the check."""
    from grader.errors import ExamError

    with pytest.raises(ExamError, match="no exception named 'print'"):
        raised_by_sdk(python_error("print", ""))


def test_a_strict_client_refuses_a_page_with_the_status_200() -> None:
    """The exception is an API error without a status that says so."""
    assert type(given(page_error("<p>Sign in"))) is anthropic.APIResponseValidationError


def test_a_learner_reads_no_frames_of_the_exam() -> None:
    """What is raised again begins where it is raised."""

    def answer(error: Exception) -> None:
        raise error

    verdict = judged(lambda exam: exam.call(sdk_error(overloaded())), answer=answer)
    assert "in raised_by_sdk" not in verdict.traceback
    assert "OverloadedError" in verdict.traceback


def test_a_call_that_raises_nothing_is_a_mistake_of_the_check() -> None:
    """It says so."""
    from grader.errors import ExamError

    with pytest.raises(ExamError, match="raises nothing for a reply with the status 200"):
        raised_by_sdk(sdk_error(text("Fine.")))
