"""Sequence stepper: a conversation as arrows between your code and Claude, its calls lettered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.classroom.widgets.bars import FIGURE, LINE, QUIET
from grader.classroom.widgets.history import Block, read_history
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.sequence import Turn, read_sequence, short
from grader.classroom.widgets.stepper import make_picture, make_stepper
from grader.classroom.widgets.words import block_words, counted, indented, listed

_VERBS = {"tool_use": "asks", "tool_result": "answers"}
_LINE = f"2px solid {LINE}"
_BADGE = (
    "display:inline-block;min-width:1.4em;text-align:center;font-weight:bold;"
    f"border:1px solid {LINE};border-radius:3px"
)
_WIDTH = 60
"""How wide the diagram is in plain text, in characters."""


def sequence_stepper(messages: Sequence[Any]) -> Playable:
    """Show a conversation turn by turn: who asked for which tool, and which turn answered.

    messages: as they are sent to the API; content may be SDK objects. A call that nobody answered,
    and a result that answers nobody, are named. Raises WidgetError for a list that is no history.
    """
    turns = read_sequence(read_history(messages))
    return Playable(
        text=f"{sequence_text(turns)}\n{_status(turns)}",
        html=_with_status(turns),
        summary=f"{counted(len(turns), 'turn')} at once",
        make_view=lambda: _view(turns),
    )


def sequence_text(turns: Sequence[Turn], *, with_faults: bool = True) -> str:
    """Return a conversation as plain text."""
    lines = [f"{'Your code':<{_WIDTH - 6}}Claude"]
    for turn in turns:
        name = f"{turn.number} {turn.message.role} "
        line = "─" * (_WIDTH - len(name) - 1)
        lines.append(f"{name}◀{line}" if turn.is_from_claude else f"{name}{line}▶")
        for letter, block in _lettered(turn):
            verb = f" {_VERBS[block.kind]} {letter or '?'}" if block.kind in _VERBS else ""
            id = f"  {short(block.call)}" if block.call else ""
            lines.append(f"    {block.kind}{verb}: {indented(block_words(block), 8)}{id}")
        lines += [f"    {key}: {value}" for key, value in turn.message.extra]
        lines += [f"    ✗ {fault}" for fault in turn.faults if with_faults]
    return "\n".join(lines)


def sequence_html(turns: Sequence[Turn], *, with_faults: bool = True) -> str:
    """Return a conversation as a diagram."""
    rows = "".join(_row(turn, with_faults=with_faults) for turn in turns)
    return (
        f'<div style="{FIGURE}"><div style="display:flex;justify-content:space-between">'
        "<strong>Your code</strong><strong>Claude</strong></div>"
        f'<ol style="margin:0;padding:0;list-style:none;border-left:{_LINE};border-right:{_LINE}">'
        f"{rows}</ol></div>"
    )


def _view(turns: Sequence[Turn]) -> Any:
    labels = [_label(turn, len(turns)) for turn in turns]
    return make_stepper(labels, lambda at: make_picture(_with_status(turns[: at + 1])), noun="turn")


def _with_status(turns: Sequence[Turn]) -> str:
    status = f'<p style="{QUIET};line-height:1.5">{escape(_status(turns))}</p>'
    return f"{sequence_html(turns)}{status}"


def _label(turn: Turn, of: int) -> str:
    """Return what a turn does, in one line."""
    parts: dict[str, list[str]] = {}
    for letter, block in _lettered(turn):
        parts.setdefault(_VERBS.get(block.kind, block.kind), []).append(letter or "?")
    words = [
        f"{part} {listed(letters)}" if part in _VERBS.values() else part
        for part, letters in parts.items()
    ]
    return f"Turn {turn.number} of {of}: {turn.message.role}, {', '.join(words) or 'no content'}"


def _status(turns: Sequence[Turn]) -> str:
    waiting = turns[-1].waiting
    count = sum(len(turn.faults) for turn in turns)
    parts = [
        f"✗ {counted(count, 'fault')} so far: the API would refuse this." if count else "",
        f"Waiting for a result: {listed(waiting)}." if waiting else "",
    ]
    return " ".join(filter(None, parts)) or "No call is waiting for a result."


def _lettered(turn: Turn) -> Iterator[tuple[str, Block]]:
    return zip(turn.letters, turn.message.blocks, strict=True)


def _row(turn: Turn, *, with_faults: bool) -> str:
    margin = ".2em .6em .2em 10%" if turn.is_from_claude else ".2em 10% .2em .6em"
    to = "your code" if turn.is_from_claude else "Claude"
    lines = [
        f"<strong>{turn.number} · {escape(turn.message.role)}</strong>, to {to}",
        *(_block(letter, block) for letter, block in _lettered(turn)),
        *(f"<code>{escape(key)}</code> {escape(value)}" for key, value in turn.message.extra),
        *(f"<strong>✗ {escape(fault)}</strong>" for fault in turn.faults if with_faults),
    ]
    inside = "".join(f"<div>{line}</div>" for line in lines)
    return f'<li><div style="margin:{margin}">{inside}</div>{_arrow(turn)}</li>'


def _block(letter: str, block: Block) -> str:
    words = f'<span style="white-space:pre-wrap">{escape(block_words(block))}</span>'
    if block.kind not in _VERBS:
        return f"<code>{escape(block.kind)}</code> {words}"
    badge = f'<span style="{_BADGE}">{letter or "?"}</span>'
    id = escape(short(block.call or "no id"))
    return (
        f"<code>{block.kind}</code> {_VERBS[block.kind]} {badge} {words} "
        f'<code style="white-space:nowrap">{id}</code>'
    )


def _arrow(turn: Turn) -> str:
    line = f'<span style="flex:1 1 auto;border-top:{_LINE}"></span>'
    parts = f"<span>◀</span>{line}" if turn.is_from_claude else f"{line}<span>▶</span>"
    style = "display:flex;align-items:center;line-height:1"
    return f'<div aria-hidden="true" style="{style}">{parts}</div>'
