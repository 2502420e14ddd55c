"""A page for people, as one HTML file: nothing loaded, light and dark, no script but ours.

The code that makes a part escapes what a learner's code said, and `page` makes control characters
visible: a page may also be read in a terminal.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from grader.look.inert import inert
from grader.look.tokens import page_variables

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_TABLES = "tables.js"
_TAG = re.compile("<[^>]*>")
_LONG = 30
"""A cell with more letters isn't squeezed to a word a line, where there is little room."""
_RULES = """
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.2rem 1rem 3rem; max-width: 54rem; background: var(--gr-page);
  color: var(--gr-ink); font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .4rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p { margin: .5rem 0; }
a { color: var(--gr-act); }
.quiet { color: var(--gr-ink2); }
.said { border-left: 4px solid var(--gr-orange); padding: .1rem .9rem; }
/* Marks of direction in a learner's text end where the text ends. */
pre, code, bdi { unicode-bidi: isolate; }
code { font-family: ui-monospace, monospace; font-size: .92em; }
pre { font-family: ui-monospace, monospace; background: var(--gr-sunk); white-space: pre-wrap; }
/* A panel's code scrolls in a notebook; here it is whole, so that no keyboard is kept out. */
details > pre { padding: .5rem .7rem !important; max-height: none !important;
  overflow: visible !important; white-space: pre-wrap !important; }
details { margin: .35rem 0; }
td details { margin: 0; }
summary { cursor: pointer; }
:focus-visible { outline: 3px solid var(--gr-act); outline-offset: 2px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .95rem; }
caption { text-align: left; color: var(--gr-ink2); padding: .2rem 0; }
th, td { border-bottom: 1px solid var(--gr-line); padding: .25rem .9rem .25rem 0; text-align: left;
  vertical-align: top; overflow-wrap: normal; }
td.long, th.long { min-width: 14rem; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
figure { margin: .6rem 0; }
figure svg { max-width: 100%; height: auto; display: block; }
figcaption { color: var(--gr-ink2); font-size: .92rem; }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: .25rem 0;
  text-align: inherit; cursor: pointer; }
[aria-sort] button::after { content: " ▲"; }
[aria-sort=descending] button::after { content: " ▼"; }
.search input { font: inherit; padding: .3rem .5rem; color: var(--gr-ink);
  background: var(--gr-page); border: 1px solid var(--gr-ink2); border-radius: 4px; }
@media print {
  details:not([open]) > :not(summary) { display: block; }
  .search { display: none; }
  .wide { overflow: visible; }
  h2, figure { break-after: avoid; break-inside: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""


def page(title: str, body: str, *, has_tables: bool = False) -> str:
    """Return a whole page; title: plain text; body: HTML.

    has_tables: whether its tables are sorted by a press and searched, by the one script that the
    page's policy names by its hash.
    """
    script, policy = "", _POLICY
    if has_tables:
        source = files("grader.look").joinpath(_TABLES).read_text(encoding="utf-8")
        script = f"<script>{source}</script>\n"
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        policy = f"{_POLICY}; script-src 'sha256-{digest}'"
    return inert(
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{page_variables()}{_RULES}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n{script}</body>\n</html>\n"
    )


def lasting(seconds: float) -> str:
    """Return a time in words, as exactly as matters: 2 d 3 h, 3 h 5 min, 5 min or 40 s."""
    if seconds < 60:
        return f"{max(1, int(seconds))} s"
    minutes = int(seconds // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def table(
    caption: str,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    numbers: tuple[int, ...] = (),
) -> str:
    """Return a table; caption and head: plain text; rows: HTML, the first cell a heading.

    numbers: which columns hold numbers.
    """

    def kind(column: int, cell: str = "") -> str:
        if column in numbers:
            return ' class="number"'
        # What unfolds is as long as what it says before that.
        is_long = "<details" not in cell and len(_TAG.sub("", cell)) > _LONG
        return ' class="long"' if is_long else ""

    heads = "".join(
        f'<th scope="col"{kind(column)}>{escape(each)}</th>' for column, each in enumerate(head)
    )
    lines = "\n".join(
        f'<tr><th scope="row"{kind(0, row[0])}>{row[0]}</th>'
        + "".join(
            f"<td{kind(column, each)}>{each}</td>" for column, each in enumerate(row) if column
        )
        + "</tr>"
        for row in rows
    )
    # A region that scrolls must be reachable by the keyboard.
    return (
        f'<div class="wide" role="region" aria-label="{escape(caption)}" tabindex="0">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
    )
