"""The picture of streams: one clock for all, and the figures, blocks and events of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from html import escape

from grader.classroom.widgets.stream_record import Snapshot, StreamBlock, Stretch
from grader.classroom.widgets.stream_words import (
    best_figures,
    block_name,
    block_words,
    figures,
    is_thought,
    lead,
    note,
    span_of,
    status,
    summary,
    what_of,
)
from grader.look import LINE, QUIET, Segment, bar, fold, swatch, themed
from grader.simulator import BLOCKS

Stand = tuple[str, Snapshot]
"""A stream's name, and how it stands."""
_TAIL = 4_000
"""How many characters we draw of a block while its stream is open: those at its end."""
_LONGEST_NAME = 30
"""How many letters of a name stay in one line, whatever hyphens are in it."""
# As wide as the longest figure, "≈ 0.000507".
_FIGURES = "display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5em,1fr));gap:4px 8px"
_LANES = {
    "thinking_delta": ("think", "thinking"),
    "text_delta": ("run", "text"),
    "input_json_delta": ("again", "a tool's input"),
}
_WAITING = ("whole", "waiting")
_SEEN = 0.01
"""The shortest wait that a lane shows, as a share of its length."""
_OTHER = ("run", "other pieces")


def streams_html(
    streams: Sequence[Stand], buttons: Sequence[str], *, is_still: bool = False
) -> str:
    """Return streams as one picture; buttons: HTML for each.

    is_still: it is written to stay, so a stream that is open has no state to tell.
    """
    longest = max(snapshot.elapsed for _, snapshot in streams)
    best = best_figures(streams)
    is_alone = len(streams) == 1
    told = _told(*streams[0], is_still=is_still) if is_alone else escape(lead(streams))
    columns = "".join(
        f'<div style="flex:1 1 22em;min-width:0">{made}'
        f"{stream_html(*stand, full=longest, best=names, is_still=is_still, is_alone=is_alone)}"
        "</div>"
        for stand, made, names in zip(streams, buttons, best, strict=True)
    )
    said = (
        '<p class="answer" role="status" style="font-size:20px;font-weight:600;margin:0 0 8px;'
        f'overflow-wrap:anywhere">{told}</p>'
    )
    return (
        f'<div class="gr"><div class="streams" style="line-height:1.5;max-width:70em">{said}'
        f'{lanes_html(streams)}<div style="display:flex;flex-wrap:wrap;gap:12px 24px">{columns}'
        "</div></div></div>"
    )


def stream_html(
    title: str,
    snapshot: Snapshot,
    *,
    full: float = 0.0,
    best: Collection[str] = (),
    is_still: bool = True,
    is_alone: bool = False,
) -> str:
    """Return a stream as a picture; full: see `timeline_html`. best: names of its best figures.

    is_alone: how it stands is told above it.
    """
    words = (
        '<p role="status" style="margin:4px 0 8px;overflow-wrap:anywhere"><strong>'
        f"{_told(title, snapshot, is_still=is_still)}</strong></p>"
        if not is_alone
        else ""
    )
    events = timeline_html(snapshot, full=full) or f'<p style="{QUIET}">None has come yet.</p>'
    return (
        f"{words}{_figures(snapshot, best)}"
        f"<div {_room(title, snapshot, is_still=is_still)}>"
        f"{_blocks(snapshot, is_still=is_still)}</div>"
        f"{fold('Every event', events)}"
    )


def _told(title: str, snapshot: Snapshot, *, is_still: bool) -> str:
    """Return how a stream stands, as HTML."""
    is_left = is_still and snapshot.is_open
    return _unbroken(summary(title, snapshot) if is_left else f"{title}: {status(snapshot)}")


def _room(title: str, snapshot: Snapshot, *, is_still: bool) -> str:
    """Return the attributes of what holds the blocks.

    In a view it's always as high, and scrolls: it follows the newest line, until somebody scrolls
    up; the keyboard scrolls what has the focus.
    """
    if is_still:
        return 'class="blocks-so-far"'
    name = f"The reply of {title}, so far" if snapshot.is_open else f"The reply of {title}"
    growing = " data-growing" if snapshot.is_open else ""
    return (
        f'class="blocks-so-far" data-follow{growing} tabindex="0" role="region" '
        f'aria-label="{escape(name)}"'
    )


def lanes_html(streams: Sequence[Stand]) -> str:
    """Return what came when: a lane for each stream, on one clock."""
    full = max(snapshot.elapsed for _, snapshot in streams) or 1.0
    used: dict[str, str] = {}
    rows = []
    for title, snapshot in streams:
        pieces = list(_lane(snapshot))
        used.update({kind: words for _, kind, words in pieces if kind})
        segments = [Segment(seconds, kind) for seconds, kind, _ in pieces]
        name = f'<div style="font-size:13px;font-weight:600">{_unbroken(title)}</div>'
        rows.append(
            f"{name if len(streams) > 1 else ''}"
            f'<div style="margin:2px 0 6px;border-left:1px solid {LINE};'
            f'border-right:1px solid {LINE}">{bar(segments, full=full, height=22)}</div>'
        )
    legend = "".join(
        f'<span style="display:inline-block;padding-right:1em">{swatch(kind)} {words}</span>'
        for kind, words in used.items()
    )
    return (
        f'<div style="margin:0 0 12px">{"".join(rows)}'
        '<div style="display:flex;justify-content:space-between;font-size:12px"><span>0 s: sent'
        f"</span><span>{full:.2f} s</span></div>"
        f'<p class="caption" style="margin:0;font-size:12px">{legend}</p></div>'
    )


