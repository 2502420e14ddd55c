"""Send a request to a simulated API, outside a scene: one that a learner's code built, not sent."""

from __future__ import annotations

import json
from typing import Any

from grader.exams.description import SdkObject
from grader.simulator import NEWEST_VERSION, Reply, Simulator

Json = Any

_HEADERS = {"x-api-key": "exam", "anthropic-version": NEWEST_VERSION}


def post(simulator: Simulator, request: Json) -> Reply:
    """Return the reply to a request for a message.

    Raises RecursionError, TypeError or ValueError if it cannot be written as JSON.
    """
    body = json.dumps(request, default=_plain, allow_nan=False).encode()
    return simulator.handle("POST", "/v1/messages", _HEADERS, body)


def objection_of(simulator: Simulator, request: Json) -> tuple[str, None] | tuple[None, Reply]:
    """Return the objection to a request, such as "400 invalid_request_error: …", or its reply.

    If it cannot be written as JSON, the objection is the exception that the SDK would raise.
    """
    try:
        reply = post(simulator, request)
    except (RecursionError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}", None
    if reply.status == 200:
        return None, reply
    fault = reply.body["error"]
    return f"{reply.status} {fault['type']}: {fault['message']}", None


def _plain(value: object) -> Json:
    if isinstance(value, SdkObject):
        return value.data
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
