"""Sequence stepper: a conversation as arrows between your code and Claude, its calls lettered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.classroom.widgets.bars import FIGURE
from grader.classroom.widgets.history import Block, read_history
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.sequence import Turn, read_sequence, short
from grader.classroom.widgets.stepper import make_stepper
from grader.classroom.widgets.words import block_words, counted, listed

_LINE = "2px solid var(--jp-border-color0, #757575)"
_BADGE = (
    "display:inline-block;min-width:1.4em;text-align:center;font-weight:bold;"
    "border:1px solid var(--jp-border-color0, #757575);border-radius:3px"
)


def sequence_stepper(messages: Sequence[Any]) -> Playable:
    """Show a conversation turn by turn: who asked for which tool, and which turn answered.

    messages: as they are sent to the API; content may be SDK objects. A call that nobody answered,
    and a result that answers nobody, are named. Raises WidgetError for a list that is no history.
    """
    turns = read_sequence(read_history(messages))
    return Playable(
        text=sequence_text(turns),
        html=sequence_html(turns),
        summary=f"{counted(len(turns), 'turn')} at once",
        make_view=lambda: _view(turns),
    )


def turn_words(turn: Turn) -> str:
    """Return what a turn does, in one line."""
    parts = []
    for kind, verb in (("tool_use", "asks"), ("tool_result", "answers")):
        letters = [
            letter or "nobody"
            for letter, block in zip(turn.letters, turn.message.blocks, strict=True)
            if block.kind == kind
        ]
        parts += [f"{verb} {listed(letters)}"] if letters else []
    others = {
        block.kind: None
        for block in turn.message.blocks
        if block.kind not in ("tool_use", "tool_result")
    }
    return f"Turn {turn.number}: {turn.message.role}, {', '.join([*others, *parts]) or 'empty'}"


def sequence_text(turns: Sequence[Turn], *, with_faults: bool = True) -> str:
    """Return a conversation as plain text."""
    lines = [f"{'Your code':<40}Claude"]
    for turn in turns:
        head = f"{turn.number} {turn.message.role} "
        arrow = "─" * (45 - len(head))
        lines.append(f"{head}◀{arrow}" if turn.is_from_claude else f"{head}{arrow}▶")
        lines += [f"    {words}" for words in _block_lines(turn)]
        lines += [f"    ✗ {fault}" for fault in turn.faults if with_faults]
    return "\n".join([*lines, *([_status(turns)] if with_faults else [])])


def sequence_html(turns: Sequence[Turn], *, with_faults: bool = True) -> str:
    """Return a conversation as a diagram."""
    rows = "".join(_row(turn, with_faults=with_faults) for turn in turns)
    status = f"<p>{escape(_status(turns))}</p>" if with_faults else ""
    return (
        f'<div style="{FIGURE}">'
        '<div style="display:flex;justify-content:space-between">'
        "<strong>Your code</strong><strong>Claude</strong></div>"
        f'<ol style="margin:0;padding:0;list-style:none;border-left:{_LINE};border-right:{_LINE}">'
        f"{rows}</ol>{status}</div>"
    )


def _view(turns: Sequence[Turn]) -> Any:
    from ipywidgets import HTML

    labels = [f"{turn_words(turn)} ({turn.number} of {len(turns)})" for turn in turns]
    return make_stepper(labels, lambda at: HTML(sequence_html(turns[: at + 1])), noun="turn")


def _status(turns: Sequence[Turn]) -> str:
    count = sum(len(turn.faults) for turn in turns)
    waiting = turns[-1].waiting
    if waiting:
        return f"Waiting for an answer: {listed(waiting)}."
    if count:
        return f"{counted(count, 'fault')} so far, marked with ✗: the API would refuse this."
    return "Every call so far is answered."


def _block_lines(turn: Turn) -> Iterator[str]:
    for letter, block in zip(turn.letters, turn.message.blocks, strict=True):
        yield f"{_verb(block)}{letter and f' {letter}'}: {block_words(block)}{_id(block)}"
    for key, value in turn.message.extra:
        yield f"{key}: {value}"


def _verb(block: Block) -> str:
    return {"tool_use": "tool_use asks", "tool_result": "tool_result answers"}.get(
        block.kind, block.kind
    )


def _id(block: Block) -> str:
    return f"  {short(block.call)}" if block.call else ""


def _row(turn: Turn, *, with_faults: bool) -> str:
    side = "margin:.2em .6em .2em 20%" if turn.is_from_claude else "margin:.2em 20% .2em .6em"
    blocks = "".join(
        f"<div>{_block(letter, block)}</div>"
        for letter, block in zip(turn.letters, turn.message.blocks, strict=True)
    )
    extra = "".join(
        f"<div><code>{escape(key)}</code> {escape(value)}</div>"
        for key, value in turn.message.extra
    )
    faults = "".join(
        f"<div><strong>✗ {escape(fault)}</strong></div>" for fault in turn.faults if with_faults
    )
    return (
        f'<li><div style="{side}"><strong>{turn.number} · {escape(turn.message.role)}</strong>'
        f"{blocks}{extra}{faults}</div>{_arrow(turn)}</li>"
    )


def _block(letter: str, block: Block) -> str:
    words = escape(block_words(block))
    if block.kind not in ("tool_use", "tool_result"):
        return f"<code>{escape(block.kind)}</code> {words}"
    verb = "asks" if block.kind == "tool_use" else "answers"
    badge = f'<span style="{_BADGE}">{letter or "?"}</span>'
    return f"<code>{block.kind}</code> {verb} {badge} {words} <code>{escape(_id(block))}</code>"


def _arrow(turn: Turn) -> str:
    line = f'<span style="flex:1 1 auto;border-top:{_LINE}"></span>'
    parts = f"<span>◀</span>{line}" if turn.is_from_claude else f"{line}<span>▶</span>"
    return (
        '<div aria-hidden="true" style="display:flex;align-items:center;line-height:1">'
        f"{parts}</div>"
    )
