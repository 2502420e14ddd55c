"""The picture of a stream: its state, its figures, its blocks, its timeline; in words too."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from grader.classroom.widgets.history import indented
from grader.classroom.widgets.stream_record import Snapshot, StreamBlock, Stretch
from grader.look import FIGURE, LINE, QUIET, Segment, bar, themed
from grader.plural import counted
from grader.simulator import BLOCKS

_UNKNOWN = "not known"
_TAIL = 4_000
"""How many characters we draw of a growing block: those at its end."""
_FIGURES = "display:inline-block;min-width:8.5em;padding:0 1em .3em 0;vertical-align:top"


def status(snapshot: Snapshot) -> str:
    """Return a stream's state, as a sentence."""
    after = f"after {snapshot.elapsed:.2f} s"
    events = counted(sum(stretch.count for stretch in snapshot.timeline), "event")
    closed = f"The connection is closed, and the rest never came; {events} had."
    return {
        "unsent": "Not sent yet: it begins when it is awaited.",
        "waiting": "Sent. Nothing has come yet.",
        "streaming": "Streaming.",
        "ended": f"✓ Ended {after}: stop_reason {snapshot.stop_reason}.",
        "stopped": f"■ Stopped {after}. {closed}",
        "interrupted": f"■ Interrupted with its cell {after}. {closed}",
        "failed": f"✗ Failed {_where(snapshot, events)}: {snapshot.trouble}",
    }[snapshot.state]


def _where(snapshot: Snapshot, events: str) -> str:
    if not snapshot.timeline:
        return "before the first event"
    return f"in mid-stream, after {events} and {snapshot.elapsed:.2f} s"


