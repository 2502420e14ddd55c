"""A browser for each test, and a course in JupyterLab beside it."""

import pytest

from tests.browser.chromium import NAMES, find_chromium, open_page
from tests.browser.lab import start_lab
from tests.browser.lesson_page import LessonPage


@pytest.fixture
def folder(tmp_path_factory):
    """Return a folder that pytest keeps when a test fails, be it on its way in."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture
def blank_page(folder, request):
    """Return a page where no lesson is open yet; at the end a picture of it is taken."""
    program = find_chromium()
    if program is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    with open_page(program) as page:
        yield LessonPage(page)
        picture = folder / "screenshot.png"
        page.screenshot(path=picture)
        request.node.add_report_section("teardown", "screenshot", f"{picture}\n")


@pytest.fixture
def lesson(blank_page, folder):
    """Return the first lesson, open in a JupyterLab of its own."""
    with start_lab(folder) as lab:
        blank_page.open(lab, "00_start_here")
        yield blank_page
