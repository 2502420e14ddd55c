"""The cost calculator and the cache bench as a learner meets them in JupyterLab."""

from datetime import date
from decimal import Decimal

import nbformat
import pytest
from playwright.sync_api import expect

from grader.catalog import find_model
from tests.browser.axe import serious_faults
from tests.browser.chromium import NAMES, find_chromium, open_page
from tests.browser.lab import DARK, start_lab
from tests.browser.lesson_page import LessonPage
from tests.browser.letters import faint_letters

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TODAY = date(2026, 11, 23)
CELLS = (
    "import datetime\n\nfrom grader.classroom import CostCalculator, cache_bench",
    f"CostCalculator(today={TODAY!r})",
    "cache_bench()",
)
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# All that Tab stops at within a place, in the order of reading, by its label or its words.
_STOPS = """place => [...place.querySelectorAll(
    "button, input, select, textarea, summary, a[href], [tabindex]")]
    .filter(each => each.checkVisibility() && each.tabIndex >= 0)
    .map(each => each.ariaLabel || each.textContent)"""
_FOCUSED = """() => document.activeElement.ariaLabel || document.activeElement.textContent"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """Return a notebook of both, run."""
    if find_chromium() is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    folder = tmp_path_factory.mktemp("money")
    with start_lab(folder) as lab, open_page(find_chromium()) as page:
        cells = [nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate(CELLS)]
        place = lab.course / "money" / "money.ipynb"
        place.parent.mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), place)
        opened = LessonPage(page)
        opened.open(lab, "money")
        opened.run_all()
        opened.leave_cell()
        expect(page.get_by_role("button", name="Send the call")).to_be_visible()
        yield opened


def _day(hits):
    """Return what a day costs when so many of its 100 calls read, by the catalog."""
    price = find_model("claude-sonnet-4-6").price_for(2_200)
    return price.cost(
        input_tokens=100 * 200,
        output_tokens=100 * 300,
        cache_write_5m_tokens=(100 - hits) * 2_000,
        cache_read_tokens=hits * 2_000,
    )


def _walk(notebook, view):
    """Press Tab from a view's first control to its last, and return where the focus stopped."""
    keyboard = notebook.page.keyboard
    stops = view.evaluate(_STOPS)
    view.locator("button, input, select, textarea").first.focus()
    found = [notebook.page.evaluate(_FOCUSED)]
    for _ in stops[1:]:
        keyboard.press("Tab")
        found.append(notebook.page.evaluate(_FOCUSED))
    return stops, found


def test_the_hit_rate_moves_the_figures(notebook):
    """By slider and by field they come to what the catalog's prices give."""
    view = notebook.view("CostCalculator(")
    said = view.get_by_role("status")
    assert _day(99) == Decimal("0.5769")
    expect(said).to_contain_text(f"${_day(99)} a day")
    slider = view.get_by_role("slider", name="Slide the hit rate")
    slider.focus()
    notebook.page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text(f"${_day(98)} a day")
    field = view.get_by_label("Hit rate", exact=True)
    expect(field).to_have_value("98")
    expect(slider).to_be_focused()
    field.fill("50")
    notebook.page.keyboard.press("Enter")
    expect(said).to_contain_text(f"${_day(50)} a day")
    expect(slider).to_have_value("50")
    expect(view.get_by_role("row", name="read from the cache")).to_contain_text("100,000")
    expect(field).to_be_focused()
    # What is typed is JupyterLab's in no cell.
    field.fill("99")
    notebook.page.keyboard.press("Enter")
    expect(said).to_contain_text(f"${_day(99)} a day")
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_a_wrong_number_is_told_at_its_field(notebook):
    """The last good figures stay, and say that they are these."""
    view = notebook.view("CostCalculator(")
    field = view.get_by_label("Calls a day")
    field.fill("-3")
    notebook.page.keyboard.press("Tab")
    fault = view.get_by_role("alert").filter(has_text="less than 1")
    expect(fault).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    below, typed = fault.bounding_box(), field.bounding_box()
    assert 0 <= below["y"] - (typed["y"] + typed["height"]) < typed["height"]
    expect(view).to_contain_text(f"${_day(99)} a day")
    expect(view).to_contain_text("These are the last valid figures")
    field.fill("100")
    notebook.page.keyboard.press("Tab")
    expect(view.get_by_text("✗")).to_have_count(0)


