"""Read JSON as strictly as the API does.

Python's reader takes more than JSON: NaN, halves of surrogate pairs, numbers past the range of a
double. The API refuses them, and what is let in here would break whoever writes it out again.
"""

from __future__ import annotations

import json
import math
import re

from grader.simulator.faults import invalid
from grader.simulator.wire import Json, JsonValue

MAX_DEPTH = 200
"""How deep arrays and objects may nest: a bound of ours, so that one body has one answer.

Without it the answer depends on how much of Python's stack the caller has used up.
"""

_TOO_DEEP = f"more than {MAX_DEPTH} levels of arrays and objects"
# Pairs, then single halves, then any other escape: so that an escaped backslash is not half read.
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[dD](?P<half>[89a-fA-F])[0-9a-fA-F]{2}|\\."
)


def _constant(name: str) -> Json:
    raise ValueError(f"unexpected character in {name}")


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("number is infinity when parsed as double")
    return number


# json.loads would make one for every body.
_DECODER = json.JSONDecoder(parse_constant=_constant, parse_float=_float)


def read_body(body: bytes) -> Json:
    """Return the JSON value of a request body, or refuse it with a 400."""
    try:
        return read_json(body.decode("utf-8"))
    except ValueError as error:
        raise invalid(f"The request body is not valid JSON: {error}") from None


def read_json(text: str) -> Json:
    """Return the JSON value of a text.

    Raises ValueError, in the API's words where they are known, when it is not JSON.
    """
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        # github.com/promptfoo/promptfoo/issues/4489
        what = "unexpected character" if error.msg.startswith("Expecting") else error.msg
        place = f"line {error.lineno} column {error.colno} (char {error.pos})"
        raise ValueError(f"{what}: {place}") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _refuse_halves(text)
    # Brackets in strings count too, but only make the walk that then finds nothing.
    if isinstance(value, dict | list) and text.count("[") + text.count("{") > MAX_DEPTH:
        _refuse_depth(value)
    return value


def _refuse_halves(text: str) -> None:
    """Refuse half a surrogate pair (github.com/anthropics/claude-code/issues/2108 and 9586)."""
    if "\\ud" not in text and "\\uD" not in text:
        return
    for match in _ESCAPE.finditer(text):
        half = match["half"]
        if half is not None:
            what = "no low" if half in "89abAB" else "invalid high"
            place = f"line 1 column {match.end() + 1} (char {match.end()})"
            raise ValueError(f"{what} surrogate in string: {place}")


def _refuse_depth(value: dict[str, JsonValue] | list[JsonValue]) -> None:
    layer = [value]
    for _ in range(MAX_DEPTH):
        layer = [
            child
            for parent in layer
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not layer:
            return
    raise ValueError(_TOO_DEEP)
