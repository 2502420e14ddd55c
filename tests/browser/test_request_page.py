"""The page of requests that `grader serve` shows, in a real browser."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any, Literal

import anthropic
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious_faults
from tests.browser.chromium import open_page
from tests.serving import Serving, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

KEY = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz-WXYZ"
ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 200,
    "messages": [{"role": "user", "content": f"What is the capital of France? <b>{KEY}</b>"}],
}
TOOL = {
    "name": "get_weather",
    "description": "Tell the weather in a city.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
}


@pytest.fixture
def server() -> Iterator[Serving]:
    """Serve the simulated API for a test."""
    with serving() as started:
        yield started


@pytest.fixture
def page(program: str) -> Iterator[Page]:
    """Open a browser that reaches no other host, and fails the test that tries."""
    with open_page(program) as opened:
        yield opened


def ask(server: Serving, key: str = KEY) -> None:
    """Send one request of each kind that a person looks for."""
    with anthropic.Anthropic(api_key=key, base_url=server.address, max_retries=0) as client:
        client.messages.create(**ASK, tools=[TOOL])
        with client.messages.stream(**ASK) as stream:
            stream.until_done()
        with pytest.raises(anthropic.NotFoundError):
            client.messages.create(**{**ASK, "model": "<script>alert(1)</script>"})
        with pytest.raises(anthropic.RateLimitError):
            client.messages.create(**ASK, extra_headers={"x-simulator-fault": "429, retry-after=2"})
        with pytest.raises(anthropic.APIConnectionError):
            client.messages.create(**ASK, extra_headers={"x-simulator-fault": "cut"})


def test_requests_are_shown_as_they_arrive(server: Serving, page: Page) -> None:
    """Newest first, without a request to another host, and nothing in them runs."""
    hosts: set[str] = set()
    said: list[str] = []
    page.on("request", lambda sent: hosts.add(sent.url.split("/")[2]))
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{server.address}/")
    expect(page.get_by_role("status")).to_have_text("Waiting for the first request.")
    ask(server)
    rows = page.locator("#list > li")
    expect(rows).to_have_count(5)
    expect(page.get_by_role("status")).to_have_text("The last 5 requests, newest first.")
    assert [row.locator(".status").inner_text() for row in rows.all()] == [
        "cut",
        "429",
        "404",
        "200",
        "200",
    ]
    expect(rows.nth(1)).to_contain_text("x-simulator-fault: 429, retry-after=2")
    expect(rows.nth(2)).to_contain_text("not_found_error: model: <script>alert(1)</script>")
    expect(rows.nth(4)).to_contain_text("1 message · 1 tool")
    page.get_by_label("Errors only").check()
    expect(page.locator("#list > li:visible")).to_have_count(3)
    assert hosts == {server.address.removeprefix("http://")}
    # Chromium tells that a request failed; the page itself has nothing to say.
    assert said == []


def test_a_request_is_opened_by_keyboard_and_no_key_is_in_it(server: Serving, page: Page) -> None:
    """Tab to it, Enter; it stays open while others arrive."""
    ask(server)
    page.goto(f"{server.address}/")
    rows = page.locator("#list > li")
    expect(rows).to_have_count(5)
    for _ in range(7):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    opened = rows.nth(4)
    expect(opened.get_by_role("region", name="Request", exact=True)).to_contain_text(
        "What is the capital of France?"
    )
    expect(opened.get_by_role("region", name="Reply")).to_contain_text("claude-sonnet-4-6")
    expect(opened).to_contain_text("sk-ant-…WXYZ")
    ask(server)
    expect(rows).to_have_count(10)
    expect(rows.nth(9).get_by_role("region", name="Reply")).to_be_visible()
    assert KEY not in page.content()
    with urllib.request.urlopen(f"{server.address}/requests") as reply:
        lines = json.load(reply)
    assert KEY not in json.dumps(lines)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(
    server: Serving, page: Page, folder: Any, scheme: Literal["light", "dark"]
) -> None:
    """In both schemes, wide and narrow: no serious fault of access, nothing cut off."""
    page.emulate_media(color_scheme=scheme)
    # axe is a script, which the page's policy forbids: it is lifted here alone.
    page.route(
        f"{server.address}/", lambda route: route.fulfill(body=route.fetch().text(), status=200)
    )
    ask(server)
    page.goto(f"{server.address}/")
    rows = page.locator("#list > li")
    expect(rows).to_have_count(5)
    rows.nth(3).locator("summary").click()
    expect(rows.nth(3).get_by_role("region", name="Reply")).to_be_visible()
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=folder / f"{scheme}-{width}.png")
        assert serious_faults(page.locator("body")) == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


def test_a_server_with_a_key_asks_for_it(page: Page) -> None:
    """A wrong one is said to be so; the right one shows the requests."""
    with serving("--api-key", "open-sesame") as server:
        ask(server, "open-sesame")
        page.goto(f"{server.address}/")
        field = page.get_by_label("This server answers to one key:")
        field.fill("wrong")
        field.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("This key is not the one.")
        expect(page.locator("#list > li")).to_have_count(0)
        field.fill("open-sesame")
        field.press("Enter")
        expect(page.locator("#list > li")).to_have_count(5)
        expect(field).to_be_hidden()