def figures(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """Return the name and the value of each figure."""
    usage, about = snapshot.tokens, "≈ " if snapshot.is_reckoned else ""
    cached = usage.get("cache_read_input_tokens", 0), usage.get("cache_creation_input_tokens", 0)
    return (
        ("First event", _seconds(snapshot.first_event)),
        ("First text", _seconds(snapshot.first_text)),
        ("Time so far" if snapshot.is_open else "Time in all", _seconds(snapshot.elapsed)),
        ("Tokens a second", _UNKNOWN if snapshot.rate is None else f"{about}{snapshot.rate:,.0f}"),
        ("Input tokens", f"{usage['input_tokens']:,}" if "input_tokens" in usage else _UNKNOWN),
        *((("Read from cache", f"{cached[0]:,}"),) if cached[0] else ()),
        *((("Written to cache", f"{cached[1]:,}"),) if cached[1] else ()),
        (
            "Output tokens",
            f"{about}{usage['output_tokens']:,}" if "output_tokens" in usage else _UNKNOWN,
        ),
        ("Cost in USD", _UNKNOWN if snapshot.cost is None else f"{about}{snapshot.cost:.6f}"),
    )


def note(snapshot: Snapshot) -> str:
    """Return what readers should know about the figures, in a sentence or two."""
    counted_here = " ≈: counted here, because the final usage has not come." * snapshot.is_reckoned
    return f"{snapshot.price[0].upper()}{snapshot.price[1:]}.{counted_here}"


def summary(title: str, snapshot: Snapshot) -> str:
    """Return a stream in one line."""
    if snapshot.is_open:
        return f"{title}: when this was written, it had not ended"
    shown = dict(figures(snapshot))
    words = f" {shown['Output tokens']} output tokens, {shown['Cost in USD']} USD."
    return f"{title}: {status(snapshot)}{words if snapshot.usage else ''}"


def stream_text(title: str, snapshot: Snapshot) -> str:
    """Return a stream as plain text."""
    lines = [
        summary(title, snapshot) if snapshot.is_open else f"{title}: {status(snapshot)}",
        *(f"  {name}: {value}" for name, value in figures(snapshot)),
        f"  {note(snapshot)}",
        *(f"  {_name(block)}: {indented(_words(block), 4)}" for block in snapshot.blocks),
    ]
    if snapshot.timeline:
        lines += ["  Timeline:", *(f"    {words}" for words in map(_moment, snapshot.timeline))]
    return "\n".join(lines)


def stream_html(title: str, snapshot: Snapshot, *, full: float = 0.0) -> str:
    """Return a stream as one picture; full: see `timeline_html`."""
    words = summary(title, snapshot) if snapshot.is_open else f"{title}: {status(snapshot)}"
    return framed(
        f'<p style="{QUIET}"><strong>{escape(words)}</strong></p>{figures_html(snapshot)}'
        f"{blocks_html(snapshot.blocks)}{timeline_html(snapshot, full=full)}"
    )


def framed(html: str) -> str:
    """Return parts of a picture as a picture."""
    return f'<div style="{FIGURE}">{html}</div>'


def figures_html(snapshot: Snapshot) -> str:
    """Return the figures as a picture."""
    parts = "".join(
        f'<span style="{_FIGURES}">{name}<br><strong>{escape(value)}</strong></span> '
        for name, value in figures(snapshot)
    )
    return f'<p style="{QUIET}">{parts}</p><p style="{QUIET}">{escape(note(snapshot))}</p>'


def blocks_html(blocks: Sequence[StreamBlock], *, is_growing: bool = False) -> str:
    """Return blocks as a picture; is_growing: draw only the end of long ones."""
    return "".join(_block(block, is_growing=is_growing) for block in blocks)


def timeline_html(snapshot: Snapshot, *, full: float = 0.0) -> str:
    """Return the timeline as bars, one for each stretch of events of one kind.

    full: the least seconds to show, to match a timeline beside it.
    """
    if not snapshot.timeline:
        return ""
    full = max(full, snapshot.elapsed, snapshot.timeline[-1].last) or 1
    rows = "".join(_stretch(stretch, full) for stretch in snapshot.timeline)
    return (
        f'<p style="{QUIET}"><strong>Timeline</strong> in seconds since the request was sent; a '
        "<code>content_block_delta</code> has the name of its delta</p>"
        f'<ul style="margin:0;padding:0;list-style:none">{rows}</ul>'
    )


def _name(block: StreamBlock) -> str:
    name = f" {block.name}" if block.name else ""
    growing = "" if block.is_whole else ", not whole"
    kind = "input as JSON" if block.name else ""
    return f"block {block.index} · {block.kind}{name}{f', {kind}' if kind else ''}{growing}"


def _words(block: StreamBlock) -> str:
    if _is_thought(block.kind) and block.is_whole and not block.words:
        return "(its words are not shown)"
    return block.words


def _is_thought(name: str) -> bool:
    kind = BLOCKS.get(name)
    return kind is not None and kind.part == "thought"


def _edge(name: str) -> str:
    """Return the line beside a block: solid for text, dashed for a thought, double for the rest."""
    if _is_thought(name):
        return "dashed"
    kind = BLOCKS.get(name)
    return "solid" if kind and kind.words else "double"


def _hue(name: str) -> str:
    """Return the colour of a block: that of thinking, of what is said, or of what is called."""
    if _is_thought(name):
        return "think"
    kind = BLOCKS.get(name)
    return "text" if kind and kind.words else "tool"


def _block(block: StreamBlock, *, is_growing: bool) -> str:
    edge = themed(f"border-left:4px {_edge(block.kind)} {{0}}", _hue(block.kind))
    words = _words(block)
    left_out = len(words) - _TAIL if is_growing else 0
    if left_out > 0:
        words = f"… ({left_out:,} characters before)\n{words[-_TAIL:]}"
    tag = "code" if block.name else "span"
    return (
        f'<div style="{edge};padding:0 0 0 .7em;margin:.5em 0">'
        f'<p style="margin:0"><strong>{escape(_name(block))}</strong></p>'
        f'<{tag} style="white-space:pre-wrap">{escape(words)}</{tag}></div>'
    )


def _moment(stretch: Stretch) -> str:
    return f"{_span(stretch):>14}  {_what(stretch)}"


def _what(stretch: Stretch) -> str:
    block = "" if stretch.block is None else f" · block {stretch.block}"
    times = f", {stretch.count:,} times" if stretch.count > 1 else ""
    return f"{stretch.what}{block}{times}"


def _span(stretch: Stretch) -> str:
    first, last = f"{stretch.first:.2f}", f"{stretch.last:.2f}"
    return first if first == last else f"{first} to {last}"


def _stretch(stretch: Stretch, full: float) -> str:
    segments = (
        Segment(stretch.first, ""),
        Segment(max(stretch.last - stretch.first, 1e-9), "run"),
    )
    return (
        '<li style="display:flex;flex-wrap:wrap;align-items:center">'
        f'<span style="flex:1 1 17em;min-width:0">{_span(stretch)} '
        f"<code>{escape(_what(stretch))}</code></span>"
        f'<div style="flex:1 1 7em;border-left:1px solid {LINE};border-right:1px solid {LINE}">'
        f"{bar(segments, full=full)}</div></li>"
    )


def _seconds(seconds: float | None) -> str:
    return _UNKNOWN if seconds is None else f"{seconds:.2f} s"