def test_the_answer_is_beside_the_fields_or_above_them(notebook):
    """Beside them where there is room, above them in a narrow window; nothing passes the edge."""
    view, page = notebook.view("CostCalculator("), notebook.page
    before = page.viewport_size
    for width, is_beside in ((1600, True), (620, False)):
        page.set_viewport_size({"width": width, "height": 900})
        result, fields = (view.locator(f".calc > .{name}") for name in ("result", "fields"))
        result.scroll_into_view_if_needed()
        answer, typed = result.bounding_box(), fields.bounding_box()
        assert (answer["x"] > typed["x"] + typed["width"]) is is_beside
        assert (answer["y"] + answer["height"] <= typed["y"]) is not is_beside
        calc = view.locator(".calc")
        assert calc.evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    page.set_viewport_size(before)


def test_the_keyboard_reaches_every_control_of_the_calculator(notebook):
    """Tab stops at each, those that a fold had hidden too, and leaves none out."""
    view = notebook.view("CostCalculator(")
    for fold in ("Paste a text to count", "Edit prices", "Each figure in Python, to copy"):
        view.locator("summary", has_text=fold).focus()
        notebook.page.keyboard.press("Space")
        expect(view.locator("details[open]", has_text=fold)).to_be_visible()
    stops, found = _walk(notebook, view)
    assert found == stops
    names = {"Model", "Calls a day", "Text to count", "Price, fresh input", "Python"}
    assert names <= set(found)
    assert all(found)


_TOP = """place => Math.round(place.getBoundingClientRect().top
    - place.closest(".gr-live").getBoundingClientRect().top)"""


def test_blocks_are_reordered_by_keyboard(notebook):
    """The focus stays on the button, and the next call reads what it did not."""
    view = notebook.view("cache_bench()")
    stops, found = _walk(notebook, view)
    assert found == stops
    press = notebook.page.keyboard.press
    said, calls = view.get_by_role("status"), view.locator(".bench")
    begins = calls.evaluate(_TOP)
    for name in ("Send the call", "1 minute later", "Send the call"):
        view.get_by_role("button", name=name).focus()
        press("Enter")
        words = "Call" if name == "Send the call" else "At 09:01"
        expect(said).to_contain_text(words)
    expect(said).to_contain_text("Call 2 read 0")
    view.get_by_role("button", name="3. Time").focus()
    press("Enter")
    down = view.get_by_role("button", name="Move down")
    down.focus()
    press("Enter")
    expect(said).to_contain_text("Time is now block 4, in system.")
    expect(down).to_be_focused()
    press("Enter")
    expect(said).to_contain_text("Time is now block 4, in messages.")
    items = view.get_by_role("list").filter(has_text="Handbook").get_by_role("listitem")
    expect(items.nth(2)).to_contain_text("Handbook (system)")
    expect(items.nth(3)).to_contain_text("Time (messages)")
    for name in ("Send the call", "1 minute later"):
        view.get_by_role("button", name=name).focus()
        press("Enter")
    expect(items.nth(2)).to_contain_text("read from the cache")
    # Whatever was said above it, the picture stayed where it was.
    assert calls.evaluate(_TOP) == begins
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def _order(view):
    """Return the names of the blocks from top to bottom."""
    each = view.get_by_role("group", name="The block to change").get_by_role("button")
    return [words.partition(". ")[2] for words in each.all_text_contents()]


def _row(view, name):
    """Return the row of a block, which is dragged."""
    return view.locator("[data-sort] > *").filter(has_text=name)


def _again(view):
    view.get_by_role("button", name="Start again").click()
    expect(view.get_by_role("status")).to_contain_text("The cache is empty again.")
    assert _order(view) == ["find_order", "refund", "Time", "Handbook", "Question"]


