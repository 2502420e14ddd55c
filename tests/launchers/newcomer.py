"""A newcomer in the first lesson, wherever it was opened: wrong, hint, right, and back again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.answers import RIGHT, SAME_PROMPT
from tests.browser.lesson_page import LessonPage

HEAD = "| opened by | first output, s | first verdict, s | MB | points after a reload | load |"


@dataclass
class Visit:
    """Hold what a visit took: seconds from its beginning, megabytes over the wire, points."""

    began: float
    output: float = 0.0
    verdict: float = 0.0
    points: str = ""

    def row(self, launcher: str, megabytes: float | None = None) -> str:
        """Return a line of the table; megabytes: None where nothing comes over a network."""
        sent = "none" if megabytes is None else f"{megabytes:.1f}"
        seconds = f"{self.output:.1f} | {self.verdict:.1f}"
        return f"| {launcher} | {seconds} | {sent} | {self.points} | {_load()} |"


def begin() -> Visit:
    """Return a visit that begins now, before anything is started."""
    return Visit(time.monotonic())


def reach_a_verdict(visit: Visit, lesson: LessonPage) -> None:
    """Run the imports and the first check, and note when each had something to show."""
    lesson.run("import anthropic")
    visit.output = time.monotonic() - visit.began
    lesson.run('check("first_call")')
    expect(lesson.verdict("first_call")).to_be_visible()
    visit.verdict = time.monotonic() - visit.began


def solve(lesson: LessonPage) -> None:
    """Give a wrong answer, unfold a hint, and give the right answer."""
    _answer(lesson, SAME_PROMPT)
    verdict = lesson.verdict("first_call")
    expect(verdict).to_contain_text("3 of 4")
    folded = verdict.locator("summary", has_text="hint 1 of")
    folded.click()
    expect(folded.locator("xpath=following-sibling::*[1]")).to_be_visible()
    _answer(lesson, RIGHT)
    expect(verdict).to_contain_text("4 of 4")


def find_points(visit: Visit, lesson: LessonPage) -> None:
    """Read in the overview what is kept of the first exercise, and that it is all of it."""
    lesson.run("progress()")
    row = lesson.cell("progress()").get_by_role("row").filter(has_text="first_call")
    expect(row).to_contain_text("4 of 4")
    visit.points = " ".join(row.get_by_role("cell").all_inner_texts()[2].split())
    assert lesson.failures == []


def _answer(lesson: LessonPage, code: str) -> None:
    lesson.write("def first_call(", code)
    lesson.run("def first_call(")
    lesson.run('check("first_call")')


def _load() -> str:
    """Return how busy this machine is."""
    place = Path("/proc/loadavg")
    return place.read_text().split()[0] if place.exists() else "?"
