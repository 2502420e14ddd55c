"""A view while the kernel is busy with another cell: it answers, or says what it waits for."""

import json
import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.chromium import NAMES, find_chromium, open_page
from tests.browser.lab import start_lab
from tests.browser.lesson_page import LessonPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# It ends when somebody makes the file, however long that takes.
BUSY = "while not Path('go').exists(): time.sleep(0.01)"
CELLS = (
    "import time\nfrom pathlib import Path\nfrom grader.classroom import block_explorer, progress",
    "block_explorer()",
    BUSY,
    "progress()",
)
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
_SETTINGS = "lab/user-settings/@jupyterlab/apputils-extension/kernels-settings.jupyterlab-settings"
_WORDS = "each => getComputedStyle(each, '::after').content"
_BOX = "each => { const {top, height} = each.getBoundingClientRect(); return [top, height]; }"


class _Losing:
    """Pass on what a page and its kernels say, but lose the next press when told to."""

    def __init__(self, page):
        self.is_losing = False
        page.route_web_socket(re.compile("/channels"), self._connect)

    def _connect(self, socket):
        server = socket.connect_to_server()

        def pass_on(message):
            said = message if isinstance(message, bytes) else message.encode()
            if self.is_losing and b'"act"' in said:
                self.is_losing = False
            else:
                server.send(message)

        socket.on_message(pass_on)


@pytest.fixture
def open_notebook(tmp_path):
    """Return a function that opens the notebook; comms: JupyterLab's setting of that name."""
    if find_chromium() is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    with start_lab(tmp_path) as lab, open_page(find_chromium()) as page:
        place = lab.course / "busy" / "busy.ipynb"
        place.parent.mkdir()
        cells = [nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate(CELLS)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), place)

        def open_it(comms):
            settings = tmp_path / "home" / ".jupyter" / _SETTINGS
            settings.parent.mkdir(parents=True)
            settings.write_text(json.dumps({"commsOverSubshells": comms}), encoding="utf-8")
            opened = LessonPage(page)
            opened.open(lab, "busy")
            for line in (CELLS[0].splitlines()[-1], "block_explorer()", "progress()"):
                opened.run(line)
            # Each view has been greeted: from now on a busy kernel may answer it.
            expect(page.locator(".gr.gr-live[data-heard]")).to_have_count(2)
            opened.cell(BUSY).locator(".cm-content").click()
            page.keyboard.press("Shift+Enter")
            expect(page.locator("#jp-main-statusbar")).to_contain_text("| Busy")
            return opened, place.with_name("go")

        yield open_it


def test_a_view_answers_while_another_cell_runs(open_notebook):
    """As JupyterLab is set when it's installed: progress is saved then, too."""
    notebook, gate = open_notebook("perCommTarget")
    view = notebook.view("block_explorer()")
    view.get_by_role("button", name="two texts").click()
    expect(view.get_by_role("status")).to_contain_text("two texts: ")
    controls = notebook.view("progress()")
    controls.get_by_role("button", name="Save to a file").click()
    expect(controls.get_by_role("alert")).to_contain_text("Ready to save")
    assert not gate.exists()
    gate.touch()
    notebook.expect_idle()
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_a_view_says_that_it_waits_where_it_cannot_answer(open_notebook):
    """As in front ends without subshells: every press counts in the end, and nothing jumps."""
    notebook, gate = open_notebook("disabled")
    view = notebook.view("block_explorer()")
    root = view.locator(".gr.gr-live")
    before = view.get_by_role("status").evaluate(_BOX)
    assert root.evaluate(_WORDS) == "none"
    view.get_by_role("button", name="two texts").click()
    expect(root).to_have_attribute("aria-busy", "true")
    assert "waiting for the kernel" in root.evaluate(_WORDS)
    assert view.get_by_role("status").evaluate(_BOX) == before
    expect(view.get_by_role("status")).to_contain_text("text: 4 of 4")
    view.get_by_role("button", name="refusal").click()
    gate.touch()
    expect(view.get_by_role("status")).to_contain_text("refusal: ")
    expect(root).not_to_have_attribute("aria-busy", "true")
    assert root.evaluate(_WORDS) == "none"
    notebook.expect_idle()
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_a_view_says_that_its_kernel_was_restarted(open_notebook):
    """Once somebody presses; run again, the cell's view answers."""
    notebook, gate = open_notebook("perCommTarget")
    gate.touch()
    notebook.expect_idle()
    root = notebook.view("block_explorer()").locator(".gr.gr-live")
    notebook.page.get_by_role("menuitem", name="Kernel", exact=True).click()
    notebook.page.get_by_role("menuitem", name=re.compile("^Restart Kernel….*")).click()
    notebook.page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(notebook.page.locator("#jp-main-statusbar")).not_to_contain_text("| Idle")
    notebook.expect_idle()
    notebook.view("block_explorer()").get_by_role("button", name="two texts").click()
    expect(root).to_have_attribute("data-gone", "")
    assert "The kernel was restarted: run this cell again and those above it." in root.evaluate(
        _WORDS
    )
    expect(root).not_to_have_attribute("aria-busy", "true")
    notebook.run(CELLS[0].splitlines()[-1])
    notebook.run("block_explorer()")
    assert root.evaluate(_WORDS) == "none"
    notebook.view("block_explorer()").get_by_role("button", name="two texts").click()
    expect(root.get_by_role("status")).to_contain_text("two texts: ")


def test_a_press_that_got_lost_is_forgotten_with_the_next(open_notebook):
    """When a connection breaks; nothing waits for ever then, and no kernel is said to be gone."""
    notebook, gate = open_notebook("perCommTarget")
    gate.touch()
    notebook.expect_idle()
    connection = _Losing(notebook.page)
    notebook.page.reload()
    for line in (CELLS[0].splitlines()[-1], "block_explorer()"):
        notebook.run(line)
    view = notebook.view("block_explorer()")
    root = view.locator(".gr.gr-live[data-heard]")
    expect(root).to_have_count(1)
    connection.is_losing = True
    view.get_by_role("button", name="two texts").click()
    expect(root).to_have_attribute("aria-busy", "true")
    view.get_by_role("button", name="refusal").click()
    expect(view.get_by_role("status")).to_contain_text("refusal: ")
    expect(root).not_to_have_attribute("aria-busy", "true")
    # Longer than a view waits before it says that its kernel is gone.
    notebook.page.wait_for_timeout(1500)
    assert root.evaluate(_WORDS) == "none"
