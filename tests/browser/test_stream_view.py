"""The stream view as a learner meets it in JupyterLab: it grows, it stops, it tells the truth."""

import json
import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious_faults
from tests.browser.chromium import NAMES, find_chromium, open_page
from tests.browser.lab import DARK, start_lab
from tests.browser.lesson_page import LessonPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A reply of minutes: what ends sooner was ended.
SETUP = """
from grader.classroom import CostMeter, Pace, StreamView, event_scrubber, replay_events
from grader.simulator import interrupted, overloaded, text, thinking, turn
from tests.classroom.widgets.streaming import REQUEST, WORDS, connected

slow = Pace(first_token=0.1, between_deltas=0.1)
endless = turn(thinking("The user asks."), text(WORDS * 30))
broken = interrupted(text(WORDS), after=3, fault=overloaded())
client, api = connected(endless, endless, text("Paris."), pace=slow)
# Its lines are numbered: one sees which are in sight.
lines = "".join(f"line {number} of a long reply\\n" for number in range(2000))
flowing, _ = connected(
    text(lines), text(lines), pace=Pace(first_token=0.1, between_deltas=0.005)
)
quick, _ = connected(text("Paris."), text("Paris."))
REQUEST["max_tokens"] = 9000
"""
STREAM = "StreamView(client).run(**REQUEST)"
AWAITED = "await StreamView(client).run( **REQUEST)"
SEEN = "print([each.closed_early for each in api.transcript])"
BROKEN = "await StreamView(connected(broken)[0]).run(**REQUEST)"
PAIR = (
    'StreamView.side_by_side(StreamView(client, title="slow").run(**REQUEST), '
    'StreamView(quick, title="quick").run(**REQUEST))'
)
LONG = "StreamView(flowing).run(**REQUEST)"
METER = "meter = CostMeter(quick)\nmeter"
CALL = "(await quick.messages.create(**REQUEST)).content[0].text"
SCRUBBER = 'event_scrubber(replay_events("two calls"))'
CELLS = (SETUP, STREAM, SEEN, AWAITED, BROKEN, PAIR, METER, CALL, SCRUBBER, LONG)
GROWING = re.compile(r"block 1 · text, not whole\s*A rolling")
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """Return a notebook of streams, open and not yet run; its tests follow one another."""
    if find_chromium() is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    # The first module of the tests is found from the course's folder.
    with (
        start_lab(tmp_path_factory.mktemp("streams")) as lab,
        open_page(find_chromium()) as page,
    ):
        cells = [nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate(CELLS)]
        place = lab.course / "streams" / "streams.ipynb"
        place.parent.mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), place)
        opened = LessonPage(page)
        opened.open(lab, "streams")
        opened.run("import CostMeter")
        opened.saved = place
        yield opened


def _start(notebook, line):
    """Run a cell without waiting for its end."""
    notebook.cell(line).locator(".cm-content").click()
    notebook.page.keyboard.press("Shift+Enter")


