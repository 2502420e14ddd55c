"""What tools return in a check: every kind of value that JSON can write, the usual ones first."""

from __future__ import annotations

import json
from typing import Any

from grader.exams import Exam

Json = Any

RETURNED = (
    "words",
    "a dict",
    "a list",
    "quotes and a new line",
    "no words",
    "a text that is JSON",
    "a text that says null",
    "other letters",
    "a long text",
    "a dict of dicts",
    "a dict of other letters",
    "a dict that speaks of an error",
    "a text that speaks of an error",
    "a list of dicts with a type",
    "a list that looks like blocks",
    "a tuple",
    True,
    False,
    None,
    "a number",
    0,
    0.5,
    "an empty list",
    "an empty dict",
)
"""The dimension: what stands here without quotes is returned as it is."""


def returned_value(exam: Exam, kind: Json) -> Json:
    """Return a new value of one kind of `RETURNED`."""
    if not isinstance(kind, str):
        return kind
    word, key = exam.words(1), exam.fresh("key")
    # Longer than what code cuts off by itself.
    long = f"{' '.join(exam.words(20) for _ in range(40))} " * 3 if kind == "a long text" else ""
    made: dict[str, Json] = {
        "words": exam.words(3),
        "quotes and a new line": f'{exam.words(2)} "{word}"\n',
        "no words": "",
        "a text that is JSON": json.dumps({key: [word, None]}, separators=(",", ":")),
        "a text that says null": "null",
        "other letters": f"{word} für 日本 {exam.number(2, 99)} €",
        "a long text": long,
        "a dict": {key: exam.words(2), "active": True, "note": None},
        "a dict of dicts": {key: {"plan": {"name": word}, "seats": []}, "is_error": False},
        "a dict of other letters": {key: f"{word} für 日本"},
        "a dict that speaks of an error": {"error": word, "is_error": True, "status": "failed"},
        "a text that speaks of an error": f"Error: {word}",
        # In no order, and with one item twice: whoever sorts it, or drops one, changes it.
        "a list": [{"plan": word}, exam.number(2, 99), word, word, None, " "],
        "a list of dicts with a type": [{"type": "order", "id": exam.number(2, 99)}],
        "a list that looks like blocks": [{"type": "text", "text": word}],
        "a tuple": (exam.number(2, 99), {"plan": word}),
        "a number": exam.number(2, 99),
        "an empty list": [],
        "an empty dict": {},
    }
    return made[kind]
