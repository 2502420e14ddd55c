"""Turn stepper: the exact messages of each call, and the tokens that they cost.

Every number comes from the API's `usage`. What a call sends again is what the call before it sent
and got back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from grader.classroom.widgets.history import (
    Message,
    block_words,
    indented,
    read_history,
    read_message,
    read_plain,
)
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_stepper
from grader.errors import WidgetError
from grader.look import FIGURE, QUIET, Segment, bar, fold, swatch
from grader.plural import counted

NEW = "new"
BEFORE = "sent again"
REPLY = "reply, sent again"

_INPUT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


@dataclass(frozen=True)
class ShownCall:
    """Hold one call; tokens are counted as the API counted them.

    marks: for each message NEW, BEFORE, or REPLY for the reply of the call before.
    again: how many tokens were in the call before, or in its reply; None if this call doesn't
        continue it.
    note: what is unusual about the history, as a sentence, or "".
    """

    number: int
    messages: tuple[Message, ...]
    marks: tuple[str, ...]
    reply: Message
    stop_reason: str
    input: int
    output: int
    again: int | None
    note: str

    @property
    def new(self) -> int:
        """Return the input tokens that were not in the call before."""
        return self.input - (self.again or 0)


def read_calls(turns: Any) -> tuple[ShownCall, ...]:
    """Return the calls of a conversation, from (messages, message) pairs.

    Raises WidgetError for anything else, and if a list has changed since it was sent.
    """
    if not isinstance(turns, list | tuple) or not turns:
        raise WidgetError(
            "turn_stepper takes a list of (messages, message) pairs, one for each call: the "
            f"messages that were sent, and the Message that came back. This is {turns!r:.80}."
        )
    calls: list[ShownCall] = []
    seen: dict[int, int] = {}
    for index, turn in enumerate(turns):
        if not isinstance(turn, list | tuple) or len(turn) != 2:
            raise WidgetError(
                f"turns[{index}] isn't a (messages, message) pair: {turn!r:.80}. Expected the list "
                "that was sent, and the Message that came back."
            )
        messages, reply = turn
        if id(messages) in seen:
            raise WidgetError(
                f"turns[{seen[id(messages)]}] and turns[{index}] hold the same list, so what the "
                "first one sent is lost. Keep a copy of each: (list(messages), message)."
            )
        seen[id(messages)] = index
        calls.append(_read_call(messages, reply, index, calls[-1] if calls else None))
    return tuple(calls)


def _read_call(messages: Any, reply: Any, index: int, before: ShownCall | None) -> ShownCall:
    sent = read_history(messages, where=f"turns[{index}][0]")
    plain = read_plain(reply, f"turns[{index}][1]")
    usage = plain.get("usage") if isinstance(plain, dict) else None
    if not isinstance(usage, dict):
        raise WidgetError(
            f"turns[{index}][1] has no usage. Expected the Message that came back, as "
            "client.messages.create returns it."
        )
    answer = read_message(
        {key: plain.get(key) for key in ("role", "content")}, f"turns[{index}][1]"
    )
    if answer.blocks and sent[-1] == answer:
        raise WidgetError(
            f"turns[{index}][0] ends with the reply, which was not there yet when it was sent. "
            "Keep a copy of the list before you append to it: (list(messages), message)."
        )
    total = sum(usage.get(key) or 0 for key in _INPUT)
    marks, again, note = _compared(sent, total, before)
    return ShownCall(
        number=index + 1,
        messages=sent,
        marks=marks,
        reply=answer,
        stop_reason=str(plain.get("stop_reason")),
        input=total,
        output=usage.get("output_tokens") or 0,
        again=again,
        note=note,
    )


def _compared(
    sent: tuple[Message, ...], total: int, before: ShownCall | None
) -> tuple[tuple[str, ...], int | None, str]:
    """Return each message's mark, the tokens sent again, and a note."""
    if before is None:
        return (NEW,) * len(sent), 0, ""
    earlier = before.messages
    if sent[: len(earlier)] != earlier:
        known = (*earlier, before.reply)
        marks = tuple(BEFORE if message in known else NEW for message in sent)
        gone = sum(message not in sent for message in earlier)
        return marks, None, _changed(gone, before.number)
    has_reply = sent[len(earlier) : len(earlier) + 1] == (before.reply,)
    marks = (BEFORE,) * len(earlier) + (REPLY,) * has_reply
    again = before.input + (before.output if has_reply else 0)
    note = "" if has_reply else f"The reply of call {before.number} didn't go back as it came."
    # Thinking is billed as output, and not all of it goes out again.
    return marks + (NEW,) * (len(sent) - len(marks)), min(again, total), note


def _changed(gone: int, number: int) -> str:
    if not gone:
        return f"The messages of call {number} are here, but not at the start."
    verb = "is" if gone == 1 else "are"
    return f"{counted(gone, 'message')} of call {number} {verb} no longer sent."


_LEGEND = {
    "again": "sent again: the last call and its reply",
    "fresh": "new in this call",
    "whole": "input, not split",
    "out": "output: the reply",
}
_CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top;white-space:nowrap"
_WIDE = _CELL.replace("nowrap", "pre-wrap")


