"""Errors as the API sends them: status, type, wording, headers.

The envelope and the wordings come from recorded traffic of the live API
(`tests/conformance` compares them where the recordings are at hand).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.simulator.wire import Json

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""The `error.type` that goes with each HTTP status."""

RETRIED = frozenset({408, 409, 429, 500, 504, 529})


@dataclass(frozen=True)
class Fault:
    """Describe an error reply.

    status: the HTTP status.
    message: the API's own wording.
    headers: extra headers, such as `retry-after` in seconds.
    """

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Return the `error.type` of the status."""
        return TYPES.get(self.status, "api_error")

    def envelope(self, request_id: str) -> Json:
        """Return the body of the error reply."""
        error = {"type": self.type, "message": self.message}
        if self.status == 413:
            # Made at the edge of the network: github.com/anthropics/claude-code/issues/14567.
            return {"error": error}
        return {"type": "error", "error": error, "request_id": request_id}


class Refused(Exception):
    """Carry a fault from where it was found to where the reply is made."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.status} {fault.type}: {fault.message}")
        self.fault = fault


def invalid(message: str) -> Refused:
    """Return the exception for a 400 with this wording."""
    return Refused(Fault(400, message))
