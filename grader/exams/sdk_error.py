"""The SDK's own exceptions, for code that takes one: the exam describes them, the SDK raises them.

    exam.call(sdk_error(overloaded(), seed=1))

The exam describes a call and the API's answer; in the learner's process the SDK makes that call and
raises the exception. So its class, status, headers and body come from the installed SDK, and we
imitate nothing. A mistake in the code around a call raises one of Python's own exceptions:

    exam.call(python_error("KeyError", "model"))
"""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterator
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.errors import ExamError
from grader.exams.counting import exam_simulator
from grader.exams.description import SdkError
from grader.simulator import (
    NEWEST_VERSION,
    Interrupted,
    Json,
    Script,
    Scripted,
    lost_connection,
    text,
)

_PATH = "/v1/messages"
_CALL = {
    "model": DEFAULT_MODEL,
    "max_tokens": 300,
    "messages": [{"role": "user", "content": "Hello"}],
}


def sdk_error(reply: Scripted | None = None, *, seed: int = 0, **parameters: Json) -> SdkError:
    """Return the description of what the SDK raises for a call.

    reply: the API's answer, such as `overloaded()`. For an interrupted turn the call asks for a
        stream, which raises in the middle. None if the SDK raises before it sends.
    seed: draws the request id.
    parameters: of `messages.create`, replacing those of a small call; None leaves one out.
    """
    streamed = {"stream": True} if isinstance(reply, Interrupted) else {}
    given = {**_CALL, **streamed, **parameters}
    given = {name: value for name, value in given.items() if value is not None}
    simulator = exam_simulator(Script(reply or text("Fine.")), seed=seed)
    headers = {"x-api-key": "exam", "anthropic-version": NEWEST_VERSION}
    # We ask with a call that the API accepts: the scripted reply comes in any case.
    body = json.dumps({**_CALL, **streamed}).encode()
    answer = simulator.handle("POST", _PATH, headers, body)
    if answer.events is not None:
        written = b"".join(event.encode() for event in answer.events).decode()
    else:
        written = "" if answer.cut else answer.content().decode()
    return SdkError(given, answer.status, dict(answer.headers), written, answer.cut)


def python_error(kind: str, message: str) -> SdkError:
    """Return the description of what Python raises for a mistake around a call.

    kind: the name of a built-in exception, such as "KeyError".
    """
    return SdkError({}, 0, {}, message, python=kind)


def page_error(page: str) -> SdkError:
    """Return the description of what a client that validates raises for a page with the status 200.

    It's an `APIResponseValidationError`, the only API error that has neither an error's status nor
    a lost connection. page: the HTML that a proxy sends in place of a Message.
    """
    return SdkError(_CALL, 200, {"content-type": "text/html"}, page, is_strict=True)


def raised_by_sdk(error: SdkError) -> Exception:
    """Return the exception that the SDK raises for a described call, or Python around it.

    Raises ExamError if the SDK raises nothing, or if Python has no exception of that name.
    """
    if error.python:
        return _raised_by_python(error)
    import anthropic
    import httpx2

    class Events(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield error.body.encode()
            if error.cut:
                raise lost_connection(error.cut, begun=True)  # type: ignore[arg-type]

    def answer(_request: httpx2.Request) -> httpx2.Response:
        if error.cut and not error.body:
            raise lost_connection(error.cut, begun=False)  # type: ignore[arg-type]
        return httpx2.Response(error.status, headers=error.headers, stream=Events())

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    parameters: Any = error.parameters
    with anthropic.Anthropic(
        api_key="exam",
        max_retries=0,
        http_client=http,
        _strict_response_validation=error.is_strict,
    ) as client:
        try:
            for _ in client.messages.create(**parameters):
                pass
        except Exception as raised:  # noqa: BLE001 - which one is the SDK's own business
            # Nobody wants to read this module's frames.
            return raised.with_traceback(None)
    raise ExamError(f"The SDK raises nothing for a reply with the status {error.status}.")


def _raised_by_python(error: SdkError) -> Exception:
    kind: object = getattr(builtins, error.python, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        return kind(error.body)
    raise ExamError(f"Python has no exception named {error.python!r}.")
