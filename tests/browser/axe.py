"""axe-core's accessibility check on a part of a page: WCAG 2 A and AA, serious faults only."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Locator

_RUN = """async part => {
    const options = {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]};
    const {violations} = await axe.run(part, options);
    return violations.filter(each => ["serious", "critical"].includes(each.impact)).map(each =>
        `${each.id}: ${each.help}: ${each.nodes.map(node => node.html.slice(0, 200)).join(" | ")}`);
}"""


def serious_faults(part: Locator) -> list[str]:
    """Return what axe-core finds serious or critical in a part of a page, a line each."""
    page = part.page
    if not page.evaluate("() => 'axe' in window"):
        # The package brings the script of axe-core along: nothing is fetched.
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found: list[str] = part.evaluate(_RUN)
    return found
