"""Widgets, verdicts and progress in JupyterLab: for everybody, in both themes, and by keyboard."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from grader.classroom.progress_file import Progress, ProgressRecord, progress_text
from tests.browser.axe import serious_faults
from tests.browser.chromium import NAMES, PATIENCE, find_chromium, open_page
from tests.browser.course_views import LAST_LINES, VERDICTS, WIDGETS, write_notebook
from tests.browser.lab import DARK, choose_theme, start_lab
from tests.browser.lesson_page import LessonPage
from tests.browser.letters import faint_letters

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What can be focused and seen, in the order of the page, by the name that a screen reader reads.
_CONTROLS = "button, a[href], summary, [tabindex='0'], select, textarea, input:not([type=file])"
_NAME = "each => (each.ariaLabel || each.labels?.[0]?.textContent || each.textContent).trim()"
_NAMES = f"""area => [...area.querySelectorAll(`{_CONTROLS}`)]
    .filter(each => each.checkVisibility()).map({_NAME})"""
_FOCUS_FIRST = f"""area => [...area.querySelectorAll(`{_CONTROLS}`)]
    .find(each => each.checkVisibility()).focus()"""
_FOCUSED = f"() => ({_NAME})(document.activeElement)"
_CHOICES = {
    "turn_stepper": ("Next call", "Call 2 of 2"),
    "sequence_stepper": ("Next turn", "Turn 2 of 3"),
    "broken_turns": ("Turn 3", "Turn 3 is broken"),
    "rosetta": ("B · max_tokens", "B: max_completion_tokens"),
    "block_explorer": ("two texts", "two texts: "),
    "backoff_timeline": ("with jitter", "With jitter: "),
    "progress": ("Save to a file", "Ready to save"),
}
"""The button that is pressed in each widget before it is looked at, and what is then read out."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Return a JupyterLab with a notebook of everything that is looked at."""
    if find_chromium() is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    with start_lab(tmp_path_factory.mktemp("views")) as started:
        write_notebook(started.course, "views")
        yield started


@pytest.fixture(scope="module")
def browser_page(lab):
    """Return a page in a browser that all tests here share."""
    with open_page(find_chromium()) as page:
        yield page


@pytest.fixture(scope="module")
def notebook(lab, browser_page):
    """Return the notebook, run; each widget shows what a learner would choose in it."""
    return _open(lab, browser_page, "views")


def _open(lab, page, name):
    opened = LessonPage(page)
    opened.open(lab, name, workspace=name)
    opened.run_all()
    opened.leave_cell()
    for widget, (button, words) in _CHOICES.items():
        place = area(opened, widget)
        place.get_by_role("button", name=button, exact=True).click()
        said = place.locator("[role=status], [role=alert]").filter(has_text=words)
        expect(said.first).to_be_visible()
    return opened


def area(notebook, name):
    """Return the outputs of the cell that shows a widget or a verdict."""
    source = notebook.page.locator(".cm-content", has_text=LAST_LINES[name])
    cells = notebook.page.locator(".jp-CodeCell").filter(has=source)
    # The line of an Almost is also the beginning of the line of a Correct.
    return cells.first.locator(".jp-OutputArea").first


def _faults(notebook):
    """Return what axe-core finds, and what has too little contrast, by what it is in.

    axe-core cannot tell the contrast of what JupyterLab draws, and says nothing of it.
    """
    found = {}
    for name in WIDGETS | VERDICTS:
        place = area(notebook, name)
        place.scroll_into_view_if_needed()
        found[name] = serious_faults(place) + faint_letters(place)
    return {name: faults for name, faults in found.items() if faults}


def test_nothing_has_a_serious_fault(notebook):
    """There is none in any widget or verdict, and one that is put there is found."""
    for outcome in VERDICTS:
        expect(area(notebook, outcome)).to_contain_text(f" {outcome}")
    assert _faults(notebook) == {}
    panel = area(notebook, "Almost").locator(".verdict")
    panel.evaluate("panel => { panel.style.color = '#bbbbbb'; panel.role = 'buttom'; }")
    assert "1.9 to 1: #bbbbbb on #ffffff: " in faint_letters(panel)[0]
    assert "aria-roles: " in serious_faults(panel)[0]
    panel.evaluate("panel => { panel.style.color = ''; panel.role = 'group'; }")
    assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


@pytest.mark.parametrize("name", [*WIDGETS, "Almost"])
def test_the_keyboard_reaches_every_control(notebook, name):
    """Tab goes from each to the next, in the order in which they are read, and traps nobody."""
    place = area(notebook, name)
    place.scroll_into_view_if_needed()
    names = place.evaluate(_NAMES)
    if name == "parallel_tools":
        assert names == []
        return
    assert all(names)
    place.evaluate(_FOCUS_FIRST)
    reached = [notebook.page.evaluate(_FOCUSED)]
    for _ in names[1:]:
        notebook.page.keyboard.press("Tab")
        reached.append(notebook.page.evaluate(_FOCUSED))
    assert reached == names
    notebook.page.keyboard.press("Tab")
    assert not place.evaluate("area => area.contains(document.activeElement)")


