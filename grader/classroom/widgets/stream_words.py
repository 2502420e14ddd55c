"""A stream in words: its state, its figures, its blocks, its timeline."""

from __future__ import annotations

from collections.abc import Sequence

from grader.classroom.widgets.history import indented
from grader.classroom.widgets.stream_record import Snapshot, StreamBlock, Stretch
from grader.plural import counted
from grader.simulator import BLOCKS

_UNKNOWN = "not known"
_SPACE = "\u00a0"
"""A space at which no line breaks."""
_LOWER_IS_BETTER = ("First text", "Time in all", "Cost in USD")


def status(snapshot: Snapshot) -> str:
    """Return a stream's state, as a sentence."""
    after = f"after {snapshot.elapsed:.2f} s"
    events = counted(sum(stretch.count for stretch in snapshot.timeline), "event")
    closed = f"{after} and {events}: the connection is closed."
    return {
        "unsent": "Not sent yet: it begins when it is awaited.",
        "waiting": "Sent. Nothing has come yet.",
        "streaming": "Streaming.",
        "ended": f"✓ Ended {after}: stop_reason {snapshot.stop_reason}.",
        "stopped": f"■ Stopped {closed}",
        "interrupted": f"■ Interrupted with its cell {closed}",
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
        *(f"  {block_name(block)}: {indented(block_words(block), 4)}" for block in snapshot.blocks),
    ]
    if snapshot.timeline:
        lines += ["  Timeline:", *(f"    {words}" for words in map(_moment, snapshot.timeline))]
    return "\n".join(lines)


def lead(streams: Sequence[tuple[str, Snapshot]]) -> str:
    """Return what is known so far of one stream, or of several beside each other, in a sentence."""
    if len(streams) == 1:
        ((title, snapshot),) = streams
        return f"{title}: {status(snapshot)}"
    begun = [(each.first_text, title) for title, each in streams if each.first_text is not None]
    if len(begun) < len(streams):
        waiting = [title for title, each in streams if each.first_text is None]
        is_over = not any(each.is_open for _, each in streams)
        return f"No text {'came' if is_over else 'yet'} from {' and '.join(waiting)}."
    (first, quick), (last, slow) = min(begun), max(begun)
    if f"{last - first:.2f}" == "0.00":
        return "The texts began at the same moment."
    if quick == slow:
        return f"The texts began {last - first:.2f}{_SPACE}s apart."
    return f"The text of {quick} began {last - first:.2f}{_SPACE}s sooner than that of {slow}."


def best_figures(streams: Sequence[tuple[str, Snapshot]]) -> list[frozenset[str]]:
    """Return the names of the figures in which each stream is the best, among final ones only."""
    none: list[frozenset[str]] = [frozenset() for _ in streams]
    if len(streams) < 2 or any(each.state != "ended" for _, each in streams):
        return none
    # As they are shown: of two that look the same, none is better.
    values = [(_rounded(each.first_text), _rounded(each.elapsed), each.cost) for _, each in streams]
    best: list[set[str]] = [set() for _ in streams]
    for name, column in zip(_LOWER_IS_BETTER, zip(*values, strict=True), strict=True):
        known = [value for value in column if value is not None]
        if len(known) == len(column) and len(set(known)) > 1:
            best[column.index(min(known))].add(name)
    return [frozenset(names) for names in best]


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)


def block_name(block: StreamBlock) -> str:
    """Return what a block is, in a few words."""
    name = f" {block.name}" if block.name else ""
    growing = "" if block.is_whole else ", not whole"
    kind = "input as JSON" if block.name else ""
    return f"block {block.index} · {block.kind}{name}{f', {kind}' if kind else ''}{growing}"


def block_words(block: StreamBlock) -> str:
    """Return the words of a block; of a hidden thought, that they aren't shown."""
    if is_thought(block.kind) and block.is_whole and not block.words:
        return "(its words are not shown)"
    return block.words


def is_thought(name: str) -> bool:
    """Return whether a kind of block is a thought."""
    kind = BLOCKS.get(name)
    return kind is not None and kind.part == "thought"


def _moment(stretch: Stretch) -> str:
    return f"{span_of(stretch):>14}  {what_of(stretch)}"


def what_of(stretch: Stretch) -> str:
    """Return what the events of a stretch are."""
    block = "" if stretch.block is None else f" · block {stretch.block}"
    times = f", {stretch.count:,} times" if stretch.count > 1 else ""
    return f"{stretch.what}{block}{times}"


def span_of(stretch: Stretch) -> str:
    """Return when a stretch began and ended, in seconds."""
    first, last = f"{stretch.first:.2f}", f"{stretch.last:.2f}"
    return first if first == last else f"{first} to {last}"


def _seconds(seconds: float | None) -> str:
    return _UNKNOWN if seconds is None else f"{seconds:.2f} s"