def test_blocks_are_dragged_by_mouse(notebook):
    """A line shows where one goes; Escape, and a drag that ends where it began, change nothing."""
    view, mouse = notebook.view("cache_bench()"), notebook.page.mouse
    _again(view)
    time, handbook = _row(view, "Time"), _row(view, "Handbook")
    time.scroll_into_view_if_needed()
    grip = time.locator(".grip").bounding_box()
    below = handbook.bounding_box()
    for ends_by in ("Escape", "coming back", "a drop"):
        mouse.move(grip["x"] + 5, grip["y"] + 5)
        mouse.down()
        mouse.move(grip["x"] + 40, below["y"] + below["height"] - 3, steps=4)
        expect(view.locator("[data-dragged]")).to_contain_text("Time")
        expect(view.locator("[data-mark=above]")).to_contain_text("Question")
        if ends_by == "Escape":
            notebook.page.keyboard.press("Escape")
            expect(view.locator("[data-dragged]")).to_have_count(0)
        if ends_by == "coming back":
            mouse.move(grip["x"] + 5, grip["y"] + 5, steps=4)
            expect(view.locator("[data-mark]")).to_have_count(0)
        assert _order(view)[2] == "Time"
        mouse.up()
    expect(view.get_by_role("status")).to_contain_text("Time is now block 4, in system.")
    assert _order(view) == ["find_order", "refund", "Handbook", "Time", "Question"]
    expect(view.locator("[data-dragged], [data-mark]")).to_have_count(0)
    # A press without a drag still chooses.
    view.get_by_role("button", name="1. find_order").click()
    expect(view.get_by_label("Text", exact=True)).to_have_value("Find an order by its number.")
    _row(view, "refund").locator(".grip").drag_to(_row(view, "Question"))
    expect(view.get_by_role("status")).to_contain_text("✗ Tools come first and stay together")


def test_blocks_are_dragged_by_touch(notebook):
    """At their grip: elsewhere a finger scrolls the page."""
    view = notebook.view("cache_bench()")
    _again(view)
    touch = notebook.page.context.new_cdp_session(notebook.page)

    def swipe(row, start, to):
        row.scroll_into_view_if_needed()
        begin, end = start.bounding_box(), to.bounding_box()
        x, y = begin["x"] + 8, begin["y"] + 8
        goal = end["y"] + end["height"] - 3
        points = [y + (goal - y) * part / 5 for part in range(6)]
        touch.send("Input.dispatchTouchEvent", _touched("touchStart", x, points[0]))
        for point in points[1:]:
            touch.send("Input.dispatchTouchEvent", _touched("touchMove", x, point))
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    time = _row(view, "Time")
    swipe(time, time.get_by_role("button"), _row(view, "Handbook"))
    assert _order(view)[2] == "Time"
    swipe(time, time.locator(".grip"), _row(view, "Handbook"))
    expect(view.get_by_role("status")).to_contain_text("Time is now block 4, in system.")
    assert _order(view)[2:4] == ["Handbook", "Time"]


def _touched(kind, x, y):
    return {"type": kind, "touchPoints": [{"x": x, "y": y}]}


def test_blocks_are_moved_by_arrow_keys(notebook):
    """The focus goes along, and JupyterLab does nothing of its own with the key."""
    view, press = notebook.view("cache_bench()"), notebook.page.keyboard.press
    _again(view)
    view.get_by_role("button", name="3. Time").focus()
    press("ArrowDown")
    expect(view.get_by_role("button", name="4. Time")).to_be_focused()
    assert _order(view)[2:4] == ["Handbook", "Time"]
    press("ArrowUp")
    expect(view.get_by_role("button", name="3. Time")).to_be_focused()
    press("ArrowUp")
    expect(view.get_by_role("status")).to_contain_text("✗ Tools come first and stay together")
    expect(view.get_by_role("button", name="3. Time")).to_be_focused()
    press("Tab")
    expect(view.get_by_role("button", name="4. Handbook")).to_be_focused()
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_axe_finds_no_serious_fault_in_either_theme(notebook):
    """In the views, with a fault and all folds open; letters have contrast."""
    page = notebook.page
    parts = [notebook.view("CostCalculator("), notebook.view("cache_bench()")]
    parts[0].get_by_label("Calls a day").fill("none")
    page.keyboard.press("Tab")
    expect(parts[0].get_by_role("alert").filter(has_text="is no whole number")).to_be_visible()
    for theme in ("JupyterLab Light", DARK):
        page.get_by_role("menuitem", name="Settings", exact=True).click()
        page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).hover()
        page.locator(".lm-Menu-itemLabel").get_by_text(theme, exact=True).click()
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        assert [fault for part in parts for fault in serious_faults(part)] == []
        assert [fault for part in parts for fault in faint_letters(part)] == []
