"""Predictions in JupyterLab: by keyboard, in two themes and widths, and in a saved notebook."""

import json
import os

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import expect

from grader.exams import ANSWER_TYPE
from tests.browser.axe import serious_faults
from tests.browser.chromium import NAMES, find_chromium, open_page
from tests.browser.lab import DARK, choose_theme, start_lab
from tests.browser.lesson_page import LessonPage
from tests.browser.letters import faint_letters

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
_ASK = 'predict("missing-key")'
_DEMO = 'keyless = client.copy()\nprint("The client is made.\\nTypeError: no key")'
_TOLD = "At the first request, and with a `TypeError`."
_SOURCES = (
    "from grader.classroom import calibration, connect, predict, progress\nclient = connect()",
    _ASK,
    _DEMO,
    "calibration()",
)
_WIDER = """place => [...place.querySelectorAll(".gr, .gr *")].filter(each =>
    each.getBoundingClientRect().right > place.getBoundingClientRect().right + 1).length"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Return a JupyterLab whose course can be written to."""
    if find_chromium() is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    with start_lab(tmp_path_factory.mktemp("predictions")) as started:
        yield started


def _write(lab, name, outputs=None):
    cells = [
        nbformat.v4.new_code_cell(source, id=f"c{at}", outputs=(outputs or {}).get(at, []))
        for at, source in enumerate(_SOURCES)
    ]
    # Below the cell that answers, as in the lessons.
    cells.insert(3, nbformat.v4.new_markdown_cell(_TOLD, id="told"))
    place = lab.course / name / f"{name}.ipynb"
    place.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=_KERNEL), place)
    return place


def _area(notebook, line):
    return notebook.cell(line).locator(".jp-OutputArea").first


def _faults(place):
    place.scroll_into_view_if_needed()
    return serious_faults(place) + faint_letters(place) + [place.evaluate(_WIDER)]


@pytest.mark.parametrize(("theme", "width"), [(None, 900), (DARK, 380)], ids=["light", "dark"])
def test_a_prediction_is_made_by_keyboard_answered_and_kept(lab, tmp_path, theme, width):
    """Two keys, then the cell: what came stands below it, and in the saved notebook."""
    if theme is not None:
        choose_theme(lab.course.parent, theme)
    (lab.course.parent / "progress.json").unlink(missing_ok=True)
    name = f"predict_{width}"
    place = _write(lab, name)
    with open_page(find_chromium(), width=width) as page:
        notebook = LessonPage(page)
        notebook.open(lab, name, workspace=name)
        if width < 700:
            # JupyterLab's own file list would take most of the width.
            page.keyboard.press("Control+b")
        notebook.run("client = connect()")
        notebook.run(_ASK)
        asked = _area(notebook, _ASK)
        choice = asked.get_by_role("button", name="a · When you make the client.")
        expect(asked.get_by_role("group", name="Your prediction")).to_be_visible()
        choice.focus()
        page.keyboard.press("Enter")
        expect(asked.get_by_role("status")).to_have_text("Your prediction: a.")
        expect(choice).to_be_focused()
        expect(choice).to_have_attribute("aria-pressed", "true")
        sure = asked.get_by_role("button", name="sure", exact=True)
        sure.focus()
        page.keyboard.press("Space")
        expect(asked.get_by_role("status")).to_have_text("Your prediction: a, sure.")
        assert _faults(asked) == [0]
        height = asked.bounding_box()["height"]
        told = page.locator(".jp-RenderedMarkdown p", has_text="At the first request")
        veil = "each => getComputedStyle(each).filter"
        assert told.evaluate(veil) == "blur(4px)"
        told.hover()
        assert told.evaluate(veil) == "none"
        page.mouse.move(0, 0)
        page.screenshot(path=tmp_path / "asked.png")
        notebook.run("keyless = client.copy()")
        answer = _area(notebook, "keyless = client.copy()")
        expect(answer).to_contain_text("you, sure")
        expect(answer).to_contain_text("what happened")
        expect(asked.get_by_role("button")).to_have_count(0)
        choice = notebook.cell("from grader.classroom import").locator(".cm-content")
        choice.click()
        assert told.evaluate(veil) == "none"
        # On a phone the last line may become two.
        spare = 0 if width > 700 else 24
        assert asked.bounding_box()["height"] == pytest.approx(height, abs=spare + 2)
        notebook.run("calibration()")
        line = _area(notebook, "calibration()")
        expect(line).to_contain_text("sure and wrong: 1, about a missing key")
        for each in (asked, answer, line):
            assert _faults(each) == [0]
        page.screenshot(path=tmp_path / "answered.png")
        page.keyboard.press("Control+s")
        expect(page.locator(".jp-mod-dirty")).to_have_count(0)
        saved = nbformat.read(place, 4)
        kept = [out["data"][ANSWER_TYPE] for out in saved.cells[2].outputs if "data" in out]
        assert kept == [{"id": "missing-key", "choice": "a", "sure": 3, "came": "b"}]
        kept = json.loads((lab.course.parent / "progress.json").read_text())["predictions"]
        assert kept == {"missing-key": {"choice": "a", "sure": 3, "came": "b"}}
        assert (notebook.complaints, notebook.strangers, notebook.failures) == ([], [], [])


def test_a_saved_notebook_shows_question_and_answer_without_a_kernel(lab, tmp_path):
    """No view is there, and nothing says so: the words are."""
    sources = [_SOURCES[0], 'predict("missing-key", "a", sure=3)', *_SOURCES[2:]]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells, metadata=_KERNEL))
    done = client.execute(env={**os.environ, "GRADER_PROGRESS": str(tmp_path / "progress.json")})
    outputs = {at: cell.outputs for at, cell in enumerate(done.cells)}
    _write(lab, "reopened", outputs)
    with open_page(find_chromium(), width=900) as page:
        notebook = LessonPage(page)
        notebook.open(lab, "reopened", workspace="reopened")
        asked = _area(notebook, _ASK)
        expect(asked).to_contain_text("You forget the key.")
        expect(asked).to_contain_text("Your prediction: a, sure.")
        expect(asked).not_to_contain_text("model not found")
        expect(_area(notebook, "keyless = client.copy()")).to_contain_text("what happened")
