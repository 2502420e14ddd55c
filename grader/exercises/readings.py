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


def first_change(before: Json, after: Json) -> str:
    """Return where two plain values first differ and what stands there; "" if nothing differs.

    It names the innermost place that has a key or a number, as in "[0].role: 'user' → 'tool'", and
    cuts what is long there.
    """
    place, old, new = _change(before, after)
    told = f"{_cut(old)} → {_cut(new)}"
    return f"{place.removeprefix('.')}: {told}".removeprefix(": ") if old != new else ""


def _change(before: Json, after: Json) -> tuple[str, str, str]:
    if is_same(before, after):
        return "", "", ""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [*before, *(key for key in after if key not in before)]
        for key in keys:
            if key not in before or key not in after:
                both = [repr(each[key]) if key in each else "nothing" for each in (before, after)]
                return f".{key}", both[0], both[1]
            if not is_same(before[key], after[key]):
                place, old, new = _change(before[key], after[key])
                return f".{key}{place}", old, new
    if isinstance(before, list) and isinstance(after, list):
        for number, (mine, theirs) in enumerate(zip(before, after, strict=False)):
            if not is_same(mine, theirs):
                place, old, new = _change(mine, theirs)
                return f"[{number}]{place}", old, new
        number = min(len(before), len(after))
        both = [repr(each[number]) if len(each) > number else "nothing" for each in (before, after)]
        return f"[{number}]", both[0], both[1]
    if isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > _MOST:
        # Of two long texts, only what differs is worth reading.
        pairs = enumerate(zip(before, after, strict=False))
        alike = next((place for place, (one, other) in pairs if one != other), _MOST)
        if alike > _MOST // 2:
            begin = alike - 10
            return "", f"…{before[begin:]!r}", f"…{after[begin:]!r}"
    return "", repr(before), repr(after)


def _cut(written: str) -> str:
    return written if len(written) <= _MOST else f"{written[: _MOST - 1]}…"


def from_json(words: str) -> Json:
    """Return the value of a JSON text; of any other text, `...`, which is no JSON value."""
    with suppress(ValueError, RecursionError):
        return json.loads(words)
    return ...
