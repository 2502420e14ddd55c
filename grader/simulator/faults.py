"""Errors as the API sends them: status, type, wording, headers.

    Script(overloaded(), rate_limited(retry_after=2), text("Hello"))

The envelope and the wordings come from recorded traffic of the live API
(`tests/conformance` compares them where the recordings are at hand).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.simulator.headers import ORGANIZATION, Limited
from grader.simulator.wire import Cut, JsonValue

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
"""The statuses that say `x-should-retry: true`, as the SDK retries them (anthropic 2.12,
`_base_client.py`). The one recorded 500 says false."""

# Recorded in June 2026; {per_minute} and {model} are known when a request is refused.
_RATE_LIMITED = (
    "This request would exceed your organization's rate limit of {per_minute} {limit} per minute "
    f"(org: {ORGANIZATION}, model: {{model}}). For details, refer to: "
    "https://docs.claude.com/en/api/rate-limits. You can see the response headers for current "
    "usage. Reduce the prompt length or the maximum tokens requested, or try again later. View "
    "your current limits at https://console.anthropic.com/settings/limits. To raise this limit, "
    "purchase credits to advance to the next usage tier at "
    "https://console.anthropic.com/settings/billing."
)
_CREDIT_TOO_LOW = (
    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to "
    "upgrade or purchase credits."
)


@dataclass(frozen=True)
class Fault:
    """Describe an error reply, or a reply that never comes.

    status: the HTTP status; 0 where no reply comes.
    message: the API's own wording; {model} and {per_minute} are filled in for the request.
    headers: extra headers, such as `retry-after` in seconds.
    error_code: the stable code in `error.details`, which few errors have.
    limit: which rate limit was reached, for a 429.
    cut: how the connection is lost instead of a reply; see `Reply.cut`.
    """

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    error_code: str | None = None
    limit: Limited | None = None
    cut: Cut | None = None

    @property
    def type(self) -> str:
        """Return the `error.type` of the status."""
        return TYPES.get(self.status, "api_error")

    def about(self, *, model: str, per_minute: int) -> Fault:
        """Return the fault with its message about one request; per_minute: the limit reached."""
        named = self.message.replace("{model}", model)
        return replace(self, message=named.replace("{per_minute}", f"{per_minute:,}"))

    def envelope(self, request_id: str) -> dict[str, JsonValue]:
        """Return the body of the error reply."""
        error: dict[str, JsonValue] = {"type": self.type, "message": self.message}
        if self.status == 413:
            # Made at the edge of the network: github.com/anthropics/claude-code/issues/14567.
            return {"error": error}
        if self.error_code is not None:
            error["details"] = {"error_code": self.error_code}
        return {"type": "error", "error": error, "request_id": request_id}

    def event(self, request_id: str) -> dict[str, JsonValue]:
        """Return the data of the error event that ends a stream.

        Recorded with `details` first, and null; with the request id since the end of 2025, as in
        github.com/anthropics/claude-code/issues/69703.
        """
        details: JsonValue = None if self.error_code is None else {"error_code": self.error_code}
        error: JsonValue = {"details": details, "type": self.type, "message": self.message}
        return {"type": "error", "error": error, "request_id": request_id}


def overloaded() -> Fault:
    """Return the 529 of an API that has no capacity left for anyone."""
    return Fault(529, "Overloaded")


def server_error() -> Fault:
    """Return the 500 of a fault on the API's side."""
    return Fault(500, "Internal server error")


def rate_limited(*, retry_after: int | None = None, limit: Limited = "input-tokens") -> Fault:
    """Return the 429 of an organisation that asked for too much in a minute.

    retry_after: seconds until another attempt makes sense; no header when None.
    """
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    message = _RATE_LIMITED.replace("{limit}", limit.replace("-", " "))
    return Fault(429, message, headers, limit=limit)


def spend_limit_reached() -> Fault:
    """Return the 429 of an organisation that has spent what its tier allows in a month.

    It has no `retry-after`. The code is anthropic 2.12's (`_error_classes.py`); the wording and
    `x-should-retry: false` are guesses.
    """
    return Fault(
        429,
        "You have reached your monthly API usage limit.",
        {"x-should-retry": "false"},
        error_code="enforced_spend_limit_reached",
    )


def compaction_unavailable() -> Fault:
    """Return the 529 of a summary that could not be made, or read, just now.

    The code is anthropic 2.12's (`types/compaction_unavailable_error_details.py`); the wording is a
    guess.
    """
    return Fault(529, "Compaction is unavailable", error_code="compaction_unavailable")


def credit_too_low() -> Fault:
    """Return the 400 of an organisation that has no credit left."""
    return Fault(400, _CREDIT_TOO_LOW)


def connection_cut() -> Fault:
    """Return the loss of the connection: no reply, or no more of it."""
    return Fault(0, "The connection was cut.", cut="connection")


def timed_out() -> Fault:
    """Return a reply, or the rest of one, that the client gives up waiting for."""
    return Fault(0, "The client waited too long.", cut="timeout")


class Refused(Exception):
    """Carry a fault from where it was found to where the reply is made."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.status} {fault.type}: {fault.message}")
        self.fault = fault


def invalid(message: str, *, error_code: str | None = None) -> Refused:
    """Return the exception for a 400 with this wording, and the code of the few that have one."""
    return Refused(Fault(400, message, error_code=error_code))
