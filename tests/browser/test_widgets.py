"""The widgets as a learner meets them in JupyterLab: by keyboard, and the day after."""

import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.chromium import NAMES, PATIENCE, find_chromium, open_page
from tests.browser.lab import start_lab
from tests.browser.lesson_page import LessonPage
from tests.classroom.widgets.samples import CALLS, TOOL_CALLS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = (
    "from grader.classroom import broken_turns, parallel_tools, sequence_stepper, turn_stepper",
    f"CALLS, TOOL_CALLS = {CALLS!r}, {TOOL_CALLS!r}",
    "turn_stepper(CALLS)",
    "sequence_stepper(TOOL_CALLS)",
    "broken_turns()",
    'parallel_tools({"get_weather": 1.5, "get_time": 0.5})',
)
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# What a bar is drawn with: where it begins and ends in CSS pixels, and its pattern.
_BARS = """places => places.map(place => {
    const box = place.getBoundingClientRect();
    const pattern = getComputedStyle(place).backgroundImage.match(/[a-z-]+/)[0];
    return [Math.round(box.left), Math.round(box.right), pattern];
})"""
SOLID, HOLLOW = "linear-gradient", "none"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Return a JupyterLab with a notebook of all widgets."""
    if find_chromium() is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    with start_lab(tmp_path_factory.mktemp("widgets")) as started:
        cells = [nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate(CELLS)]
        _write(started, "widgets", nbformat.v4.new_notebook(cells=cells, metadata=KERNEL))
        yield started


@pytest.fixture(scope="module")
def browser_page(lab):
    """Return a page in a browser that all tests here share."""
    with open_page(find_chromium()) as page:
        yield page


@pytest.fixture(scope="module")
def notebook(lab, browser_page):
    """Return the notebook of all widgets, run and saved."""
    opened = LessonPage(browser_page)
    opened.open(lab, "widgets")
    opened.run_all()
    opened.leave_cell()
    expect(browser_page.get_by_role("button", name="Next history")).to_be_visible()
    browser_page.keyboard.press("ControlOrMeta+S")
    expect(browser_page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    return opened


def _write(lab, name, notebook):
    place = lab.course / name / f"{name}.ipynb"
    place.parent.mkdir()
    nbformat.write(notebook, place)


def _copy(lab, name):
    """Copy the notebook as it was saved, with its outputs, and return where the copy is."""
    place = lab.course / name / f"{name}.ipynb"
    place.parent.mkdir()
    shutil.copyfile(lab.course / "widgets" / "widgets.ipynb", place)
    return place


def _open(lab, browser_page, name):
    """Open a notebook in a page and a workspace of its own."""
    page = browser_page.context.browser.new_page()
    page.goto(lab.page_of(f"{name}/{name}.ipynb").replace("/lab/", f"/lab/workspaces/{name}/"))
    return page


def _bars(place):
    parts = "div[style*='min-width:4px'], div[style*='min-width: 4px']"
    return place.locator(parts).evaluate_all(_BARS)


def _press(notebook, *keys):
    for key in keys:
        notebook.page.keyboard.press(key)


def test_calls_are_stepped_through_by_keyboard(notebook):
    """Enter and space step, and the step is said aloud while the focus stays."""
    view = notebook.view("turn_stepper(CALLS)")
    expect(view).not_to_contain_text("20 sent again")
    view.get_by_role("button", name="Next call").focus()
    _press(notebook, "Enter")
    expect(view.get_by_role("status")).to_have_text("Call 2 of 2: 3 messages, 1 new")
    expect(view).to_contain_text("20 sent again + 10 new = 30 in, 5 out")
    expect(view.get_by_role("row", name="2 assistant reply, sent again text Hi.")).to_be_visible()
    expect(view.get_by_role("button", name="Next call")).to_be_focused()
    _press(notebook, "Shift+Tab", "Space")
    expect(view.get_by_role("status")).to_have_text("Call 1 of 2: 1 message, 1 new")
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_turns_are_stepped_through_by_keyboard(notebook):
    """Each turn adds its arrow, and the call that nobody answers is named."""
    view = notebook.view("sequence_stepper(TOOL_CALLS)")
    view.get_by_role("button", name="Next turn").focus()
    _press(notebook, "Enter")
    expect(view.get_by_role("status")).to_have_text(
        "Turn 2 of 3: assistant, text, makes calls A and B"
    )
    expect(view.get_by_role("listitem")).to_have_count(2)
    _press(notebook, "Space")
    expect(view).to_contain_text("✗ Call B (toolu_…0002) has no result.")
    expect(view.get_by_role("listitem")).to_have_count(3)
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_the_broken_turn_is_found_by_keyboard(notebook):
    """Tab leads from the history to its turns, and the verdict has the API's own error."""
    view = notebook.view("broken_turns()")
    view.get_by_role("button", name="Next history").focus()
    _press(notebook, "Enter")
    expect(view.get_by_role("status")).to_have_text("History 2 of 5")
    expect(view.get_by_role("button", name="Turn 5")).to_be_visible()
    _press(notebook, "Tab", "Enter")
    verdict = view.get_by_role("alert").filter(has_text="Turn")
    expect(verdict).to_have_text("✗ Turn 1 is fine. Read what the API says, and try another.")
    _press(notebook, "Tab", "Tab", "Enter")
    expect(verdict).to_have_text("✓ Turn 3 is broken.")
    expect(view).to_contain_text("400 invalid_request_error: messages.1: `tool_use` ids were found")
    expect(view.get_by_text("Repaired", exact=True)).to_be_visible()
    # The picture with all the answers gives way while one can play.
    answers = notebook.picture("broken_turns()").locator("details")
    expect(answers).to_have_count(5)
    expect(answers.first).to_be_hidden()
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_tools_stand_where_they_run(notebook):
    """One after another a bar begins where the one before ends; together both begin at once."""
    first, second, together, also = _bars(notebook.cell("parallel_tools("))
    assert second[0] == pytest.approx(first[1], abs=1)
    assert together[0] == also[0] == first[0]
    assert together[1] - together[0] == pytest.approx(3 * (also[1] - also[0]), abs=3)
    assert {ground for *_, ground in (first, second, together, also)} == {SOLID}


