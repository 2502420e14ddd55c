"""What a change in the cost calculator takes in JupyterLab, from the press to the new figures."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import nbformat

from tests.bench.calculating import GOAL
from tests.bench.measure import Row, milliseconds
from tests.browser.chromium import find_chromium, open_page
from tests.browser.lab import start_lab
from tests.browser.lesson_page import LessonPage

_CELL = "from grader.classroom import CostCalculator\nCostCalculator()"
_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# Presses a button again and again, waits each time until other figures are drawn, and returns the
# milliseconds that took. The first press does not count.
_PRESS = """async view => {
    const named = words => [...view.querySelectorAll("button")]
        .find(each => each.textContent.trim() === words);
    const figures = () => view.querySelector("[role=alert]")?.textContent;
    const taken = [];
    for (let number = 0; number <= 40; number++) {
        const before = figures(), start = performance.now();
        named(number % 2 ? "+10 %" : "-10 %").click();
        while (figures() === before) await new Promise(done => requestAnimationFrame(done));
        if (number) taken.push(performance.now() - start);
    }
    return taken;
}"""


def redrawing() -> list[Row]:
    """Measure in a browser, where there is one."""
    what = "a change of the cost calculator, in JupyterLab, at the median"
    program = find_chromium()
    if program is None:
        return [Row(what, ours="no browser", goal=f"<= {GOAL}ms")]
    with (
        tempfile.TemporaryDirectory() as folder,
        start_lab(Path(folder)) as lab,
        open_page(program) as page,
    ):
        place = lab.course / "bench" / "bench.ipynb"
        place.parent.mkdir()
        cells = [nbformat.v4.new_code_cell(_CELL, id="c0")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=_KERNEL), place)
        lesson = LessonPage(page)
        lesson.open(lab, "bench")
        lesson.run_all()
        view = lesson.cell("CostCalculator()").locator(".jp-OutputArea-child").first
        view.get_by_role("button", name="-10 %").wait_for()
        timings = view.evaluate(_PRESS)
    seconds = statistics.median(timings) / 1000
    return [Row(what, ours=milliseconds(seconds), goal=f"<= {GOAL}ms")]
