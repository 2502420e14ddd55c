"""The cache bench in words and in HTML: what the next call would find, and the bill."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from html import escape
from typing import Any

from grader.classroom.widgets.cache_plays import (
    FRESH,
    READ,
    WRITTEN,
    Bench,
    Outcome,
    Part,
    Sent,
    clock_words,
)
from grader.classroom.widgets.figures import dollars
from grader.look import QUIET, Segment, bar, swatch, themed

_PATTERNS = {READ: "read", WRITTEN: "write", FRESH: "fresh"}
_FATES = {READ: "read from the cache", WRITTEN: "written to the cache", FRESH: "not cached"}
_MARKS = {"": "", "5m": "breakpoint, 5 minutes", "1h": "breakpoint, 1 hour"}
_HANGING = "padding-left:26px;text-indent:-26px"
_CELL = "padding:.1em .8em .1em 0;text-align:right;white-space:nowrap"
_TITLES = ("Call", "Time", "Read", "Written", "Fresh", "Output", "With cache", "Without")


def bench_text(bench: Bench) -> str:
    """Return a bench in words alone."""
    lines = [
        ahead_words(bench),
        *(
            f"  {share.part.level:<9} {share.part.name}: {words}"
            for share, words in _shares(bench.ahead)
        ),
    ]
    if bench.sent:
        rows = [_TITLES, *(_cells(number, sent) for number, sent in _numbered(bench))]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += [
            "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
            for row in rows
        ]
    return "\n".join([*lines, bill_words(bench)])


def bench_html(bench: Bench) -> str:
    """Return a bench as HTML: the calls so far, the next one by blocks, and the bill."""
    said = f'<p style="{QUIET}">{escape(next_words(bench))}</p>'
    return f"{said}{bench_picture(bench)}{bench_table(bench)}"


def bench_picture(bench: Bench) -> str:
    """Return a bench as HTML, without its first sentence."""
    return (
        '<div class="bench" style="display:flex;flex-wrap:wrap;gap:12px 24px;line-height:1.5">'
        f'<div class="calls" style="flex:3 1 30em;min-width:0">{_calls(bench)}</div>'
        f'<div style="flex:1 1 15em;min-width:0">{_bill(bench)}</div></div>'
    )


def ahead_words(bench: Bench) -> str:
    """Return what the next call would do, and why, in a sentence or two."""
    return " ".join(filter(None, (next_words(bench), _reason(bench))))


def next_words(bench: Bench) -> str:
    """Return what the next call would do, in a sentence."""
    ahead = bench.ahead
    lead = f"At {clock_words(bench.minutes)} the next call"
    if ahead.fault:
        return f"{lead} would fail: {ahead.fault}"
    tokens = ahead.tokens
    if tokens.read or tokens.written:
        done = f"reads {tokens.read:,} and writes {tokens.written:,}"
        return f"{lead} {done} of its {tokens.prompt:,} input tokens."
    return f"{lead} neither reads nor writes: {_why_not(bench)}"


def _reason(bench: Bench) -> str:
    """Return why the next call reads less than it could, in a sentence; "" if it doesn't."""
    return f"The API's reason: {bench.ahead.reason}." if bench.ahead.reason else ""


def bill_words(bench: Bench) -> str:
    """Return the bill so far in a sentence."""
    if not bench.sent:
        return "You haven't sent a call yet, so there's no bill."
    saved = bench.plain - bench.cached
    return f"So far: {dollars(bench.cached)} with the cache, {dollars(bench.plain)} without: " + (
        f"{dollars(saved)} saved." if saved >= 0 else f"{dollars(-saved)} more than without."
    )


def part_words(part: Part) -> str:
    """Return a block's name, place and breakpoint."""
    return ", ".join(filter(None, (part.name, part.level, _MARKS[part.mark])))


def _why_not(bench: Bench) -> str:
    if not any(part.mark for part in bench.parts):
        return "no block has a breakpoint."
    least = bench.card.cache_minimum
    return f"the prompt up to the breakpoint is shorter than this model's minimum of {least:,}."


def _shares(outcome: Outcome) -> Iterator[tuple[Any, str]]:
    for share in outcome.shares:
        mark = _MARKS[share.part.mark]
        parts = [f"{share.tokens:,} tokens", _FATES[share.fate], mark]
        yield share, ", ".join(filter(None, parts))


