"""What can go wrong on the site is said in a sentence, with what to do, and nothing is lost."""

import pytest
from playwright.sync_api import expect

from tests.exercises.proof import ROOT
from tests.site.visiting import note

pytestmark = [pytest.mark.site, pytest.mark.slow]

PATH = "00_start_here/00_start_here.ipynb"


def test_a_browser_without_webassembly(visitor):
    """It is named, with browsers that have it."""
    page = visitor.open_page()
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(visitor.page_of(PATH))
    assert "Open the course in a current Firefox" in note(page, "webassembly")


@pytest.mark.parametrize(
    "missing",
    [
        "Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: () => undefined})",
        "Object.defineProperty(window, 'indexedDB', {get: () => undefined})",
        "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }",
    ],
    ids=["no service worker", "no database", "a database that refuses"],
)
def test_a_browser_that_keeps_nothing(visitor, missing):
    """It says so before any work is done, and how to take the work along."""
    page = visitor.open_page()
    page.add_init_script(missing)
    page.goto(visitor.page_of(PATH))
    assert "save your progress with progress()" in note(page, "storage")


def test_the_course_opened_twice(visitor):
    """The second tab says so until the first is closed; then a new one does not."""
    first, second = visitor.open_page(), visitor.open_page()
    first.goto(visitor.page_of(PATH))
    first.wait_for_selector(".jp-Notebook")
    second.goto(visitor.page_of(PATH))
    assert "close the other" in note(second, "twice")
    first.close()
    told = second.locator('.course-note[data-about="twice"]')
    expect(told).to_have_count(0)
    second.reload()
    second.wait_for_selector(".jp-Notebook")
    # Longer than a page waits before it says so.
    second.wait_for_timeout(3_000)
    expect(told).to_have_count(0)


@pytest.mark.parametrize("name", ["python_stdlib.zip", "grader"])
def test_a_first_visit_that_is_interrupted(visitor, name):
    """A file of the kernel that doesn't arrive is told; after a reload the lesson runs."""
    packages = visitor.served.folder / "live" / "static" / "pyodide"
    refused = next(path.name for path in packages.iterdir() if path.name.startswith(name))
    visitor.served.refuse.add(refused)
    page = visitor.open_page()
    page.goto(visitor.page_of(PATH))
    assert "reload this page" in note(page, "arrival")
    page.close()
    visitor.served.refuse.clear()
    with visitor.lesson("00_start_here") as lesson:
        lesson.run("import anthropic")
        assert lesson.page.locator('.course-note[data-about="arrival"]').count() == 0


def test_the_scripts_of_the_site_are_those_of_the_sources(visitor):
    """What is tested here is what stands in the repository."""
    for name in ("watch.js", "work.html", "work.js"):
        built = visitor.served.folder / "live" / name
        assert built.read_bytes() == (ROOT / "binder" / "site" / "pages" / name).read_bytes()
