"""How an exam talks to the learner's side: commands go out, questions come back, a report ends it.

Everything is plain JSON, so that the same exam runs against code in this process or behind a
socket. A command says what to call, with described arguments: a name that the learner defined, or
a method `on` an object that an earlier call said to `keep`, which the exam knows by number only.
A value that has all of the attributes that a call `reads` is reported as a record of them.
While the code runs, the candidate asks: what does the API answer to this request, what is the
stream's next event, what does this function of the exam return. The report gives the result.

    command   {"do": "call", "name": "first_call", "on": null, "keep": false, "arguments": […],
               "keywords": {…}, "awaits": false, "reads": []}
              {"do": "read", "name": "messages", "on": 1}
    question  {"ask": "request", "client": 1, "method": "POST", "path": …, "headers": …, "body": …}
              {"ask": "reply", "client": 1, "pending": 4}
              {"ask": "event", "stream": 3} · {"ask": "close", "stream": 3}
              {"ask": "invoke", "callable": 2, "arguments": […], "keywords": {…}}
    report    {"outcome": "returned", "value": …, "arguments": […], "printed": "…"}
              {"outcome": "raised", "type": "TypeError", "kinds": ["TypeError", "Exception", …],
               "message": …, "traceback": …, "raised_in": …, "is_own": false, "arguments": […],
               "printed": "…"}
              {"outcome": "stuck", "where": "Semaphore.acquire in one"}
              {"outcome": "missing"} · {"outcome": "not callable", "type": "int"}
              {"outcome": "not awaitable", "type": "list"}

A request of an asynchronous client first gets the answer {"pending": 4}: the client asks again
when no other task can go on, so that the exam sees how many requests are in flight.
The answer {"over": true} ends the learner's code at once: the exam has heard enough. A candidate
can send anything, so an exam checks the shape of a message before it reads it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Protocol

Json = Any
Ask = Callable[[Json], Json]
_Shapes = Mapping[str, Mapping[str, type]]

MAX_PRINTED = 20_000
"""How many characters of printed text we keep, from its beginning."""
MAX_TRACEBACK = 8_000
"""How many characters we keep of a traceback, from its end, and of a message."""
MAX_NAME = 1_000
"""How many characters the name of a class or of a place may have."""
MAX_KINDS = 100
"""How many base classes of an exception we keep."""

_QUESTIONS: _Shapes = {
    "request": {"client": int, "method": str, "path": str, "headers": dict, "body": str},
    "reply": {"client": int, "pending": int},
    "event": {"stream": int},
    "close": {"stream": int},
    "invoke": {"callable": int, "arguments": list, "keywords": dict},
}
_REPORTS: _Shapes = {
    "returned": {"arguments": list, "printed": str},
    "raised": {
        "type": str,
        "kinds": list,
        "message": str,
        "traceback": str,
        "raised_in": str,
        "is_own": bool,
        "arguments": list,
        "printed": str,
    },
    "missing": {},
    "stuck": {"where": str},
    "not callable": {"type": str},
    "not awaitable": {"type": str},
}


class Over(BaseException):
    """End the learner's code; no `except Exception`, as in a retry loop, catches it."""


class CandidateLost(Exception):
    """Signal that a candidate sends no more reports.

    cause: "deadline" when its time is up, "died" when it is gone, "garbled" when it sends something
    that isn't a line of JSON or never ends.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Candidate(Protocol):
    """Run a command against a learner's code, and ask questions while it runs."""

    def run(self, command: Json, ask: Ask) -> Json:
        """Return the report of one command.

        Raises CandidateLost if none comes; only a candidate in another process does that.
        """
        ...


def is_question(value: object) -> bool:
    """Return whether a value has the shape of a question."""
    return _has_shape(value, "ask", _QUESTIONS) and (
        value["ask"] != "request" or _is_http(value["headers"], value["body"])  # type: ignore[index]
    )


def is_report(value: object) -> bool:
    """Return whether a value has the shape of a report."""
    return _has_shape(value, "outcome", _REPORTS) and (
        value["outcome"] != "raised" or all(type(kind) is str for kind in value["kinds"])  # type: ignore[index]
    )


def cut_report(report: Json) -> Json:
    """Return a report with its texts cut to the lengths that a `Runner` gives them.

    Even if somebody forged the report, a check and a panel then only go through short texts.
    """
    cut = dict(report)
    for key, most in (("message", MAX_TRACEBACK), ("printed", MAX_PRINTED)):
        if key in _REPORTS[report["outcome"]]:
            cut[key] = report[key][:most]
    for key in {"type", "where", "raised_in"} & _REPORTS[report["outcome"]].keys():
        cut[key] = report[key][:MAX_NAME]
    if report["outcome"] == "raised":
        cut["traceback"] = report["traceback"][-MAX_TRACEBACK:]
        cut["kinds"] = [kind[:MAX_NAME] for kind in report["kinds"][:MAX_KINDS]]
    return cut


def _is_http(headers: dict[str, Json], body: str) -> bool:
    try:
        base64.b64decode(body, validate=True)
    except ValueError:
        return False
    return all(isinstance(value, str) for value in headers.values())


def _has_shape(value: object, kind: str, shapes: _Shapes) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get(kind), str):
        return False
    shape = shapes.get(value[kind])
    return shape is not None and all(type(value.get(key)) is shape[key] for key in shape)
