"""A course in JupyterLab for each test, with a browser beside it."""

import pytest

from tests.browser.chromium import NAMES, find_chromium, open_page
from tests.browser.lab import start_lab
from tests.browser.lesson_page import LessonPage


@pytest.fixture
def open_lesson(tmp_path, request):
    """Return what opens a lesson in a JupyterLab of its own.

    At the end a picture is taken; pytest keeps the folder of a test that failed.
    """
    program = find_chromium()
    if program is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    with start_lab(tmp_path) as lab, open_page(program) as page:
        yield lambda lesson: LessonPage(page, lab, lesson)
        picture = tmp_path / "screenshot.png"
        page.screenshot(path=picture)
        request.node.add_report_section("teardown", "screenshot", f"{picture}\n")