def _calls(bench: Bench) -> str:
    """Return the calls so far, a row each, and below them the next one, larger."""
    longest = max([bench.ahead.tokens.prompt, *(e.outcome.tokens.prompt for e in bench.sent)]) or 1
    rows = "".join(
        f'<div style="display:flex;align-items:center;gap:8px;margin:2px 0">{_when(sent.minutes)}'
        f'<div style="flex:1;min-width:0">{_shares_bar(sent.outcome, longest, 26)}</div></div>'
        for _, sent in _numbered(bench)
    )
    return f"{rows}{_ahead(bench, longest)}{_legend()}"


def _when(minutes: Decimal) -> str:
    return (
        f'<span style="flex:0 0 3.2em;font-size:12px">{clock_words(minutes).split(" ")[0]}</span>'
    )


def _shares_bar(outcome: Outcome, longest: int, height: int) -> str:
    segments = [Segment(share.tokens, _PATTERNS[share.fate]) for share in outcome.shares]
    return bar(segments, full=longest, height=height)


def _ahead(bench: Bench, longest: int) -> str:
    ahead = bench.ahead
    frame = (
        f"{themed('border:2px solid {0}', 'act')};border-radius:8px;padding:8px 12px;margin:8px 0"
    )
    if ahead.fault:
        rows = "".join(f"<li>{escape(part_words(part))}</li>" for part in bench.parts)
        return f'<div style="{frame}"><ol style="{QUIET}">{rows}</ol></div>'
    items = "".join(
        f'<li style="{_HANGING}">{swatch(_PATTERNS[share.fate])} '
        f"<strong>{escape(share.part.name)}</strong> ({share.part.level}): {escape(words)}</li>"
        for share, words in _shares(ahead)
    )
    return (
        f'<div style="{frame}"><p style="margin:0 0 4px;font-size:12px">'
        f"<strong>{clock_words(bench.minutes)}, the next call.</strong> "
        f"{escape(_reason(bench))}</p>"
        f"{_shares_bar(ahead, longest, 40)}"
        f'<ol style="margin:8px 0 0;padding:0;list-style:none">{items}</ol></div>'
    )


def _legend() -> str:
    words = {"read": "cache read", "write": "cache write", "fresh": "fresh input"}
    each = "".join(
        f'<span style="display:inline-block;padding-right:1em">{swatch(kind)} {said}</span>'
        for kind, said in words.items()
    )
    return f'<p class="caption" style="margin:4px 0 0;font-size:12px">{each}</p>'


def _numbered(bench: Bench) -> Iterator[tuple[int, Sent]]:
    yield from enumerate(bench.sent, start=1)


def _cells(number: int, sent: Sent) -> tuple[str, ...]:
    tokens, outcome = sent.outcome.tokens, sent.outcome
    counts = (tokens.read, tokens.written, tokens.fresh, tokens.output)
    money = (dollars(outcome.cached), dollars(outcome.plain))
    return (str(number), clock_words(sent.minutes), *(f"{count:,}" for count in counts), *money)


def _bill(bench: Bench) -> str:
    words = f'<p style="{QUIET}">{escape(bill_words(bench))}</p>'
    if not bench.sent:
        return words
    full = float(max(bench.plain, bench.cached)) or 1.0
    bars = "".join(
        f"<li>{name}, {dollars(amount)}{bar([Segment(float(amount), pattern)], full=full)}</li>"
        for name, amount, pattern in (
            ("With the cache", bench.cached, "read"),
            ("Without", bench.plain, "fresh"),
        )
    )
    return f'<ul style="margin:0;padding:0;list-style:none">{bars}</ul>{words}'


def bench_table(bench: Bench) -> str:
    """Return the calls so far as a table."""
    if not bench.sent:
        return ""
    head = "".join(f'<th scope="col" style="{_CELL}">{title}</th>' for title in _TITLES)
    rows = "".join(
        f"<tr>{''.join(f'<td style={chr(34)}{_CELL}{chr(34)}>{cell}</td>' for cell in cells)}</tr>"
        for cells in (_cells(number, sent) for number, sent in _numbered(bench))
    )
    return (
        '<div class="sent" style="overflow-x:auto;margin-top:8px" tabindex="0" role="region" '
        'aria-label="The calls so far"><table>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
