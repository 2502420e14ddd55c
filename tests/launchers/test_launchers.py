"""Each way to open the course that can be tried here: the same newcomer, the same points.

Colab, Kaggle, Codespaces and VS Code have pages of their own that no test can open; what they
bring is tried in tests/binder.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from binder.site.folders import OUT
from grader.exercises import COURSE
from tests.binder.image import build_image
from tests.browser.chromium import chromium_or_skip, open_page
from tests.browser.lab import Lab, start_lab, start_server
from tests.browser.lesson_page import LessonPage
from tests.launchers.newcomer import HEAD, begin, find_points, reach_a_verdict, solve
from tests.site.serving import serve
from tests.site.visiting import visit

pytestmark = [pytest.mark.site, pytest.mark.slow]

START = COURSE[0].name
_NOTEBOOK_SETTINGS = "lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"


@pytest.fixture
def program():
    """Return the browser's path; without one the test is skipped."""
    return chromium_or_skip()


@pytest.fixture(scope="module")
def table():
    """Collect a line from each launcher, and print them in the end."""
    lines = [HEAD, "|---|---|---|---|---|---|"]
    yield lines
    print("", *lines, sep="\n")


def test_the_site(program, tmp_path, table):
    """Nothing is asked of other hosts; what was done is there in a browser that was closed."""
    if not (OUT / "live").is_dir():
        pytest.fail("There is no site in out/site; `make site` builds it.")
    with serve(OUT) as served:
        for name in ("the site, first visit", "the site, second visit"):
            # A browser that was closed in between, as on another day.
            with visit(program, tmp_path / "profile", served) as visitor:
                before, took = served.megabytes, begin()
                with visitor.lesson(START) as lesson:
                    reach_a_verdict(took, lesson)
                    sent = served.megabytes - before
                    if "first" in name:
                        solve(lesson)
                    find_points(took, lesson)
                    shown = lesson.cell("progress()")
                    expect(shown).to_contain_text("Kept in this browser, beside your notebooks")
                    assert visitor.progress(lesson.page).record("first_call").points == 4
                assert visitor.strangers == []
                table.append(took.row(name, sent))


def test_make_lab(program, tmp_path, table):
    """JupyterLab on one's own machine, after the first set-up."""
    took = begin()
    with start_lab(tmp_path) as lab:
        table.append(_work(program, lab, took).row("`make lab`, set up before"))


def test_binder(program, tmp_path, table):
    """The image that Binder builds, once it has started; its queue and its download come before."""
    image = build_image(tmp_path)
    # Its older JupyterLab forgets cells that are out of sight; here they are found by their text.
    settings = Path(image.environment["HOME"]) / ".jupyter" / _NOTEBOOK_SETTINGS
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}', encoding="utf-8")
    command = ["./binder/start", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1"]
    took = begin()
    with start_server(command, image.repository, image.environment) as (address, token):
        lab = Lab(address, token, image.repository / "course", prefix="course/")
        table.append(_work(program, lab, took).row("Binder's image, built and started"))


def _work(program, lab, took):
    """Work through the lesson in a JupyterLab, and load its page anew."""
    with open_page(program) as page:
        lesson = LessonPage(page)
        lesson.open(lab, START)
        reach_a_verdict(took, lesson)
        solve(lesson)
        page.reload()
        lesson.expect_drawn(lab, START)
        find_points(took, lesson)
        assert lesson.strangers == []
    return took
