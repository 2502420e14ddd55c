"""Lesson 05 lets its reader stop a stream: it lasts long enough to read the task and press."""

import re
from pathlib import Path

from grader.classroom import connect
from grader.simulator import Pace

LESSON = Path(__file__).parents[2] / "solutions" / "05_streaming" / "05_streaming.nb.py"
LEAST = 10
"""How many seconds a person needs to find the button and press it."""


def test_the_stream_to_stop_lasts_ten_seconds() -> None:
    """By its pace and the deltas of the very reply that the lesson asks for."""
    source = LESSON.read_text(encoding="utf-8")
    (first, between) = re.findall(r"Pace\(first_token=([\d.]+), between_deltas=([\d.]+)\)", source)[
        -1
    ]
    pace = Pace(first_token=float(first), between_deltas=float(between))
    (question,) = re.findall(
        r'^asked = \{"role": "user", "content": (".*")\}$', source, re.MULTILINE
    )
    (asked,) = re.findall(
        r'^to_watch = \{"model": "([^"]+)", "max_tokens": (\d+)', source, re.MULTILINE
    )
    with connect(live=False).messages.stream(
        model=asked[0],
        max_tokens=int(asked[1]),
        messages=[{"role": "user", "content": question.strip('"')}],
    ) as stream:
        deltas = sum(event.type == "content_block_delta" for event in stream)
    assert pace.first_token + pace.between_deltas * (deltas - 1) >= LEAST
