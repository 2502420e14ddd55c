"""The built site, served, and a visitor with a fresh profile."""

import pytest

from binder.site.folders import OUT
from tests.browser.chromium import chromium_or_skip
from tests.site.serving import serve
from tests.site.visiting import visit


@pytest.fixture
def program():
    """Return the browser's path; without one the test is skipped."""
    return chromium_or_skip()


@pytest.fixture
def served():
    """Serve the site as it was built last."""
    if not (OUT / "live").is_dir():
        pytest.fail("There is no site in out/site; `make site` builds it.")
    with serve(OUT) as started:
        yield started


@pytest.fixture
def visitor(program, served, tmp_path):
    """Return somebody who has never been here."""
    with visit(program, tmp_path / "profile", served) as arrived:
        yield arrived