def test_nothing_moves_for_those_who_asked_for_it(notebook, browser_page):
    """With reduced motion nothing in a view has a transition; without, buttons have one."""
    button = notebook.view("turn_stepper(CALLS)").get_by_role("button", name="Next call")
    lasts = "each => getComputedStyle(each).transitionDuration"
    assert "0.12s" in button.evaluate(lasts)
    browser_page.emulate_media(reduced_motion="reduce")
    assert button.evaluate(lasts) == "0s"
    browser_page.emulate_media(reduced_motion="no-preference")


def test_a_widget_whose_kernel_is_gone_shows_its_picture(lab, notebook, browser_page):
    """A saved notebook, opened the day after, shows all that the view showed, and no error."""
    _copy(lab, "day_after")
    page = _open(lab, browser_page, "day_after")
    pictures = page.locator(".gr-still")
    expect(pictures).to_have_count(3, timeout=PATIENCE)
    # This is JupyterLab's; the style sheet hides it.
    lost = page.get_by_text("Error displaying widget: model not found")
    expect(lost).to_have_count(3, timeout=PATIENCE)
    for each in range(3):
        expect(pictures.nth(each)).to_be_visible()
        expect(lost.nth(each)).to_be_hidden()
    fault = page.get_by_text("✗ Call B (toolu_…0002) has no result.")
    expect(fault.filter(visible=True)).to_have_count(1)
    expect(page.get_by_text("This is a picture. Run the cell").filter(visible=True)).to_have_count(
        3
    )
    page.close()


def test_a_widget_that_is_not_trusted_keeps_its_picture(lab, notebook, browser_page):
    """JupyterLab cleans what somebody else ran: no view then, and the bars are still drawn."""
    place = _copy(lab, "not_trusted")
    place.write_text(place.read_text(encoding="utf-8").replace("Hi.", "Hi!"), encoding="utf-8")
    page = _open(lab, browser_page, "not_trusted")
    calls = page.locator(".jp-CodeCell").filter(has_text="turn_stepper(CALLS)")
    picture = calls.locator(".jp-RenderedHTML").first
    expect(picture).to_contain_text("Call 2: 20 sent again + 10 new = 30 in, 5 out")
    (new, output, again, *_) = _bars(picture.locator("ul"))
    assert new[2] == SOLID
    assert again[1] - again[0] == pytest.approx((new[1] - new[0]) * 20 / 8, abs=3)
    assert output[2] == HOLLOW
    expect(page.get_by_role("button", name="Next call")).to_have_count(0)
    page.close()
