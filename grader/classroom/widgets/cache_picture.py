"""The cache bench in words and in HTML: what the next call would find, and the bill."""

from __future__ import annotations

from collections.abc import Iterator
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
from grader.look import FIGURE, QUIET, Segment, bar, swatch

_PATTERNS = {READ: "read", WRITTEN: "write", FRESH: "fresh"}
_FATES = {READ: "read from the cache", WRITTEN: "written to the cache", FRESH: "not cached"}
_MARKS = {"": "", "5m": "breakpoint, 5 minutes", "1h": "breakpoint, 1 hour"}
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
    """Return a bench as HTML: the next call by blocks, and the bill."""
    return f'<p style="{QUIET}">{escape(ahead_words(bench))}</p>{bench_picture(bench)}'


def bench_picture(bench: Bench) -> str:
    """Return a bench as HTML, without its first sentence."""
    return f'<div style="{FIGURE}">{_ahead(bench)}{_bill(bench)}</div>'


def ahead_words(bench: Bench) -> str:
    """Return what the next call would do, in a sentence or two."""
    ahead = bench.ahead
    lead = f"At {clock_words(bench.minutes)} the next call"
    if ahead.fault:
        return f"{lead} would fail: {ahead.fault}"
    tokens = ahead.tokens
    if tokens.read or tokens.written:
        done = f"reads {tokens.read:,} and writes {tokens.written:,}"
        words = f"{lead} {done} of its {tokens.prompt:,} input tokens."
    else:
        words = f"{lead} neither reads nor writes: {_why_not(bench)}"
    return f"{words} The API's reason: {ahead.reason}." if ahead.reason else words


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


def _ahead(bench: Bench) -> str:
    ahead = bench.ahead
    if ahead.fault:
        rows = "".join(f"<li>{escape(part_words(part))}</li>" for part in bench.parts)
        return f'<ol style="{QUIET}">{rows}</ol>'
    segments = [Segment(share.tokens, _PATTERNS[share.fate]) for share in ahead.shares]
    full = sum(segment.amount for segment in segments)
    items = "".join(
        f"<li>{swatch(_PATTERNS[share.fate])} <strong>{escape(share.part.name)}</strong> "
        f"({share.part.level}): {escape(words)}</li>"
        for share, words in _shares(ahead)
    )
    blocks = f'<ol style="{QUIET};padding:0;list-style:none">{items}</ol>'
    return f"{bar(segments, full=full)}{blocks}"


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
    head = "".join(f'<th scope="col" style="{_CELL}">{title}</th>' for title in _TITLES)
    rows = "".join(
        f"<tr>{''.join(f'<td style={chr(34)}{_CELL}{chr(34)}>{cell}</td>' for cell in cells)}</tr>"
        for cells in (_cells(number, sent) for number, sent in _numbered(bench))
    )
    return (
        f'<ul style="{QUIET};padding:0;list-style:none">{bars}</ul>{words}'
        f'<div style="overflow-x:auto"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
