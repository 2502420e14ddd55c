"""A visitor of the site: a browser with a profile of its own, which reaches no other host."""

from __future__ import annotations

import re
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Request, expect, sync_playwright

from grader.classroom.progress_file import Progress, parse_progress
from tests.browser.chromium import FLAGS
from tests.browser.lesson_page import LessonPage
from tests.exercises.proof import ROOT
from tests.site.serving import Served

COURSE = ROOT / "course"
PATIENCE = 600_000
"""How long a kernel or a notebook may take on a busy machine, in milliseconds."""
_HERE = re.compile(r"^(http://127\.0\.0\.1:|data:|blob:)")
_DATABASE = "JupyterLite Storage - /live/"
_READ = """async ([name, pattern]) => {
    const done = request => new Promise((yes, no) => {
        request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error);
    });
    const database = await done(indexedDB.open(name));
    const files = await done(database.transaction("files").objectStore("files").getAll());
    database.close();
    const kept = files.filter(each => new RegExp(pattern).test(each.path));
    return kept.map(each => [each.path, each.content]);
}"""


@dataclass
class Visitor:
    """Hold a browser that knows the site; strangers: what it asked other hosts for, in vain."""

    context: BrowserContext
    served: Served
    strangers: list[str] = field(default_factory=list)
    course: Path = COURSE

    def note_request(self, request: Request) -> None:
        """Remember a request that would leave this machine."""
        if not _HERE.match(request.url):
            self.strangers.append(request.url)

    def page_of(self, path: str, *, workspace: str = "default") -> str:
        """Return the address that opens a file of the course; there is one workspace."""
        return f"{self.served.address}/live/lab/index.html?path={path}"

    def open_page(self) -> Page:
        """Open an empty page."""
        page = self.context.new_page()
        page.set_default_timeout(60_000)
        return page

    @contextmanager
    def lesson(self, lesson: str) -> Iterator[LessonPage]:
        """Open a lesson and its kernel; the page is closed at the end."""
        opened = LessonPage(self.open_page(), patience=PATIENCE)
        try:
            opened.open(self, lesson)
            yield opened
        finally:
            opened.page.close()

    def progress(self, page: Page) -> Progress:
        """Return the progress that the browser keeps."""
        kept = page.evaluate(_READ, [_DATABASE, r"^\.course/grader/progress-\w+\.json$"])
        ((_, content),) = kept
        # What a kernel writes is kept in base64.
        return parse_progress(b64decode(content).decode())

    def wait_for_saved(self, page: Page, path: str) -> Any:
        """Return a notebook as the browser keeps it, once it does."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            kept = page.evaluate(_READ, [_DATABASE, f"^{re.escape(path)}$"])
            if kept:
                return kept[0][1]
            page.wait_for_timeout(200)
        raise AssertionError(f"{path} was not saved.")


@contextmanager
def visit(program: str, profile: Path, served: Served, **options: Any) -> Iterator[Visitor]:
    """Open a browser with a profile in a folder, so that its cache and storage are a visitor's."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=program,
            # Not by Playwright's routes, which switch the browser's cache off.
            args=[*FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
            viewport={"width": 1280, "height": 900},
            **options,
        )
        visitor = Visitor(context, served)
        context.on("request", visitor.note_request)
        try:
            yield visitor
        finally:
            context.close()


def note(page: Page, about: str) -> str:
    """Return what the page says at its foot about something, once it does."""
    told = page.locator(f'.course-note[data-about="{about}"]')
    expect(told).to_be_visible(timeout=60_000)
    return told.inner_text()
