"""What a test asks a page about is found when it is there."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TROUBLED = """
<div class="jp-Dialog">Kernel died</div>
<div class="Toastify__toast">Not saved</div>
<div data-mime-type="application/vnd.jupyter.error">ValueError: 4</div>
<div data-mime-type="application/vnd.jupyter.stderr">careful</div>
<div data-mime-type="application/vnd.jupyter.stdout">Paris.</div>
<script>console.error("no such plugin"); console.log("all is well")</script>
<iframe src="http://stranger.invalid/"></iframe>
"""


def test_a_page_reports_what_went_wrong(blank_page):
    """Pop-ups, failed outputs, complaints of the browser and requests to strangers are told."""
    with blank_page.page.expect_request("**stranger.invalid/"):
        blank_page.page.set_content(TROUBLED, wait_until="commit")
    expect(blank_page.page.locator("iframe")).to_have_count(1)
    assert blank_page.pop_ups == ["Kernel died", "Not saved"]
    assert blank_page.failures == ["ValueError: 4", "careful"]
    assert blank_page.complaints[:1] == ["no such plugin"]
    assert blank_page.strangers == ["http://stranger.invalid/"]
