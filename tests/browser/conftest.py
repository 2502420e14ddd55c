"""A browser for each test, and a course in JupyterLab beside it."""

import pytest

from tests.browser.chromium import chromium_or_skip, open_page
from tests.browser.lab import start_lab
from tests.browser.lesson_page import LessonPage


@pytest.fixture
def folder(tmp_path_factory):
    """Return a folder that pytest keeps when a test fails, be it on its way in."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture
def program():
    """Return the browser's path; without one the test is skipped."""
    return chromium_or_skip()


@pytest.fixture
def lab(program, folder):
    """Return a JupyterLab over a copy of the course."""
    with start_lab(folder) as started:
        yield started


@pytest.fixture
def blank_page(program, folder, request):
    """Return a page where no lesson is open yet; at the end a picture of it is taken."""
    with open_page(program) as page:
        yield LessonPage(page)
        picture = folder / "screenshot.png"
        page.screenshot(path=picture)
        request.node.add_report_section("teardown", "screenshot", f"{picture}\n")


@pytest.fixture
def lesson(lab, blank_page):
    """Return the first lesson, open in JupyterLab."""
    # The page is closed, and pictured, before its server stops.
    blank_page.open(lab, "00_start_here")
    return blank_page
