"""A lesson open in JupyterLab, and what a person does with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from tests.browser.chromium import PATIENCE
from tests.browser.lab import Lab

_FAILED = ("application/vnd.jupyter.error", "application/vnd.jupyter.stderr")
_HERE = ("127.0.0.1", "localhost")
# Scrolls by a screen, but for a few lines, and tells whether there is more below. A cell is drawn
# a frame or two after it comes into view.
_SCROLL = """async (place, {from}) => {
    const drawn = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)));
    place.scrollTo(0, from === "top" ? 0 : place.scrollTop + place.clientHeight - 60);
    await drawn();
    await drawn();
    const last = [...place.querySelectorAll(".jp-Notebook-cell")].at(-1);
    return last.getBoundingClientRect().bottom > place.getBoundingClientRect().bottom;
}"""


class LessonPage:
    """Open a lesson and use it with mouse and keyboard.

    patience: how long a cell or a kernel may take, in milliseconds.
    complaints: what JupyterLab wrote to the browser's console as an error.
    strangers: the requests that left this machine.
    """

    def __init__(self, page: Page, *, patience: int = PATIENCE) -> None:
        self.page = page
        self.patience = patience
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note_request)

    def open(self, lab: Lab, lesson: str, *, workspace: str = "default") -> None:
        """Open a lesson's notebook, and wait for its cells and its kernel."""
        path = f"{lesson}/{lesson}.ipynb"
        self.page.goto(lab.page_of(path, workspace=workspace))
        self.expect_drawn(lab, lesson)

    def expect_drawn(self, lab: Lab, lesson: str) -> None:
        """Wait until all cells of a lesson's notebook are there, and its kernel."""
        path = lab.course / lesson / f"{lesson}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        # JupyterLab draws cells little by little; a cell that is not there yet cannot be run.
        cells = self.page.locator(".jp-Notebook-cell")
        expect(cells).to_have_count(len(notebook["cells"]), timeout=self.patience)
        self.expect_idle()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in _HERE:
            self.strangers.append(request.url)

    @property
    def notebook(self) -> Locator:
        """Return the notebook with its toolbar."""
        return self.page.locator(".jp-NotebookPanel")

    @property
    def pop_ups(self) -> list[str]:
        """Return the texts of all dialogs and notifications that are open."""
        found = self.page.locator(".jp-Dialog, .Toastify__toast").all()
        return [each.text_content() or "" for each in found]

    @property
    def failures(self) -> list[str]:
        """Return the texts of all outputs that are errors or were written to stderr."""
        return _failures(self.page.locator("body"))

    def cell(self, line: str) -> Locator:
        """Return the code cell whose source contains `line`."""
        source = self.page.locator(".cm-content", has_text=line)
        return self.page.locator(".jp-CodeCell").filter(has=source)

    def view(self, line: str) -> Locator:
        """Return the live view of the cell with this line; its still picture stands above it."""
        return self.cell(line).locator(".jp-OutputArea-child:has(.gr-live)")

    def picture(self, line: str) -> Locator:
        """Return the still picture of the cell with this line, which shows where no view lives."""
        return self.cell(line).locator(".gr-still")

    def text_above(self, line: str) -> Locator:
        """Return the cell of text right above the code cell with this line."""
        return self.cell(line).locator("xpath=preceding-sibling::*[1]")

    def verdict(self, exercise: str) -> Locator:
        """Return the panel below the check of an exercise."""
        return self.cell(f'check("{exercise}")').locator(".gr.verdict")

    def expect_idle(self) -> None:
        """Wait until the kernel is there and has nothing to do."""
        status = self.page.locator("#jp-main-statusbar")
        expect(status).to_contain_text("| Idle", timeout=self.patience)

    def run_all(self) -> None:
        """Choose Run All Cells in the menu, and wait until the last cell has run."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self._expect_run(self.page.locator(".jp-CodeCell").last)
        self.expect_idle()

    def run(self, line: str) -> None:
        """Click into the code cell with this line, press Shift+Enter, and wait until it ran.

        Raises AssertionError with its words when the cell fails.
        """
        cell = self.cell(line)
        prompt = cell.locator(".jp-InputPrompt").text_content()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        # A second run is told from the first by its number.
        expect(cell.locator(".jp-InputPrompt")).not_to_have_text(
            prompt or "", timeout=self.patience
        )
        self._expect_run(cell)
        failures = _failures(cell)
        assert failures == [], f"The cell with {line} failed: {failures}"

    def write(self, line: str, code: str) -> None:
        """Click into the code cell with this line, select all of it, and type other code."""
        self.cell(line).locator(".cm-content").click()
        keyboard = self.page.keyboard
        keyboard.press("ControlOrMeta+A")
        for number, typed in enumerate(code.splitlines()):
            if number:
                keyboard.press("Enter")
                # The editor indents by itself; what is typed takes the place of that.
                keyboard.press("Shift+Home")
            keyboard.type(typed)
        # Where a long line has pushed the beginning of the others out of sight, it comes back.
        keyboard.press("ControlOrMeta+Home")

    def hide_sidebar(self) -> None:
        """Fold the file browser away."""
        browser = self.page.locator("#filebrowser")
        if browser.is_visible():
            self.page.keyboard.press("ControlOrMeta+B")
            expect(browser).to_be_hidden(timeout=PATIENCE)

    def leave_cell(self) -> None:
        """Take cursor and pointer away, so that no picture shows them."""
        self.page.keyboard.press("Escape")
        self.page.mouse.move(0, 0)

    def screens(self) -> Iterator[int]:
        """Scroll from the top to the end and count the screens, 1 first."""
        place = self.page.locator(".jp-WindowedPanel-outer")
        is_more = place.evaluate(_SCROLL, {"from": "top"})
        number = 1
        yield number
        while is_more:
            is_more = place.evaluate(_SCROLL, {"from": "here"})
            number += 1
            yield number

    def _expect_run(self, cell: Locator) -> None:
        prompt = cell.locator(".jp-InputPrompt")
        expect(prompt).to_have_text(re.compile(r"^\[\d+\]:$"), timeout=self.patience)


def _failures(place: Locator) -> list[str]:
    kinds = ", ".join(f'[data-mime-type="{kind}"]' for kind in _FAILED)
    return [each.text_content() or "" for each in place.locator(kinds).all()]