def _lane(snapshot: Snapshot) -> Iterator[tuple[float, str, str]]:
    """Yield the seconds, the pattern and the word of each piece of a lane.

    Until a piece of a block comes, one waits, whatever other events come meanwhile.
    """
    pieces = [
        stretch
        for stretch in snapshot.timeline
        if stretch.what.endswith("_delta") and stretch.block is not None
    ]
    if not pieces:
        yield snapshot.elapsed, *_WAITING
    at = 0.0
    for stretch in pieces:
        gap = max(0.0, stretch.first - at)
        yield gap, *(_WAITING if gap >= _SEEN * snapshot.elapsed else ("", ""))
        yield max(stretch.last - stretch.first, 1e-9), *_LANES.get(stretch.what, _OTHER)
        at = max(at, stretch.last)


def _figures(snapshot: Snapshot, best: Collection[str]) -> str:
    """Return the figures; a mark stands at those that are better than another stream's."""
    mark = (
        f'<span title="the better one" style="font-size:12px;{themed("color", "green")}"> ▲</span>'
    )
    parts = "".join(
        '<span><span style="font-size:12px;white-space:nowrap">'
        f"{name}{mark if name in best else ''}</span><br>"
        f"{_figure(value)}</span> "
        for name, value in figures(snapshot)
    )
    return (
        f'<div style="{_FIGURES};margin:0 0 4px">{parts}</div>'
        f'<p class="caption" style="margin:0 0 8px;font-size:12px">{escape(note(snapshot))}</p>'
    )


def _unbroken(words: str) -> str:
    """Return words as HTML in which a short name isn't broken at its hyphens."""
    return " ".join(
        f'<span style="white-space:nowrap">{escape(word)}</span>'
        if "-" in word and len(word) <= _LONGEST_NAME
        else escape(word)
        for word in words.split(" ")
    )


def _figure(value: str) -> str:
    """Return a figure in large letters; words in its place are as high, and quieter."""
    style = "line-height:30px;white-space:nowrap"
    if any(each.isdigit() for each in value):
        return f'<strong style="font-size:20px;{style}">{escape(value)}</strong>'
    return f'<span class="quiet" style="{style}">{escape(value)}</span>'


def _blocks(snapshot: Snapshot, *, is_still: bool) -> str:
    # What is drawn 20 times a second has an end.
    most = _TAIL if snapshot.is_open else None
    return "".join(_block(block, most, is_still=is_still) for block in snapshot.blocks)


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


def _edge(name: str) -> str:
    """Return the line beside a block: solid for text, dashed for a thought, double for the rest."""
    if is_thought(name):
        return "dashed"
    kind = BLOCKS.get(name)
    return "solid" if kind and kind.words else "double"


def _hue(name: str) -> str:
    """Return the colour of a block: that of thinking, of what is said, or of what is called."""
    if is_thought(name):
        return "think"
    kind = BLOCKS.get(name)
    return "text" if kind and kind.words else "tool"


def _block(block: StreamBlock, most: int | None, *, is_still: bool) -> str:
    """Return a block; most: how many characters of it are drawn, those at its end."""
    edge = themed(f"border-left:4px {_edge(block.kind)} {{0}}", _hue(block.kind))
    words = block_words(block)
    left_out = 0 if most is None else max(0, len(words) - most)
    more = f'<span class="quiet">… ({left_out:,} characters before)</span><br>' * bool(left_out)
    tag = "code" if block.name else "span"
    told = "" if is_still else f' data-before="{left_out}"'
    return (
        f'<div style="{edge};padding:0 0 0 .7em;margin:.5em 0">'
        f'<p style="margin:0"><strong>{escape(block_name(block))}</strong></p>{more}'
        f'<{tag}{told} style="white-space:pre-wrap">{escape(words[left_out:])}</{tag}></div>'
    )


def _stretch(stretch: Stretch, full: float) -> str:
    segments = (
        Segment(stretch.first, ""),
        Segment(max(stretch.last - stretch.first, 1e-9), "run"),
    )
    return (
        '<li style="display:flex;flex-wrap:wrap;align-items:center">'
        f'<span style="flex:1 1 17em;min-width:0">{span_of(stretch)} '
        f"<code>{escape(what_of(stretch))}</code></span>"
        f'<div style="flex:1 1 7em;border-left:1px solid {LINE};border-right:1px solid {LINE}">'
        f"{bar(segments, full=full)}</div></li>"
    )
