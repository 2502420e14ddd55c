"""What a change in the cost calculator takes in JupyterLab, from the slider to the new figures.

The base is a slider that changes one word: what JupyterLab takes of itself on the same machine.
"""

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

_OURS = "from grader.classroom import CostCalculator\nCostCalculator()"
# The least that a slider can change: a word, with no work done for it.
_BASE = """from grader.classroom.widgets.live import make_live
from grader.look import slider
at = ["99"]
def hear(name, value):
    at[0] = value
def draw():
    moved = slider("Slide the hit rate", "hit_rate", float(at[0]), least=0, most=100, said=at[0])
    return f"{moved}<p role='status'>{at[0]}</p>"
make_live(draw, hear)"""
_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# Moves a slider again and again, waits each time until other figures are drawn, and returns the
# milliseconds that took. The first move does not count; an even number of them begins anew.
_MOVE = """async view => {
    const slider = view.querySelector("input[type=range]");
    const figures = () => view.querySelector("[role=status]").textContent;
    const changed = () => new Promise(done => {
        const watch = new MutationObserver(() => { watch.disconnect(); done(); });
        watch.observe(view, {subtree: true, childList: true, characterData: true});
    });
    const taken = [];
    for (let number = 0; number < 22; number++) {
        const before = figures(), start = performance.now();
        slider.value = 50 + 20 * (number % 2);
        slider.dispatchEvent(new Event("input", {bubbles: true}));
        while (figures() === before) await changed();
        if (number) taken.push(performance.now() - start);
    }
    return taken;
}"""

_TURNS = 3


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
        notebook = lab.course / "bench" / "bench.ipynb"
        notebook.parent.mkdir()
        cells = [
            nbformat.v4.new_code_cell(code, id=f"c{at}") for at, code in enumerate((_BASE, _OURS))
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=_KERNEL), notebook)
        lesson = LessonPage(page)
        lesson.open(lab, "bench")
        lesson.run_all()
        taken: list[list[float]] = [[], []]
        for _ in range(_TURNS):
            for place, line in enumerate(("make_live(draw, hear)", "CostCalculator()")):
                view = lesson.view(line)
                view.get_by_role("slider").wait_for()
                taken[place] += view.evaluate(_MOVE)
    base, ours = (statistics.median(timings) / 1000 for timings in taken)
    return [Row(what, milliseconds(base), milliseconds(ours), goal=f"<= {GOAL}ms")]