def test_a_choice_is_made_by_keyboard(notebook):
    """Enter and space choose, the focus stays, and what is shown is said aloud."""
    page = notebook.page
    trees = area(notebook, "rosetta")
    trees.get_by_role("button", name="C · system").focus()
    page.keyboard.press("Enter")
    expect(trees.get_by_role("alert").last).to_have_text("C: messages[0] · instructions → system")
    expect(trees.get_by_role("button", name="C · system")).to_be_focused()
    expect(trees.get_by_role("button", name="C · system")).to_have_attribute("aria-pressed", "true")
    replies = area(notebook, "block_explorer")
    replies.get_by_role("button", name="refusal").focus()
    page.keyboard.press("Space")
    expect(replies.get_by_role("status")).to_have_text("refusal: 1 of 4 ways survive")
    expect(replies.get_by_role("button", name="refusal")).to_be_focused()
    storm = area(notebook, "backoff_timeline")
    storm.get_by_role("button", name="stacked retries").focus()
    page.keyboard.press("Enter")
    expect(storm).to_contain_text("Stacked retries: 1,880 requests, 200 of 200 clients answered")
    expect(storm).to_contain_text("0 s: 0 answered, 400 refused")


def test_a_reopened_notebook_shows_the_still_face_of_everything(lab, notebook, browser_page):
    """With no kernel: what was played with is a picture, and what saves progress is words."""
    notebook.page.keyboard.press("ControlOrMeta+S")
    expect(notebook.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    place = lab.course / "reopened" / "reopened.ipynb"
    place.parent.mkdir()
    shutil.copyfile(lab.course / "views" / "views.ipynb", place)
    page = browser_page.context.browser.new_page(viewport={"width": 1280, "height": 9000})
    page.goto(lab.page_of("reopened/reopened.ipynb", workspace="reopened"))
    # All but `parallel_tools`, in which nothing can be pressed.
    stills, lost = page.locator(".gr-still"), page.get_by_text("Error displaying widget")
    expect(stills).to_have_count(len(WIDGETS) - 1, timeout=PATIENCE)
    expect(lost).to_have_count(len(WIDGETS) - 1, timeout=PATIENCE)
    for each in range(len(WIDGETS) - 1):
        expect(stills.nth(each)).to_be_visible()
        expect(lost.nth(each)).to_be_hidden()
    expect(page.get_by_text("To take your progress along")).to_be_visible()
    page.close()


def test_progress_is_saved_and_loaded(lab, notebook, tmp_path):
    """A link hands the file over; a damaged one changes nothing; a good one redraws the table."""
    kept = lab.course.parent / "progress.json"
    place = area(notebook, "progress")
    place.get_by_role("button", name="Save to a file").click()
    with notebook.page.expect_download() as download:
        place.get_by_role("link", name="Download claude-course-progress.json").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.name == "claude-course-progress.json"
    assert json.loads(saved.read_text()) == json.loads(kept.read_text())
    before = kept.read_bytes()
    damaged = tmp_path / "damaged.json"
    damaged.write_bytes(saved.read_bytes()[:40])
    _load(notebook, place, damaged)
    expect(place.get_by_role("alert")).to_contain_text(
        "✗ damaged.json has no progress of this course"
    )
    assert kept.read_bytes() == before
    better = tmp_path / "better.json"
    done = Progress({"describe_reply": ProgressRecord(1, 0, 3, is_correct=True)})
    better.write_text(progress_text(done), encoding="utf-8")
    _load(notebook, place, better)
    expect(place.get_by_role("alert")).to_contain_text("Now: 7 points, 2 correct.")
    expect(place).to_contain_text("Next: split_system in 01_structure")
    assert json.loads(kept.read_text())["exercises"]["first_call"]["is_correct"] is True
    place.get_by_role("link", name="01_structure").first.click()
    tab = notebook.page.get_by_role("tab", name="01_structure.ipynb")
    expect(tab).to_have_attribute("aria-selected", "true")


def _load(notebook, place, file):
    button = place.get_by_role("button", name="Load from a file")
    with notebook.page.expect_file_chooser() as chooser:
        button.press("Enter")
    chooser.value.set_files(file)


def test_nothing_has_a_serious_fault_in_the_dark_theme(lab, notebook, browser_page):
    """The same, in a notebook of its own."""
    choose_theme(lab.course.parent, DARK)
    write_notebook(lab.course, "dark")
    page = browser_page.context.browser.new_page()
    dark = _open(lab, page, "dark")
    expect(page.locator("body[data-jp-theme-light=false]")).to_have_count(1)
    assert _faults(dark) == {}
    assert (dark.complaints, dark.strangers, dark.failures) == ([], [], [])
    page.close()
