"""Write a verdict as the panel that a learner sees.

Plain HTML with `<details>`: it needs no script, reads in any theme, and stays true in a saved
notebook. Its layout is in styles of its own, which JupyterLab leaves to an untrusted output; the
style sheet adds the theme. All of a learner's output is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
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
from grader.look import SUMMARY, literal, style_sheet, themed, tinted

_HUES = {
    NOT_STARTED: "grey",
    CRASHED: "red",
    NOT_YET: "orange",
    ALMOST: "orange",
    CORRECT: "green",
}
_STATES = {CORRECT: "correct"}
_BOX = (
    "max-width:980px;padding:16px 20px;border-radius:8px;"
    "border:1px solid var(--gr-hair,transparent);line-height:1.5;overflow-wrap:anywhere;"
)
_HEAD = "display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;margin:0 0 12px"
_TAG = "padding:1px 12px 1px 9px;border-radius:999px;font-size:14px;"
_PIPS = "display:inline-flex;flex-wrap:wrap;gap:3px;align-items:center"
_SCORE = "display:inline-flex;flex-wrap:wrap;gap:4px 8px;margin-left:auto;align-items:center"
_PIP = "display:inline-block;width:{width}px;height:10px;border-radius:2px;"
_FINDING = "font-size:18px;line-height:1.3;margin:0"
_NEXT = (
    "display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;margin:12px 0 16px;"
    "padding:8px 12px;border-radius:6px;"
)
# Two columns where there is room for both, one below the other where there isn't.
_COLUMNS = "display:flex;flex-wrap:wrap;gap:12px 24px;align-items:flex-start"
_CRITERIA = "flex:5 1 19em;min-width:0"
_EVIDENCE = "flex:6 1 21em;min-width:0"
_ROW = (
    "list-style:none;display:grid;grid-template-columns:20px 1fr auto;gap:0 6px;padding:4px 8px;"
    "border-radius:4px"
)
# nbgrader's feedback pages hide the triangle that says "open me".
_SUMMARY = f'<summary style="{SUMMARY}">'
_CODE = (
    "margin:0;padding:.2em 0;white-space:pre-wrap;word-break:normal;"
    "overflow-wrap:anywhere;font-size:var(--jp-code-font-size, 13px);"
    "line-height:var(--jp-code-line-height, 1.31)"
)
# Half a line at its end, and the edge below it, say that there is more.
_SCROLLS = (
    ";overflow:auto;max-height:34.9em;border-bottom:1px dashed var(--jp-border-color1, #9e9e9e)"
)
_WHOLE = 40
"""How many lines of code are shown whole; more of them scroll."""
_PLAIN = "margin:4px 0 0"
_KINDS = {"✓": "met", "✗": "bad", "—": "off"}
_MOST = 20_000
_MOST_PIPS = 16
_NOT_REACHED = "—"


def panel(
    verdict: Verdict,
    *,
    footnotes: tuple[str, ...] = (),
    lead: tuple[str, ...] = (),
    onward: str = "",
    craft: str = "",
    is_in_lesson: bool = False,
    brings_style: bool = True,
) -> str:
    """Return a verdict as HTML; footnotes: plain sentences below the hints.

    lead: sentences about the newest code, the first of them a headline, if the verdict isn't on
    it; the verdict is then folded. onward, craft: what to try after a correct answer, and how it
    compares, as plain sentences. is_in_lesson: whether the page has the headings that a diagnosis
    points to. brings_style: whether the style sheet comes with it; a page needs it once.
    """
    name = escape(verdict.exercise)
    hue = "red" if lead else _HUES[verdict.outcome]
    state = "" if lead else _STATES.get(verdict.outcome, "")
    box = f"{_BOX}{themed('border-left:6px solid {0}', hue)}"
    whole = _whole(verdict, footnotes, onward, craft, is_in_lesson=is_in_lesson)
    body = _behind_lead(verdict, lead, whole) if lead else whole
    parts = [
        *([style_sheet("verdict")] if brings_style else []),
        (
            f'<div class="{" ".join(filter(None, ("gr verdict", state)))}" role="group"'
            f' aria-label="Verdict on {name}"><div class="box" style="{box}">'
        ),
        *body,
        "</div></div>",
    ]
    # UTF-8 can't encode half a surrogate pair, so one would stop the message to the notebook.
    return literal("\n".join(parts).encode("utf-8", "backslashreplace").decode())


def _whole(
    verdict: Verdict, footnotes: tuple[str, ...], onward: str, craft: str, *, is_in_lesson: bool
) -> list[str]:
    notes = [f'<p style="margin:12px 0 0">{marked(note)}</p>' for note in footnotes]
    evidence = [*_requests(verdict), *_printed(verdict), *_traceback(verdict)]
    told = [f'<p class="craft" style="margin:12px 0 0">{marked(craft)}</p>'] if craft else []
    criteria = [_criteria(verdict), *_hints(verdict), *told, *notes]
    columns = [f'<div style="{_CRITERIA}">', *criteria, "</div>"]
    if evidence:
        columns += [f'<div style="{_EVIDENCE}">', *evidence, "</div>"]
    return [
        _heading(verdict),
        *_finding(verdict, is_in_lesson=is_in_lesson),
        *([_next(f"<span><strong>Next:</strong> {marked(onward)}</span>")] if onward else []),
        f'<div style="{_COLUMNS}">',
        *columns,
        "</div>",
    ]


def _behind_lead(verdict: Verdict, lead: tuple[str, ...], whole: list[str]) -> list[str]:
    """Return what is wrong with the newest code, and the verdict on the older code folded."""
    title, *rest = map(marked, lead)
    told = [f'<p class="saw" style="{_PLAIN}">{sentence}</p>' for sentence in rest]
    heading = (
        f'<p class="finding" role="heading" aria-level="3" style="{_FINDING}">'
        f"<strong>✗ {title}</strong></p>"
    )
    if verdict.diagnosis == "missing":
        return [heading, *told]
    older = f"{verdict.symbol} {verdict.outcome}, {_points(verdict)}"
    return [
        heading,
        *told,
        (
            f'<details style="margin-top:12px">{_SUMMARY}the verdict on the version before it: '
            f"{older}</summary>"
        ),
        *whole,
        "</details>",
    ]


def _heading(verdict: Verdict) -> str:
    hue = _HUES[verdict.outcome]
    tag = f"{_TAG}{themed('border:1.5px solid {0}', hue)};{tinted(hue)}"
    return (
        f'<p role="heading" aria-level="3" style="{_HEAD}">'
        f'<strong class="tag" style="{tag};color:var(--gr-{hue},inherit)">'
        f"{verdict.symbol} {verdict.outcome}</strong> "
        f"<code>{escape(verdict.exercise)}</code> "
        f'<span style="{_SCORE}">{_pips(verdict)}<span>{_points(verdict)}</span></span></p>'
    )


def _points(verdict: Verdict) -> str:
    noun = "point" if verdict.maximum == 1 else "points"
    return f"{verdict.points} of {verdict.maximum} {noun}"


def _pips(verdict: Verdict) -> str:
    """Return a box for each point: earned, lost, or not reached yet."""
    width = 16 if verdict.maximum <= _MOST_PIPS else 6
    boxes = (
        f'<span class="pip" style="{_PIP.format(width=width)}{_pip(verdict, judged)}"></span>'
        for judged in verdict.judged
        for _ in range(judged.criterion.points)
    )
    return f'<span aria-hidden="true" style="{_PIPS}">{"".join(boxes)}</span>'


def _pip(verdict: Verdict, judged: Judged) -> str:
    if judged.is_met:
        hue = "green" if verdict.outcome == CORRECT else "grey"
        return f"{themed('border:1.5px solid {0}', hue)};{themed('background', hue)}"
    if verdict.outcome == NOT_STARTED or not judged.is_reached:
        return themed("border:1.5px solid {0}", "grey")
    hue = _HUES[verdict.outcome]
    struck = (
        "background-image:linear-gradient(to top right,transparent 43%,{0} 43%,{0} 57%,"
        "transparent 57%)"
    )
    return f"{themed('border:1.5px solid {0}', hue)};{themed(struck, hue)}"


def _finding(verdict: Verdict, *, is_in_lesson: bool) -> list[str]:
    if verdict.finding is None:
        return []
    diagnosis, saw = verdict.finding.diagnosis, marked(verdict.finding.saw)
    seen = [f'<p class="saw" style="{_PLAIN}">{saw}</p>'] if saw else []
    where = f" {_where(diagnosis.where, is_in_lesson=is_in_lesson)}" if diagnosis.where else ""
    return [
        f'<p class="finding" style="{_FINDING}"><strong>{marked(diagnosis.title)}</strong></p>',
        *seen,
        f'<p class="why" style="{_PLAIN}">{marked(diagnosis.why)}</p>',
        _next(f"<span><strong>Next:</strong> {marked(diagnosis.next)}</span>{where}"),
    ]


def _next(html: str) -> str:
    return f'<p class="next" style="{_NEXT}{tinted("act")}">{html}</p>'


def _where(heading: str, *, is_in_lesson: bool) -> str:
    """Return where a mistake is explained: a link, if the heading stands on the same page."""
    told = f"<strong>Where:</strong> {marked(heading)}"
    if not (is_in_lesson and heading.startswith("“") and heading.endswith("”")):
        return f"<span>{told}</span>"
    # The address that JupyterLab, Notebook and nbconvert give a heading.
    address = heading[1:-1].replace("`", "").replace(" ", "-")
    return f'<a href="#{escape(address)}">{told}</a>'


def _criteria(verdict: Verdict) -> str:
    rows = "".join(_criterion(verdict, judged) for judged in verdict.judged)
    # Some screen readers don't announce a list without bullets, unless it has the role.
    return f'<ul role="list" style="margin:0;padding:0">{rows}</ul>'


def _criterion(verdict: Verdict, judged: Judged) -> str:
    text, mark = marked(judged.criterion.text), _mark(verdict, judged)
    kind, style = _KINDS.get(mark, "open"), _ROW
    if mark == "✗":
        hue = _HUES[verdict.outcome]
        text = f"<strong>{text}</strong>"
        style += f";{tinted(hue)};{themed('box-shadow:inset 3px 0 0 {0}', hue)}"
    return (
        f'<li class="{kind}" style="{style}"><span>{mark}</span> <span>{text}</span> '
        f'<span style="font-size:12px;white-space:nowrap">({_earned(verdict, judged)})</span></li>'
    )


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
            f'<p style="{_PLAIN}">{marked(hints[number - 1])}</p>{nested}</details>'
        )
    return [f'<div class="ladder" style="margin-top:12px">{nested}</div>']


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
    opened = " open" if is_open else ""
    return (
        f'<details class="evidence" style="margin:0 0 8px"{opened}>{_SUMMARY}{escape(title)}'
        f"</summary>{preformatted(text)}</details>"
    )


def preformatted(text: str, *, marks: Collection[int] = ()) -> str:
    """Return code or JSON as HTML, in the size and spacing of a notebook's own code.

    Up to 40 lines are shown whole; of more, one scrolls through them. marks: the numbers of lines,
    from 0, that are bold and have a bar beside them.
    """
    scrolls = _SCROLLS if text.rstrip().count("\n") >= _WHOLE else ""
    lines = [
        _marked_line(line) if number in marks else escape(line)
        for number, line in enumerate(text.split("\n"))
    ]
    return f'<pre style="{_CODE}{scrolls}">{chr(10).join(lines)}</pre>'


def _marked_line(line: str) -> str:
    words = line.lstrip()
    bar = themed("box-shadow:-3px 0 0 {0}", "act")
    return (
        f"{line[: len(line) - len(words)]}"
        f'<strong style="padding-left:4px;margin-left:-4px;{bar}">{escape(words)}</strong>'
    )


def marked(text: str) -> str:
    """Return a plain sentence as HTML: escaped, with `code` between backticks."""
    return re.sub(r"`([^`]+)`", _code, escape(text, quote=False))


def _code(found: re.Match[str]) -> str:
    # A browser shows several spaces as one, and an extra space may be the mistake.
    spaced = found[1].replace("  ", " \N{NO-BREAK SPACE}")
    return f"<code>{spaced}</code>"
