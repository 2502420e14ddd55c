"""Turn stepper: the exact messages of each call, and the tokens that they cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.classroom.widgets.bars import FIGURE, Segment, bar, swatch
from grader.classroom.widgets.calls import Call, read_calls
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_stepper
from grader.classroom.widgets.words import block_words, counted

_LEGEND = (
    ("hatched", "sent again: the call before and its reply"),
    ("solid", "new in this call"),
    ("hollow", "output: the reply"),
)
_CELL = "padding:.1em .6em .1em 0;text-align:left;vertical-align:top"


def turn_stepper(turns: Sequence[tuple[Sequence[Any], Any]]) -> Playable:
    """Show the calls of a conversation one by one: what each sent, and its tokens.

    turns: a (messages, message) pair for each call: a copy of the list that was sent, and the
    Message that came back. Raises WidgetError for anything else.
    """
    calls = read_calls(turns)
    return Playable(
        text="\n\n".join([_table(calls), *map(_text, calls)]),
        html=_whole(calls),
        summary=f"{counted(len(calls), 'call')} at once",
        make_view=lambda: _view(calls),
    )


def _label(call: Call, calls: Sequence[Call]) -> str:
    new = call.marks.count("new")
    return (
        f"Call {call.number} of {len(calls)}: {counted(len(call.messages), 'message')}, {new} new"
    )


def _tokens(call: Call) -> str:
    if call.again is None:
        return f"{counted(call.input, 'token')} in, {call.output:,} out"
    return f"{call.again:,} sent again + {call.new:,} new = {call.input:,} in, {call.output:,} out"


def _rows(call: Call) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield number, role, mark, kind and words of each block; the reply comes last."""
    numbered = [(str(n), message) for n, message in enumerate(call.messages, start=1)]
    marks = (*call.marks, "comes back")
    for (number, message), mark in zip([*numbered, ("", call.reply)], marks, strict=True):
        head = (number, message.role, mark)
        for block in message.blocks:
            yield (*head, block.kind, block_words(block))
            head = ("", "", "")
        if not message.blocks:
            yield (*head, "", "(no content)")


def _table(calls: Sequence[Call]) -> str:
    lines = ["Tokens  sent again       new     input    output"]
    for call in calls:
        again = "?" if call.again is None else f"{call.again:,}"
        new = "?" if call.again is None else f"{call.new:,}"
        lines.append(
            f"call {call.number:<3}{again:>10}{new:>10}{call.input:>10,}{call.output:>10,}"
        )
    return "\n".join(lines)


def _text(call: Call) -> str:
    lines = [f"Call {call.number}: {_tokens(call)}, stop_reason {call.stop_reason}"]
    lines += [
        f"  {number:>2} {role:<9}  {mark:<11}  {kind}: {words}"
        for number, role, mark, kind, words in _rows(call)
    ]
    return "\n".join([*lines, *([f"  {call.note}"] if call.note else [])])


def _whole(calls: Sequence[Call]) -> str:
    parts = [
        f"<p><strong>{escape(_label(call, calls))}</strong></p>{_messages(call)}" for call in calls
    ]
    return f'<div style="{FIGURE}">{_chart(calls, calls[-1])}{"".join(parts)}</div>'


def _view(calls: Sequence[Call]) -> Any:
    from ipywidgets import HTML

    labels = [_label(call, calls) for call in calls]
    return make_stepper(labels, lambda at: HTML(_step(calls, calls[at])), noun="call")


def _step(calls: Sequence[Call], call: Call) -> str:
    return f'<div style="{FIGURE}">{_chart(calls, call)}{_messages(call)}</div>'


def _chart(calls: Sequence[Call], until: Call) -> str:
    full = max(call.input + call.output for call in calls) or 1
    rows = "".join(_row(call, full) for call in calls[: until.number])
    legend = " · ".join(f"{swatch(pattern)} {words}" for pattern, words in _LEGEND)
    return (
        f'<p style="margin:.35em 0">Tokens by call. {legend}</p>'
        f'<ul style="margin:.35em 0;padding:0;list-style:none">{rows}</ul>'
    )


def _row(call: Call, full: int) -> str:
    again = Segment(call.again or 0, "hatched")
    segments = (again, Segment(call.new, "solid"), Segment(call.output, "hollow"))
    return f"<li>Call {call.number}: {_tokens(call)}{bar(segments, full=full)}</li>"


def _messages(call: Call) -> str:
    titles = ("", "Role", "Mark", "Block", "What it says")
    head = "".join(f'<th style="{_CELL}" scope="col">{title}</th>' for title in titles)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in _rows(call))
    note = f"<p>{escape(call.note)}</p>" if call.note else ""
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p>stop_reason <code>{escape(call.stop_reason)}</code></p>{note}"
    )


def _cell(words: str) -> str:
    return f'<td style="{_CELL}">{escape(words)}</td>'
