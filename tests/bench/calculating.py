"""What a change in the cost calculator takes, from the press of a button to the new figures."""

from __future__ import annotations

import json
import statistics
import time
from datetime import date
from typing import Any

from grader.classroom import CostCalculator
from tests.bench.measure import Row, milliseconds

CHANGES = 100
GOAL = 50
"""The most that a change may take at the median, in milliseconds."""


def calculating() -> list[Row]:
    """Press a button of the calculator again and again, and write out what a browser is sent."""
    view = CostCalculator(today=date(2026, 11, 23)).make_view()
    buttons = {getattr(each, "description", ""): each for each in _within(view)}
    down, up = buttons["-10 %"], buttons["+10 %"]
    timings = []
    for number in range(CHANGES):
        start = time.perf_counter()
        (up if number % 2 else down).click()
        _written(view)
        timings.append(time.perf_counter() - start)
    what = "a change of the cost calculator, in the kernel, at the median"
    return [Row(what, ours=milliseconds(statistics.median(timings)), goal=f"<= {GOAL}ms")]


def _written(view: Any) -> int:
    """Return how long the state is that is sent for all that shows figures."""
    pictures = [each for each in _within(view) if type(each).__name__ == "HTML"]
    return len(json.dumps([each.get_state() for each in pictures], default=str))


def _within(view: Any) -> list[Any]:
    return [view, *(each for child in getattr(view, "children", ()) for each in _within(child))]
