"""Errors as OpenAI's API has them: a message, its type, the parameter meant and a code.

The wordings are recorded traffic, or what users of the API quote of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.simulator.faults import Fault, Refused
from grader.simulator.wire import Json, JsonValue

_NAMES = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    list: "an array",
    dict: "an object",
    type(None): "null",
}
_KINDS = {
    "authentication_error": ("invalid_request_error", "invalid_api_key"),
    "rate_limit_error": ("tokens", "rate_limit_exceeded"),
    "overloaded_error": ("server_error", "server_error"),
    "api_error": ("server_error", "server_error"),
    "timeout_error": ("server_error", "server_error"),
}


@dataclass(frozen=True)
class OpenAIFault(Fault):
    """Describe an error of OpenAI's API; param: what it is about. code: its stable name."""

    param: str | None = None
    code: str | None = None

    def envelope(self, request_id: str) -> dict[str, JsonValue]:  # noqa: ARG002
        """Return the body of the error reply; the request's id stands in a header alone."""
        return {"error": _error(self.message, "invalid_request_error", self.param, self.code)}


def refuse(
    message: str, param: str | None, code: str | None = None, *, status: int = 400
) -> Refused:
    """Return the exception for an error with this wording."""
    return Refused(OpenAIFault(status, message, param=param, code=code))


def write_error(body: Json) -> Json:
    """Return the body of an error in OpenAI's form; body: in that form already, or the API's."""
    error = body["error"]
    if "code" in error:
        return body
    kind, code = _KINDS.get(error["type"], ("invalid_request_error", None))
    return {"error": _error(error["message"], kind, None, code)}


def typed(value: JsonValue, param: str, *kinds: type) -> Json:
    """Return a value of one of these types, or refuse it; a whole number is a decimal too."""
    # By type(): a bool is an int to isinstance().
    if type(value) in kinds or (type(value) is int and float in kinds):
        return value
    *others, last = [_NAMES[kind] for kind in kinds if kind is not type(None)]
    expected = f"one of {', '.join(others)} or {last}" if others else last
    raise refuse(
        f"Invalid type for '{param}': expected {expected}, but got {_NAMES[type(value)]} instead.",
        param,
        "invalid_type",
    )


def chosen(value: JsonValue, param: str, options: tuple[str, ...]) -> str:
    """Return a value that is one of the options, or refuse it."""
    word: str = typed(value, param, str)
    if word not in options:
        *others, last = [f"'{option}'" for option in options]
        raise refuse(
            f"Invalid value: '{word}'. Supported values are: {', '.join(others)}, and {last}.",
            param,
            "invalid_value",
        )
    return word


def missing(param: str) -> Refused:
    """Return the exception for a parameter that is not there."""
    return refuse(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def within(value: JsonValue, param: str, least: float, most: float) -> None:
    """Refuse a decimal outside of its bounds."""
    number = typed(value, param, float)
    for side, bound, sign in (("below minimum", least, ">="), ("above maximum", most, "<=")):
        if (number < least) if sign == ">=" else (number > most):
            code = "decimal_below_min_value" if sign == ">=" else "decimal_above_max_value"
            raise refuse(
                f"Invalid '{param}': decimal {side} value. Expected a value {sign} {bound:g}, but "
                f"got {number} instead.",
                param,
                code,
            )


def _error(message: str, kind: str, param: str | None, code: str | None) -> dict[str, JsonValue]:
    return {"message": message, "type": kind, "param": param, "code": code}
