"""How long a visitor of the site waits for the first verdict, and what that transfers."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from binder.site.folders import LIVE, OUT
from tests.bench.measure import Row
from tests.browser.chromium import find_chromium
from tests.site.serving import serve
from tests.site.visiting import visit

GOALS = {"first": 45, "second": 20}
"""The most that a visit may take to its first verdict, in seconds, on two cores."""
MOST = 35
"""How many megabytes a first visit may transfer, compressed as GitHub Pages does."""
_LESSON = "00_start_here"


def opening() -> list[Row]:
    """Visit the site twice with one profile, and check an exercise each time."""
    program = find_chromium()
    if program is None or not LIVE.is_dir():
        missing = "no Chromium" if program is None else "no site: make site"
        return [Row(f"site, first verdict ({missing})", ours="-")]
    rows = []
    with serve(OUT) as served, tempfile.TemporaryDirectory() as profile:
        for name, goal in GOALS.items():
            start = time.perf_counter()
            with visit(program, Path(profile), served) as visitor, visitor.lesson(_LESSON) as page:
                page.run("import anthropic")
                page.run('check("first_call")')
                taken = time.perf_counter() - start
            rows.append(
                Row(f"site, first verdict, {name} visit", "", f"{taken:.1f}s", "", f"<= {goal}s")
            )
            if name == "first":
                sent = f"{served.megabytes:.1f}MB"
                rows.append(Row("site, a first visit transfers", ours=sent, goal=f"<= {MOST}MB"))
    return rows
