"""Write a verdict as the panel that a learner sees.

Plain HTML with `<details>`: it needs no script, reads in any theme because it takes the colour of
the text around it, and stays true in a saved notebook. All of a learner's output is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from itertools import groupby

from grader.exams.evidence import MARK
from grader.exams.verdict import (
    ALMOST,
    CORRECT,
    CRASHED,
    NOT_STARTED,
    NOT_YET,
    SYMBOLS,
    Judged,
    Verdict,
)

# Literal colours, because JupyterLab strips variables from untrusted outputs, and its own orange
# has a contrast of 2.7 to 1 on white, where WCAG asks graphics for 3 to 1. The tests measure ours.
_BORDERS = {
    NOT_STARTED: "#757575",
    CRASHED: "#d32f2f",
    NOT_YET: "#b25a00",
    ALMOST: "#b25a00",
    CORRECT: "#388e3c",
}
_BOX = (
    "border-left:4px solid {border};padding:.4em 1em;margin:.3em 0;max-width:46em;"
    "line-height:1.5;overflow-wrap:anywhere"
)
# nbgrader's feedback pages hide the triangle that says "open me".
_SUMMARY = '<summary style="display:list-item;cursor:pointer">'
_CODE = (
    "margin:0;padding:.2em 0;overflow:auto;max-height:36em;white-space:pre-wrap;word-break:normal;"
    "overflow-wrap:anywhere;font-size:var(--jp-code-font-size, 13px);"
    "line-height:var(--jp-code-line-height, 1.31)"
)
_QUIET = "margin:.35em 0"
_MOST = 20_000
_NOT_REACHED = "—"


def panel(verdict: Verdict, *, footnotes: tuple[str, ...] = (), lead: tuple[str, ...] = ()) -> str:
    """Return a verdict as HTML; footnotes: plain sentences below the hints.

    lead: sentences at the top, the first in bold, if the verdict isn't on the newest code.
    """
    name = escape(verdict.exercise)
    parts = [
        (
            f'<div class="grader-verdict" role="group" aria-label="Verdict on {name}"'
            f' style="{_BOX.format(border=_BORDERS[verdict.outcome])}">'
        ),
        *_lead(lead),
        _heading(verdict),
        *_finding(verdict),
        _criteria(verdict),
        *_hints(verdict),
        *(f'<p style="{_QUIET}">{marked(note)}</p>' for note in footnotes),
        *_printed(verdict),
        *_requests(verdict),
        *_traceback(verdict),
        "</div>",
    ]
    # UTF-8 can't encode half a surrogate pair, so one would stop the message to the notebook.
    return "\n".join(parts).encode("utf-8", "backslashreplace").decode()


def _lead(sentences: tuple[str, ...]) -> list[str]:
    if not sentences:
        return []
    title, *rest = map(marked, sentences)
    return [f'<p style="{_QUIET}"><strong>✗ {title}</strong><br>{"<br>".join(rest)}</p>']


def _heading(verdict: Verdict) -> str:
    noun = "point" if verdict.maximum == 1 else "points"
    return (
        f'<p role="heading" aria-level="3" style="{_QUIET}">'
        f"<strong>{verdict.symbol} {verdict.outcome}</strong> · "
        f"<code>{escape(verdict.exercise)}</code> · "
        f"{verdict.points} of {verdict.maximum} {noun}</p>"
    )


def _finding(verdict: Verdict) -> list[str]:
    if verdict.finding is None:
        return []
    diagnosis = verdict.finding.diagnosis
    where = f"<br><strong>Where:</strong> {marked(diagnosis.where)}" if diagnosis.where else ""
    return [
        (
            f'<p style="{_QUIET}"><strong>{marked(diagnosis.title)}</strong> '
            f"{marked(verdict.finding.saw)}<br>{marked(diagnosis.why)}</p>"
        ),
        (f'<p style="{_QUIET}"><strong>Next:</strong> {marked(diagnosis.next)}{where}</p>'),
    ]


def _criteria(verdict: Verdict) -> str:
    rows = [
        f'<li style="list-style:none">{_mark(verdict, judged)} '
        f"{marked(judged.criterion.text)} "
        f"({_earned(verdict, judged)})"
        "</li>"
        for judged in verdict.judged
    ]
    # Some screen readers don't announce a list without bullets, unless it has the role.
    return f'<ul role="list" style="margin:.35em 0;padding:0">{"".join(rows)}</ul>'


def _mark(verdict: Verdict, judged: Judged) -> str:
    if verdict.outcome == NOT_STARTED:
        return SYMBOLS[NOT_STARTED]
    if not judged.is_reached:
        return _NOT_REACHED
    return "✓" if judged.is_met else "✗"


def _earned(verdict: Verdict, judged: Judged) -> str:
    points = judged.criterion.points
    is_open = verdict.outcome != NOT_STARTED and not judged.is_reached
    # The mark alone looks like a failure, and a screen reader doesn't read it at all.
    return f"{'not reached, ' if is_open else ''}{points if judged.is_met else 0} of {points}"


def _hints(verdict: Verdict) -> list[str]:
    if verdict.finding is None or not verdict.finding.hints:
        return []
    nested = ""
    hints = verdict.finding.hints
    for number in range(len(hints), 0, -1):
        nested = (
            f"<details>{_SUMMARY}hint {number} of {len(hints)}</summary>"
            f'<p style="{_QUIET}">{marked(hints[number - 1])}</p>{nested}</details>'
        )
    return [nested]


def _requests(verdict: Verdict) -> list[str]:
    if not verdict.requests or verdict.outcome == CORRECT:
        return []
    count = len(verdict.requests)
    place = verdict.shown_first
    if place is None:
        title = (
            "the request as it arrived" if count == 1 else f"the {count} requests as they arrived"
        )
        return [_folded(title, "\n\n".join(_all_written(verdict.requests)))]
    first = "the request" if count == 1 else f"request {place + 1} of {count}"
    shown = _folded(f"{first}, where it was seen", _written(verdict.requests[place]), is_open=True)
    others = (*verdict.requests[:place], *verdict.requests[place + 1 :])
    if not others:
        return [shown]
    title = "the other request" if len(others) == 1 else f"the {len(others)} other requests"
    return [shown, _folded(title, "\n\n".join(_all_written(others)))]


def _all_written(requests: Iterable[object]) -> Iterable[str]:
    """Yield each request as JSON, and a line for those that had no room."""
    for is_left_out, group in groupby(requests, key=lambda body: body is None):
        bodies = list(group)
        if is_left_out:
            noun = "request" if len(bodies) == 1 else "requests"
            yield f"{MARK.removesuffix(')')}: {len(bodies):,} {noun})"
        else:
            yield from map(_written, bodies)


def _written(body: object) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False)


def _printed(verdict: Verdict) -> list[str]:
    if not verdict.printed or verdict.outcome == CORRECT:
        return []
    return [_folded("what your code printed", verdict.printed)]


def _traceback(verdict: Verdict) -> list[str]:
    if not verdict.traceback:
        return []
    # The panel is about what we found before the crash.
    is_later = verdict.outcome != CRASHED
    title = "the traceback of a later error" if is_later else "the traceback"
    return [_folded(title, verdict.traceback)]


def _folded(title: str, text: str, *, is_open: bool = False) -> str:
    if len(text) > _MOST:
        text = f"{text[:_MOST]}\n… and {len(text) - _MOST} more characters"
    opened = "<details open>" if is_open else "<details>"
    return f"{opened}{_SUMMARY}{escape(title)}</summary>{preformatted(text)}</details>"


def preformatted(text: str) -> str:
    """Return code or JSON as HTML, in the size and spacing of a notebook's own code."""
    return f'<pre style="{_CODE}">{escape(text)}</pre>'


def marked(text: str) -> str:
    """Return a plain sentence as HTML: escaped, with `code` between backticks."""
    return re.sub(r"`([^`]+)`", _code, escape(text, quote=False))


def _code(found: re.Match[str]) -> str:
    # A browser shows several spaces as one, and an extra space may be the mistake.
    spaced = found[1].replace("  ", " \N{NO-BREAK SPACE}")
    return f"<code>{spaced}</code>"
