"""Picture everything that the course draws, in both themes and four widths, on one sheet.

    python -m tests.browser.pictures_of_widgets OUT_DIR

The sheet is for looking, not for the repository: a row for each widget and verdict, a column for
each width; `{theme}-{width}.png` beside it has the same one below the other, in full size.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import NAMES, find_chromium, open_page
from tests.browser.course_views import LAST_LINES, notebook_of_views
from tests.browser.lab import DARK, start_lab
from tests.browser.lesson_page import LessonPage

WIDTHS = (380, 620, 900, 1400)
"""How wide an output is, in CSS pixels: of a phone, a split screen, a laptop, a large screen."""
THEMES = {"light": None, "dark": DARK}
_TALL = 3000
_SCALE = 0.34
"""How large a picture is on the sheet."""
MORE = {
    "calculator": "CostCalculator()",
    "bench": "cache_bench(model=MODEL)",
    "bench at rest": "Shown(bench.text, bench.html)",
    "tokens": "token_view(REQUEST, REPLY)",
    "scrubber": 'event_scrubber(replay_events("two calls"))',
    "stream": "done = await StreamView(client).run(**REQUEST)",
    "prediction": 'predict("first-block")',
    "calibration": "calibration()",
    "review": "review()",
    "picture": 'picture("one_reply")',
}
"""The last line of each further cell: what tests look at elsewhere."""
_SETUP = """
REQUEST = {"model": MODEL, "max_tokens": 300, "system": "Be brief.",
           "messages": [{"role": "user", "content": "What is the capital of France?"}]}
client = connect_async(live=False)
REPLY = connect(live=False).messages.create(**REQUEST)
from grader.classroom.showing import Shown
bench = cache_bench()
"""


def main(arguments: Sequence[str]) -> int:
    """Write the pictures and return 0; return 2 when called wrongly or without a browser."""
    program = find_chromium()
    if len(arguments) != 1 or program is None:
        missing = f"none of {', '.join(NAMES)} is installed" if program is None else "no OUT_DIR"
        sys.stderr.write(f"{missing}; usage: python -m tests.browser.pictures_of_widgets OUT_DIR\n")
        return 2
    target = Path(arguments[0])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder)
        for theme in THEMES:
            picture_theme(program, theme, parts)
        for theme in THEMES:
            for width in WIDTHS:
                shown = "".join(_figure(parts, name, theme, width, 1.0) for name in _names())
                picture_page(program, shown, width + 32, target / f"{theme}-{width}.png")
        rows = "".join(
            f"<section><h2>{escape(name)}</h2>"
            + "".join(
                f'<div class="row {theme}">'
                + "".join(_figure(parts, name, theme, width, _SCALE) for width in WIDTHS)
                + "</div>"
                for theme in THEMES
            )
            + "</section>"
            for name in _names()
        )
        wide = int(sum(WIDTHS) * _SCALE) + 16 * len(WIDTHS) + 32
        picture_page(program, rows, wide, target / "contact.png")
    return 0


def picture_theme(program: str, theme: str, target: Path) -> None:
    """Run the notebook in JupyterLab in a theme, and picture each output in each width."""
    with (
        tempfile.TemporaryDirectory() as folder,
        start_lab(Path(folder), theme=THEMES[theme]) as lab,
        open_page(program, width=WIDTHS[-1], height=_TALL) as page,
    ):
        notebook = notebook_of_views((_SETUP, *MORE.values()))
        place = lab.course / "sheet" / "sheet.ipynb"
        place.parent.mkdir()
        nbformat.write(notebook, place)
        lesson = LessonPage(page)
        lesson.open(lab, "sheet")
        lesson.hide_sidebar()
        lesson.run_all()
        lesson.leave_cell()
        if lesson.failures:
            raise RuntimeError(f"A cell failed: {lesson.failures}")
        for width in WIDTHS:
            _fit(page, width)
            for name in _names():
                output = _output(page, name)
                output.scroll_into_view_if_needed()
                # A frame or two, until what came into view is drawn.
                page.wait_for_timeout(150)
                output.screenshot(path=target / f"{name} {theme} {width}.png")


def picture_page(program: str, html: str, width: int, target: Path) -> None:
    """Picture a page of pictures as a whole."""
    style = (
        "body{margin:16px;font:12px system-ui;background:#888}figure{margin:0 0 16px}"
        "figcaption,h2{font-size:12px;margin:0 0 2px}.row{display:flex;gap:16px;align-items:start}"
    )
    with open_page(program, width=width, height=900) as page:
        page.set_content(f"<style>{style}</style>{html}")
        page.wait_for_function("[...document.images].every(each => each.complete)")
        page.screenshot(path=target, full_page=True)


def _names() -> list[str]:
    return [*LAST_LINES, *MORE]


def _output(page: Page, name: str) -> Locator:
    line = (LAST_LINES | MORE)[name]
    source = page.locator(".cm-content", has_text=line)
    # The line of an Almost is also the beginning of the line of a Correct.
    return page.locator(".jp-CodeCell").filter(has=source).first.locator(".jp-OutputArea").first


def _fit(page: Page, width: int) -> None:
    """Make the window so wide that an output has a width."""
    outputs = page.locator(".jp-OutputArea-output")
    for _ in range(2):
        now = outputs.first.evaluate("each => each.clientWidth")
        size = page.viewport_size or {"width": width}
        page.set_viewport_size({"width": size["width"] + width - now, "height": _TALL})
        page.wait_for_timeout(300)
    expect(outputs.first).to_be_attached()


def _figure(folder: Path, name: str, theme: str, width: int, scale: float) -> str:
    from base64 import b64encode

    encoded = b64encode((folder / f"{name} {theme} {width}.png").read_bytes()).decode()
    return (
        f"<figure><figcaption>{escape(name)}, {theme}, {width}</figcaption>"
        f'<img alt="" style="width:{width * scale:.0f}px" src="data:image/png;base64,{encoded}">'
        "</figure>"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
