"""What a change takes in JupyterLab, from what was moved or pressed to the new picture.

The base is a slider that changes one word: what JupyterLab takes of itself on the same machine.
All are tried in turns, so that what slows the machine slows each of them.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat

from tests.bench.calculating import GOAL
from tests.bench.measure import Row, milliseconds
from tests.browser.chromium import find_chromium, open_page
from tests.browser.lab import start_lab
from tests.browser.lesson_page import LessonPage

_SETUP = """from grader.classroom import *
from grader.classroom.widgets.live import make_live
from grader.look import slider
at = ["99"]
def hear(name, value):
    at[0] = value
def draw():
    moved = slider("Slide the hit rate", "hit_rate", float(at[0]), least=0, most=100, said=at[0])
    return f"{moved}<p role='status'>{at[0]}</p>"
REQUEST = {"model": "claude-sonnet-4-6", "max_tokens": 300, "system": "Be brief.",
           "messages": [{"role": "user", "content": "What is the capital of France?"}]}
silent = connect_async(live=False, pace=Pace(first_token=600))"""
_BASE = "make_live(draw, hear)"
"""The least that a slider can change: a word, with no work done for it."""
_SLIDER = ("input[type=range]",)
CHANGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "the cost calculator": ("CostCalculator()", _SLIDER),
    "the event scrubber": ('event_scrubber(replay_events("two calls"))', _SLIDER),
    "the back-off timeline": (
        "backoff_timeline()",
        ("[data-act=choose][data-value='1']", "[data-act=choose][data-value='2']"),
    ),
    "the cache bench": (
        "cache_bench()",
        ("[data-act=block][data-value='1']", "[data-act=block][data-value='2']"),
    ),
    "the token view": (
        "token_view(REQUEST)",
        (".part[tabindex]:first-child", ".part[tabindex]:last-child"),
    ),
    "a stream view, stopped": ("StreamView(silent).run(**REQUEST)", ("[data-act=press]",)),
    "rosetta": (
        "rosetta()",
        ("[data-act=rule][data-value='1']", "[data-act=rule][data-value='2']"),
    ),
}
"""The line that shows each widget, and what is moved, pressed or gets the focus in turns."""
_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# Changes a widget again and again, waits each time until it's drawn and laid out, and returns the
# milliseconds that took. The first change doesn't count; an even number of them begins anew.
_CHANGE = """async (output, places) => {
    const find = place => output.querySelector(place);
    const isOpen = () => find(places[0]).textContent.startsWith("Stop");
    const changed = (what = () => true) => new Promise((done, fail) => {
        setTimeout(() => fail(new Error(`nothing changed at ${places}`)), 10000);
        const watch = new MutationObserver(all => {
            if (all.every(each => each.attributeName === "aria-busy") || !what()) return;
            watch.disconnect();
            done();
        });
        watch.observe(output, {subtree: true, childList: true, characterData: true,
            attributes: true});
    });
    const taken = [];
    for (let number = 0; number < 12; number++) {
        const control = find(places[number % places.length]);
        const isStop = control.dataset.act === "press";
        // A stream that was stopped can be sent again after a second.
        if (isStop && !isOpen()) {
            while (control.ariaDisabled === "true") await changed();
            control.click();
            while (!isOpen()) await changed(isOpen);
        }
        const before = document.activeElement;
        const isLive = ["range", "button"].includes(control.type);
        const drawn = isLive && changed(isStop ? () => !isOpen() : undefined);
        const start = performance.now();
        if (control.type === "range") {
            control.value = Math.round(control.max * (0.5 + 0.2 * (number % 2)));
            control.dispatchEvent(new Event("input", {bubbles: true}));
        } else if (isLive) {
            control.click();
        } else {
            control.focus();
            if (document.activeElement === before) throw new Error("it has no focus");
        }
        await drawn;
        output.getBoundingClientRect();
        if (number) taken.push(performance.now() - start);
    }
    return taken;
}"""
_TURNS = 3


def redrawing() -> list[Row]:
    """Measure in a browser, where there is one."""
    program = find_chromium()
    if program is None:
        return [Row("a change of a widget", ours="no browser", goal=f"<= {GOAL}ms")]
    lines = {"": (_BASE, _SLIDER), **CHANGES}
    taken: dict[str, list[float]] = {name: [] for name in lines}
    with (
        tempfile.TemporaryDirectory() as folder,
        start_lab(Path(folder)) as lab,
        open_page(program) as page,
    ):
        notebook = lab.course / "bench" / "bench.ipynb"
        notebook.parent.mkdir()
        sources = (_SETUP, *(line for line, _ in lines.values()))
        cells = [nbformat.v4.new_code_cell(code, id=f"c{at}") for at, code in enumerate(sources)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=_KERNEL), notebook)
        lesson = LessonPage(page)
        lesson.open(lab, "bench")
        lesson.run_all()
        for _ in range(_TURNS):
            for name, (line, places) in lines.items():
                output = lesson.cell(line).locator(".jp-OutputArea-child").last
                output.locator(places[0]).first.wait_for()
                taken[name] += output.evaluate(_CHANGE, places)
    base, *ours = (statistics.median(timings) / 1000 for timings in taken.values())
    return [
        Row(
            f"in JupyterLab, at the median: a change of {name}",
            milliseconds(base),
            milliseconds(each),
            f"{each / base:.2f}",
            f"<= {GOAL}ms",
        )
        for name, each in zip(CHANGES, ours, strict=True)
    ]
