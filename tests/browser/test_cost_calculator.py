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

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TODAY = date(2026, 11, 23)
CELLS = (
    "import datetime\n\nfrom grader.classroom import CostCalculator, cache_bench",
    f"CostCalculator(today={TODAY!r})",
    "cache_bench()",
)
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# All that Tab stops at within a place, in the order of reading, by its label or its words.
_STOPS = """place => [...place.querySelectorAll("button, input, textarea, summary, [tabindex]")]
    .filter(each => each.offsetParent !== null && each.tabIndex >= 0)
    .map(each => each.labels?.[0]?.textContent || each.textContent)"""
_FOCUSED = """() => document.activeElement.labels?.[0]?.textContent
    || document.activeElement.textContent"""


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


def _view(notebook, line):
    """Return the view of a widget, without what unfolds below it."""
    return notebook.cell(line).locator(".jp-OutputArea-child").first


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
    view.locator("button, input, textarea").first.focus()
    found = [notebook.page.evaluate(_FOCUSED)]
    for _ in stops[1:]:
        keyboard.press("Tab")
        found.append(notebook.page.evaluate(_FOCUSED))
    return stops, found


def test_the_hit_rate_moves_the_figures(notebook):
    """By button and by field they come to what the catalog's prices give."""
    view = _view(notebook, "CostCalculator(")
    assert _day(99) == Decimal("0.5769")
    expect(view).to_contain_text(f"${_day(99)} a day")
    view.get_by_role("button", name="-10 %").focus()
    notebook.page.keyboard.press("Enter")
    expect(view.get_by_role("alert")).to_contain_text(f"${_day(89)} a day")
    expect(view.get_by_label("Hit rate")).to_have_value("89")
    field = view.get_by_label("Hit rate")
    field.fill("50")
    notebook.page.keyboard.press("Enter")
    expect(view.get_by_role("alert")).to_contain_text(f"${_day(50)} a day")
    expect(view.get_by_role("row", name="read from the cache")).to_contain_text("100,000")
    expect(field).to_be_focused()
    # What is typed is JupyterLab's in no cell.
    field.fill("99")
    notebook.page.keyboard.press("Enter")
    expect(view.get_by_role("alert")).to_contain_text(f"${_day(99)} a day")
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_a_wrong_number_is_told_beside_its_field(notebook):
    """The last good figures stay, and say that they are these."""
    view = _view(notebook, "CostCalculator(")
    field = view.get_by_label("Calls a day")
    field.fill("-3")
    notebook.page.keyboard.press("Tab")
    fault = view.get_by_role("alert").filter(has_text="less than 1")
    expect(fault).to_be_visible()
    beside, typed = fault.bounding_box(), field.bounding_box()
    assert abs(beside["y"] - typed["y"]) < typed["height"]
    assert beside["x"] > typed["x"] + typed["width"]
    expect(view).to_contain_text(f"${_day(99)} a day")
    expect(view).to_contain_text("These are the last valid figures")
    field.fill("100")
    notebook.page.keyboard.press("Tab")
    expect(view.get_by_text("✗")).to_have_count(0)


def test_the_keyboard_reaches_every_control_of_the_calculator(notebook):
    """Tab stops at each, those that a fold had hidden too, and leaves none out."""
    view = _view(notebook, "CostCalculator(")
    for fold in ("Paste a text to count", "Edit prices", "Each figure in Python, to copy"):
        view.get_by_role("button", name=fold).focus()
        notebook.page.keyboard.press("Space")
        expect(view.get_by_role("button", name=f"▾ {fold}")).to_be_visible()
    stops, found = _walk(notebook, view)
    assert found == stops
    assert {"Model", "Calls a day", "Text to count", "Fresh input", "Python"} <= set(found)
    assert all(found)


def test_blocks_are_reordered_by_keyboard(notebook):
    """The focus stays on the button, and the next call reads what it did not."""
    view = _view(notebook, "cache_bench()")
    stops, found = _walk(notebook, view)
    assert found == stops
    press = notebook.page.keyboard.press
    said = view.get_by_role("alert")
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
    items = view.locator("ol").get_by_role("listitem")
    expect(items.nth(2)).to_contain_text("Handbook (system)")
    expect(items.nth(3)).to_contain_text("Time (messages)")
    for name in ("Send the call", "1 minute later"):
        view.get_by_role("button", name=name).focus()
        press("Enter")
    expect(items.nth(2)).to_contain_text("read from the cache")
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_axe_finds_no_serious_fault_in_either_theme(notebook):
    """In the views, with a fault and all folds open, and in the pictures that stand still."""
    page = notebook.page
    parts = [_view(notebook, "CostCalculator("), _view(notebook, "cache_bench()")]
    parts[0].get_by_label("Calls a day").fill("none")
    page.keyboard.press("Tab")
    expect(parts[0].get_by_role("alert").filter(has_text="is no whole number")).to_be_visible()
    for line in ("CostCalculator(", "cache_bench()"):
        notebook.cell(line).locator("summary").first.click()
        parts.append(notebook.cell(line).locator("details").first)
        expect(parts[-1].get_by_role("table").first).to_be_visible()
    for theme in ("JupyterLab Light", DARK):
        page.get_by_role("menuitem", name="Settings", exact=True).click()
        page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).hover()
        page.locator(".lm-Menu-itemLabel").get_by_text(theme, exact=True).click()
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        assert [fault for part in parts for fault in serious_faults(part)] == []
