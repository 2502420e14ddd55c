"""The book: every lesson as a page, with outputs, links that lead somewhere, no serious fault."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect

from binder.site.folders import OUT
from grader.exercises import COURSE
from tests.browser.axe import serious_faults
from tests.exercises.proof import ROOT

pytestmark = [pytest.mark.site, pytest.mark.slow]

PAGES = ("index", "cheat_sheet", "search", *(f"{each.name}/{each.name}" for each in COURSE))
_FINGER = 24
"""The least width and height of what is pressed, in CSS pixels: WCAG 2.2, 2.5.8."""
_TOO_LARGE_OR_SMALL = """least => {
    const screen = document.documentElement.clientWidth, found = [];
    if (document.documentElement.scrollWidth > screen)
        found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const each of document.querySelectorAll("button, summary, input, select, textarea")) {
        const {width, height} = each.getBoundingClientRect();
        if (each.checkVisibility() && width > 0 && (width < least || height < least))
            found.push(`${each.outerHTML.slice(0, 90)}: ${width} x ${height}`);
    }
    return found;
}"""
_FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Links(HTMLParser):
    """Collect where a page leads, what it loads, and what can be led to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and found.get("href"):
            self.leads.append(found["href"])
        if tag in _FETCHED and found.get(_FETCHED[tag]) and found.get("rel") != "canonical":
            self.loads.append(found[_FETCHED[tag]])


def broken(page: Path, site: Path) -> list[str]:
    """Return the links of a page that lead to nothing in the site, anchors included."""
    links = Links(page)
    found = []
    for address in links.leads + links.loads:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "mailto", "data"):
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if target.is_dir():
            target /= "index.html"
        lesson = re.match(r"path=(.+)", parts.query)
        is_there = target.is_file()
        if is_there and lesson:
            is_there = (site / "live" / "files" / unquote(lesson[1])).is_file()
        elif is_there and parts.fragment and target.suffix == ".html":
            is_there = unquote(parts.fragment) in Links(target).anchors
        if not is_there:
            found.append(address)
    return found


def test_every_link_leads_somewhere():
    """Pages, anchors, lessons to open live, styles and scripts."""
    faults = {page: broken(OUT / f"{page}.html", OUT) for page in PAGES}
    assert {page: found for page, found in faults.items() if found} == {}


def test_a_page_loads_nothing_from_elsewhere():
    """No script, picture, font or style of another host."""
    for page in PAGES:
        loaded = Links(OUT / f"{page}.html").loads
        assert [each for each in loaded if urlsplit(each).netloc] == []


def test_a_broken_link_is_named(tmp_path):
    """The law above can be broken: a file, an anchor, a lesson that isn't there."""
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "index.html").touch()
    (tmp_path / "page.html").write_text(
        '<a id="here"></a><a href="#here">1</a><a href="#gone">2</a><a href="gone.html">3</a>'
        '<a href="live/index.html?path=gone.ipynb">4</a><img src="gone.png"><a href="https://x/">5</a>'
    )
    found = broken(tmp_path / "page.html", tmp_path)
    assert found == ["#gone", "gone.html", "live/index.html?path=gone.ipynb", "gone.png"]


def test_every_notebook_is_a_page_with_a_way_to_run_it():
    """The page names the very notebook; its outputs are there, and no output failed."""
    for source in sorted((ROOT / "course").rglob("*.ipynb")):
        if ".ipynb_checkpoints" in source.parts:
            continue
        name = source.relative_to(ROOT / "course")
        page = (OUT / name.with_suffix(".html")).read_text("utf-8")
        assert f"live/lab/index.html?path={name.as_posix()}" in page
        assert "widget-view+json" not in page
        assert "Traceback (most recent call last)" not in re.sub(
            r"<details.*?</details>", "", page, flags=re.DOTALL
        )
    for lesson in COURSE:
        page = (OUT / lesson.name / f"{lesson.name}.html").read_text("utf-8")
        assert page.count("cell_output") > 5
        assert page.count('class="gr verdict') == len(lesson.exercises)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_serious_fault(visitor, theme):
    """axe-core's rules of WCAG 2 A and AA, in both themes."""
    page = visitor.open_page()
    page.emulate_media(color_scheme=theme)
    faults = {}
    for name in PAGES:
        page.goto(f"{visitor.served.address}/{name}.html")
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        faults[name] = serious_faults(page.locator("html"))
    page.goto(f"{visitor.served.address}/live/work.html")
    faults["work"] = serious_faults(page.locator("html"))
    assert {name: found for name, found in faults.items() if found} == {}
    assert visitor.strangers == []


@pytest.mark.parametrize("width", [380, 820])
def test_a_page_fits_phones_and_tablets(visitor, width):
    """Nothing is wider than the screen, and a finger hits what is to be pressed."""
    page = visitor.open_page()
    page.set_viewport_size({"width": width, "height": 800})
    faults = {}
    for name in (*PAGES, "live/work"):
        page.goto(f"{visitor.served.address}/{name}.html")
        faults[name] = page.evaluate(_TOO_LARGE_OR_SMALL, _FINGER)
    assert {name: found for name, found in faults.items() if found} == {}


def test_the_search_finds_a_lesson(visitor):
    """What a reader types leads to the page that is about it."""
    page = visitor.open_page()
    page.goto(f"{visitor.served.address}/search.html?q=backoff")
    expect(page.locator("#search-results a").first).to_be_visible()
    assert "08_production" in "".join(
        page.locator("#search-results a").evaluate_all("all => all.map(a => a.href)")
    )