def turn_stepper(turns: Sequence[tuple[Sequence[Any], Any]]) -> Playable:
    """Show the calls of a conversation one by one: what each sent, and its tokens.

    turns: a (messages, message) pair for each call: a copy of the list that was sent, and the
    Message that came back. Raises WidgetError for anything else.
    """
    calls = read_calls(turns)
    return Playable(
        text="\n\n".join([_table(calls), *map(_text, calls)]),
        html=_whole(calls),
        make_view=lambda: _view(calls),
    )


def _label(call: ShownCall, of: int) -> str:
    sent = f"{counted(len(call.messages), 'message')}, {call.marks.count(NEW)} new"
    return f"Call {call.number} of {of}: {sent}"


def _tokens(call: ShownCall) -> str:
    parts = f"{call.again:,} sent again + {call.new:,} new = " if call.again else ""
    all_new = ", all new" if call.again == 0 else ""
    return f"{parts}{call.input:,} in{all_new}, {call.output:,} out"


def _rows(call: ShownCall) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield number, role, mark, kind and words of each block; the reply comes last."""
    numbered = [(str(number), message) for number, message in enumerate(call.messages, start=1)]
    marks = (*call.marks, "output")
    for (number, message), mark in zip([*numbered, ("", call.reply)], marks, strict=True):
        head = (number, message.role, mark)
        for block in message.blocks:
            yield (*head, block.kind, block_words(block))
            head = ("", "", "")
        if not message.blocks:
            yield (*head, "", "(no content)")


def _table(calls: Sequence[ShownCall]) -> str:
    lines = [f"{'tokens':<8}{'sent again':>12}{'new':>10}{'input':>10}{'output':>10}"]
    for call in calls:
        again, new = ("?", "?") if call.again is None else (f"{call.again:,}", f"{call.new:,}")
        name = f"call {call.number}"
        lines.append(f"{name:<8}{again:>12}{new:>10}{call.input:>10,}{call.output:>10,}")
    return "\n".join(lines)


def _text(call: ShownCall) -> str:
    lines = [f"Call {call.number}: {_tokens(call)}, stop_reason {call.stop_reason}"]
    lines += [
        f"{number:>3} {role:<9}  {mark:<17}  {kind}: {indented(words, 8)}"
        for number, role, mark, kind, words in _rows(call)
    ]
    return "\n".join([*lines, *([f"    {call.note}"] if call.note else [])])


def _view(calls: Sequence[ShownCall]) -> Any:
    labels = [_label(call, len(calls)) for call in calls]
    return make_stepper(labels, lambda at: _step(calls[: at + 1], calls), noun="call")


def _step(so_far: Sequence[ShownCall], calls: Sequence[ShownCall]) -> str:
    return f'<div style="{FIGURE}">{_chart(so_far, calls)}{_messages(so_far[-1])}</div>'


def _whole(calls: Sequence[ShownCall]) -> str:
    each = "".join(fold(_label(call, len(calls)), _messages(call)) for call in calls)
    return f'<div style="{FIGURE}">{_chart(calls, calls)}{each}</div>'


def _chart(so_far: Sequence[ShownCall], calls: Sequence[ShownCall]) -> str:
    """Return a bar for each call so far, all to one scale."""
    full = max(call.input + call.output for call in calls) or 1
    rows = "".join(
        f"<li>Call {call.number}: {_tokens(call)}{bar(_segments(call), full=full)}</li>"
        for call in so_far
    )
    used = {segment.pattern for call in calls for segment in _segments(call)}
    legend = "".join(
        f'<span style="display:inline-block;padding-right:1em">{swatch(pattern)} {words}</span>'
        for pattern, words in _LEGEND.items()
        if pattern in used
    )
    return (
        f'<p style="{QUIET}">Tokens of each call:<br>{legend}</p>'
        f'<ul style="{QUIET};padding:0;list-style:none">{rows}</ul>'
    )


def _segments(call: ShownCall) -> tuple[Segment, ...]:
    output = Segment(call.output, "out")
    if call.again is None:
        return (Segment(call.input, "whole"), output)
    return (Segment(call.again, "again"), Segment(call.new, "fresh"), output)


def _messages(call: ShownCall) -> str:
    titles = ("", "Role", "In this call", "Block", "Content")
    head = "".join(f'<th scope="col" style="{_CELL}">{title}</th>' for title in titles)
    rows = "".join(_table_row(*row) for row in _rows(call))
    note = f'<p style="{QUIET}">{escape(call.note)}</p>' if call.note else ""
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}"
        f'<p style="{QUIET}">stop_reason: <code>{escape(call.stop_reason)}</code></p>'
    )


def _table_row(*cells: str) -> str:
    *narrow, last = map(escape, cells)
    parts = [f'<td style="{_CELL}">{cell}</td>' for cell in narrow]
    return f'<tr>{"".join(parts)}<td style="{_WIDE}">{last}</td></tr>'
