"""How all checks compare and read plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from grader.exams import shown

Json = Any

_MOST = 70
"""How many characters of each of two values a sentence has room for."""
_BEFORE = 20
"""How many characters it shows before the first that differs."""


def is_same(value: object, expected: object) -> bool:
    """Return whether two plain values are equal, with the same types at every level.

    True is not 1 here, and 1.0 is not 1: a learner's `==` would let them pass.
    """
    if type(value) is not type(expected):
        return False
    if isinstance(value, dict) and isinstance(expected, dict):
        return value.keys() == expected.keys() and all(
            is_same(value[key], expected[key]) for key in expected
        )
    if isinstance(value, list | tuple) and isinstance(expected, list | tuple):
        return len(value) == len(expected) and all(
            is_same(mine, theirs) for mine, theirs in zip(value, expected, strict=True)
        )
    return value == expected


def compared(value: object, expected: object) -> str:
    """Return a value and the expected one as a sentence shows them: "'230' (not 230)".

    Of long texts it shows where they begin to differ.
    """
    if isinstance(value, str) and isinstance(expected, str):
        pairs = enumerate(zip(value, expected, strict=False))
        shorter = min(len(value), len(expected))
        first = next((place for place, (mine, own) in pairs if mine != own), shorter)
        start = max(0, first - _BEFORE)
        if start and max(len(value), len(expected)) > _MOST:
            value, expected = f"…{value[start:]}", f"…{expected[start:]}"
    return f"{_short(value)} (not {_short(expected)})"


def _short(value: object) -> str:
    text = shown(value)
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"


def differing(value: Json, expected: Mapping[str, Json], *, but: tuple[str, ...] = ()) -> list[str]:
    """Return the keys whose values aren't the expected ones, in a dict or in any other value.

    but: keys to ignore.
    """
    mine = value if isinstance(value, dict) else {}
    keys = [key for key in {**expected, **mine} if key not in but]
    return [str(key) for key in keys if not is_same(mine.get(key), expected.get(key))]


def from_json(words: str) -> Json:
    """Return the value of a JSON text; of any other text, `...`, which is no JSON value."""
    with suppress(ValueError, RecursionError):
        return json.loads(words)
    return ...
