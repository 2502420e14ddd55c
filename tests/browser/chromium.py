"""The machine's own Chromium, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 30_000
"""How long a step may take before it counts as failed, in milliseconds."""

# Playwright makes a new profile each time, and turns most background traffic off by itself.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def chromium_or_skip() -> str:
    """Return the path of a Chromium or Chrome; without one, skip the test."""
    found = find_chromium()
    if found is None:
        pytest.skip(f"No browser on the PATH: none of {', '.join(NAMES)} is installed.")
    return found


@contextmanager
def open_page(
    program: str, *, width: int = 1280, height: int = 900, pixel_ratio: float = 1.0
) -> Iterator[Page]:
    """Open a blank page in a browser of its own; width, height: in CSS pixels.

    The block may not use asyncio: Playwright's loop runs in this thread until it ends.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            page = browser.new_page(
                viewport={"width": width, "height": height}, device_scale_factor=pixel_ratio
            )
            page.set_default_timeout(PATIENCE)
            yield page
        finally:
            browser.close()
