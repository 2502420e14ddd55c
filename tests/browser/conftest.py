"""A browser for each test, and a course in JupyterLab beside it."""

import pytest

from tests.browser.chromium import NAMES, find_chromium, open_page
from tests.browser.lab import start_lab
from tests.browser.lesson_page import LessonPage


@pytest.fixture
def blank_page(tmp_path, request):
    """Return a page where no lesson is open yet.

    At the end a picture is taken; pytest keeps the folder of a test that failed.
    """
    program = find_chromium()
    if program is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    with open_page(program) as page:
        yield LessonPage(page)
        picture = tmp_path / "screenshot.png"
        page.screenshot(path=picture)
        request.node.add_report_section("teardown", "screenshot", f"{picture}\n")


@pytest.fixture
def lesson(blank_page, tmp_path):
    """Return the first lesson, open in a JupyterLab of its own."""
    with start_lab(tmp_path) as lab:
        blank_page.open(lab, "00_start_here")
        yield blank_page
