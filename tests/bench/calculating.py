"""What a change in the cost calculator takes, from what was moved to the new figures."""

from __future__ import annotations

import json
import statistics
import time
from datetime import date

from grader.classroom import CostCalculator
from tests.bench.measure import Row, milliseconds

CHANGES = 100
GOAL = 50
"""The most that a change may take at the median, in milliseconds."""


def calculating() -> list[Row]:
    """Slide the hit rate again and again, and write out what a browser is sent."""
    view = CostCalculator(today=date(2026, 11, 23)).make_view()
    timings = []
    for number in range(CHANGES):
        start = time.perf_counter()
        change = {"act": "hit_rate", "value": str(89 + number % 10)}
        view._handle_custom_msg(change, [])
        json.dumps(view.get_state(), default=str)
        timings.append(time.perf_counter() - start)
    what = "a change of the cost calculator, in the kernel, at the median"
    return [Row(what, ours=milliseconds(statistics.median(timings)), goal=f"<= {GOAL}ms")]