def _outputs(notebook, line):
    """Return the outputs of a cell as they are in the saved file, as one text."""
    notebook.page.keyboard.press("ControlOrMeta+S")
    expect(notebook.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    cells = json.loads(notebook.saved.read_text(encoding="utf-8"))["cells"]
    (cell,) = [each for each in cells if line in "".join(each["source"])]
    return json.dumps(cell["outputs"], ensure_ascii=False)


def test_a_stream_is_seen_growing_while_the_notebook_stays_usable(notebook):
    """Two pictures differ, and another cell runs in between."""
    notebook.run(STREAM)
    view = notebook.view(STREAM)
    expect(view).to_contain_text(GROWING)
    first = view.screenshot()
    notebook.run("api.transcript")
    expect(notebook.cell(SEEN)).to_contain_text("[False]")
    expect(view).to_contain_text(re.compile("(A rolling update.*){3}"))
    expect(view).to_contain_text("claude-sonnet-4-6: Streaming.")
    assert view.screenshot() != first
    assert "when this was written, it had not ended" in _outputs(notebook, STREAM)


def test_stop_stops_it_by_keyboard_and_the_api_sees_the_close(notebook):
    """A second press sends nothing, the focus stays, and what is saved says how it ended."""
    view = notebook.view(STREAM)
    view.get_by_role("button", name="Stop").focus()
    notebook.page.keyboard.press("Enter")
    notebook.page.keyboard.press("Enter")
    expect(view.get_by_role("status")).to_contain_text("■ Stopped after")
    again = view.get_by_role("button", name="Send again")
    expect(again).to_be_focused()
    expect(again).to_be_enabled()
    expect(view.get_by_role("status")).to_contain_text("■ Stopped after")
    notebook.run("api.transcript")
    expect(notebook.cell(SEEN)).to_contain_text("[True]")
    assert "■ Stopped after" in _outputs(notebook, STREAM)
    expect(notebook.picture(STREAM)).to_contain_text("A rolling update")
    expect(notebook.picture(STREAM)).to_be_hidden()


def test_stop_works_in_a_cell_that_awaits_its_stream(notebook):
    """The kernel is busy then, and JupyterLab sends the press past the cell."""
    _start(notebook, AWAITED)
    view = notebook.view(AWAITED)
    expect(view).to_contain_text(GROWING)
    view.get_by_role("button", name="Stop").click()
    expect(notebook.cell(AWAITED)).to_contain_text("<claude-sonnet-4-6: stopped, ")
    assert "■ Stopped after" in _outputs(notebook, AWAITED)


def test_an_error_in_mid_stream_is_words_and_no_traceback(notebook):
    """What came stays."""
    notebook.run(BROKEN)
    view = notebook.view(BROKEN)
    expect(view.get_by_role("status")).to_contain_text("✗ Failed in mid-stream, after 5 events")
    expect(view).to_contain_text(re.compile(r"block 0 · text, not whole\s*A"))


def test_two_streams_stand_beside_each_other_and_tab_reaches_both(notebook):
    """Each has its button, named after it."""
    notebook.run("StreamView.side_by_side")
    view = notebook.view("StreamView.side_by_side")
    slow = view.get_by_role("button", name="Stop slow")
    quick = view.get_by_role("button", name="Send quick again")
    expect(quick).to_be_visible()
    expect(view).to_contain_text("slow: ✓ Ended")
    slow = view.get_by_role("button", name="Send slow again")
    left, right = slow.bounding_box(), quick.bounding_box()
    assert (left["y"], left["x"] < right["x"]) == (right["y"], True)
    slow.focus()
    notebook.page.keyboard.press("Tab")
    expect(view.get_by_role("region", name="The reply of slow")).to_be_focused()
    notebook.page.keyboard.press("Tab")
    expect(view.locator("summary").first).to_be_focused()
    notebook.page.keyboard.press("Tab")
    expect(quick).to_be_focused()


def _in_sight(region):
    """Return the numbers of the lines in sight in a reply, the first and the last."""
    return region.evaluate("""place => {
        const box = place.getBoundingClientRect();
        const text = place.querySelector("[data-before]").firstChild;
        const range = document.createRange(), seen = [];
        for (const {index, 0: {length}, 1: number} of text.data.matchAll(/line (\\d+) of/g)) {
            range.setStart(text, index);
            range.setEnd(text, index + length);
            const {top, bottom} = range.getBoundingClientRect();
            if (top >= box.top - 1 && bottom <= box.bottom + 1) seen.push(Number(number));
        }
        return [Math.min(...seen), Math.max(...seen)];
    }""")


def test_a_long_stream_keeps_its_height_and_leaves_a_reader_alone(notebook):
    """Its newest line is in sight until one scrolls up, by key; at its end one follows again."""
    notebook.run(LONG)
    view, press = notebook.view(LONG), notebook.page.keyboard.press
    region = view.get_by_role("region", name="The reply of claude-sonnet-4-6, so far")
    expect(region).to_contain_text("line 20 of")
    height = view.bounding_box()["height"]
    first = _in_sight(region)
    expect(region).to_contain_text("characters before")
    assert _in_sight(region)[0] > first[1]
    region.focus()
    press("PageUp")
    notebook.page.wait_for_timeout(300)
    before = _in_sight(region)
    # What is told meanwhile is counted; what is read stays.
    figure = view.get_by_text("Output tokens").locator("xpath=..")
    counted = figure.inner_text()
    expect(figure).not_to_have_text(counted)
    notebook.page.wait_for_timeout(300)
    assert _in_sight(region) == before
    press("End")
    notebook.page.wait_for_timeout(300)
    assert _in_sight(region)[0] > before[1]
    press("PageUp")
    notebook.page.wait_for_timeout(300)
    before = _in_sight(region)
    view.get_by_role("button", name="Stop").click()
    expect(view.get_by_role("status")).to_contain_text("■ Stopped after")
    # The whole reply is there now, and the same lines are in sight.
    expect(view).not_to_contain_text("characters before")
    expect(view).to_contain_text("line 0 of")
    region = view.get_by_role("region", name="The reply of claude-sonnet-4-6")
    assert _in_sight(region) == before
    assert view.bounding_box()["height"] == pytest.approx(height, abs=1)
    view.get_by_role("button", name="Send again").click()
    expect(view.get_by_role("status")).to_contain_text("Streaming")
    expect(region).to_contain_text("characters before")
    assert _in_sight(region)[0] > 20
    view.get_by_role("button", name="Stop").click()
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_a_meter_counts_in_its_own_cell_what_other_cells_spend(notebook):
    """The output is written anew, wherever the call was made."""
    notebook.run("meter = CostMeter")
    meter = notebook.cell("meter = CostMeter").locator(".jp-OutputArea")
    expect(meter).to_contain_text("0 calls would have cost 0.000000 USD")
    notebook.run("quick.messages.create")
    expect(meter).to_contain_text("1 call would have cost 0.0001")


def test_a_scrubber_is_moved_by_keyboard(notebook):
    """The slider has a name, and its value is in words; arrow keys move it, the focus stays."""
    notebook.run("event_scrubber(")
    view = notebook.view("event_scrubber(")
    slider = view.get_by_role("slider", name="event to show")
    slider.focus()
    press = notebook.page.keyboard.press
    press("ArrowRight")
    expect(view.get_by_role("status")).to_contain_text("Event 2 of 21: content_block_start")
    for _ in range(3):
        press("ArrowRight")
    press("ArrowLeft")
    expect(view.get_by_role("status")).to_contain_text("Event 4 of 21")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^Event 4 of 21: "))
    expect(slider).to_be_focused()
    press("End")
    expect(view.get_by_role("status")).to_contain_text("Event 21 of 21: message_stop")
    before = view.bounding_box()
    press("Home")
    expect(view.get_by_role("status")).to_contain_text("Event 1 of 21")
    assert view.bounding_box()["height"] == pytest.approx(before["height"], abs=1)
    view.get_by_role("button", name="Next event").press("Enter")
    expect(view.get_by_role("status")).to_contain_text("Event 2 of 21")


@pytest.mark.parametrize("width", [900, 620])
def test_a_scrubber_keeps_its_height(notebook, width):
    """In narrow windows too, where some of its sentences take two lines and others three."""
    view, page = notebook.view("event_scrubber("), notebook.page
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": before["height"]})
    view.get_by_role("slider", name="event to show").focus()
    heights = set()
    for number in range(1, 22):
        page.keyboard.press("Home" if number == 1 else "ArrowRight")
        expect(view.get_by_role("status")).to_contain_text(f"Event {number} of 21")
        heights.add(round(view.bounding_box()["height"]))
    page.set_viewport_size(before)
    assert len(heights) == 1


def test_axe_finds_no_serious_fault_in_either_theme(notebook):
    """On every output of these cells."""
    page = notebook.page
    for theme in ("JupyterLab Light", DARK):
        page.get_by_role("menuitem", name="Settings", exact=True).click()
        page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).click()
        page.locator(".lm-Menu-itemLabel").get_by_text(theme, exact=True).click()
        expect(page.locator(f"body[data-jp-theme-name='{theme}']")).to_have_count(1)
        for line in (STREAM, BROKEN, "StreamView.side_by_side", "meter =", "event_scrubber(", LONG):
            area = notebook.cell(line).locator(".jp-OutputArea")
            assert serious_faults(area) == [], (theme, line)
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])
