"""Sequence stepper: a conversation as arrows between your code and Claude, its calls lettered.

The rules are the API's (`grader.simulator.validation`): every call gets one answer, in the next
user turn, before any text. To the API, messages of one role in a row are one turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from string import ascii_uppercase
from typing import Any

from grader.classroom.widgets.history import (
    Block,
    Message,
    block_words,
    indented,
    read_history,
)
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_stepper
from grader.look import FIGURE, LINE, QUIET, themed
from grader.plural import counted, listed

_ROLES = ("user", "assistant", "system")
_KEPT = 4
"""How many characters of an id's end we show."""


@dataclass(frozen=True)
class SequenceTurn:
    """Hold one message of a conversation, numbered from 1.

    letters: for each block the letter of its call, or "".
    faults: what the API would refuse here, in sentences.
    waiting: the calls that wait for a result after this message, by letter and id.
    """

    number: int
    message: Message
    letters: tuple[str, ...]
    faults: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def is_from_claude(self) -> bool:
        """Return whether Claude said it; everything else comes from the learner's code."""
        return self.message.role == "assistant"


def read_sequence(messages: Sequence[Message]) -> tuple[SequenceTurn, ...]:
    """Return a conversation turn by turn, with what is amiss in each."""
    reader = _Reader()
    turns: list[SequenceTurn] = []
    for role, run in groupby(messages, key=lambda message: message.role):
        turns += reader.read(role, list(run), first=len(turns) + 1)
    return tuple(turns)


def short(call: str) -> str:
    """Return an id shortened to its kind and its last characters."""
    kind, mark, rest = call.partition("_")
    return f"{kind}_…{rest[-_KEPT:]}" if mark and len(rest) > _KEPT + 2 else call


class _Reader:
    """Read runs of messages of one role, and remember the calls between them."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._called: set[str] = set()
        # The calls of the run before: all of them, and those without an answer so far.
        self._asked: list[str] = []
        self._open: list[str] = []

    def read(self, role: str, run: list[Message], *, first: int) -> list[SequenceTurn]:
        """Return the turns of one run; first: the number of its first message."""
        calls: list[str] = []
        texts_before = False
        turns: list[SequenceTurn] = []
        for number, message in enumerate(run, start=first):
            faults = _faults_of(message)
            for block in message.blocks:
                if block.kind == "tool_use":
                    faults += self._call(role, block, calls)
                elif block.kind == "tool_result":
                    faults += self._result(role, block, texts_before=texts_before)
                else:
                    texts_before = True
            is_last = number == first + len(run) - 1
            if is_last:
                faults += [f"Call {self.named(call)} has no result." for call in self._open]
                self._open = calls
            letters = tuple(self._letter(block.call) for block in message.blocks)
            waiting = tuple(self.named(call) for call in self._open)
            turns.append(SequenceTurn(number, message, letters, tuple(faults), waiting))
        self._asked = list(calls)
        return turns

    def named(self, call: str) -> str:
        """Return a call's letter and id, to use in a sentence."""
        return f"{self._letter(call)} ({short(call)})"

    def _letter(self, call: str | None) -> str:
        if call is None:
            return ""
        return self._letters.setdefault(call, _letter(len(self._letters)))

    def _call(self, role: str, block: Block, calls: list[str]) -> list[str]:
        if block.call is None:
            return [f"The call of {block.words} has no id."]
        named = self.named(block.call)
        if role != "assistant":
            return [f"Call {named} is in a {role} turn, but only Claude calls tools."]
        if block.call in self._called:
            return [f"The id of call {named} is used twice."]
        self._called.add(block.call)
        calls.append(block.call)
        return []

    def _result(self, role: str, block: Block, *, texts_before: bool) -> list[str]:
        if block.call is None:
            return ["A result has no tool_use_id, so it answers no call."]
        named = self.named(block.call)
        if role == "assistant":
            return [f"The result for {named} is in an assistant turn, but results go to Claude."]
        if block.call not in self._asked:
            if block.call in self._called:
                return [f"The result for {named} answers a call that isn't in the turn before."]
            return [f"The result for {named} has no call with that id."]
        if block.call not in self._open:
            return [f"Call {named} has two results."]
        self._open = [call for call in self._open if call != block.call]
        if texts_before:
            return [f"The result for {named} comes after a text, but results come first."]
        return []


def _faults_of(message: Message) -> list[str]:
    faults = []
    if message.role not in _ROLES:
        faults.append(f'There is no role "{message.role}". Your code speaks as user.')
    names = ", ".join(key for key, _ in message.extra)
    if names:
        faults.append(f"A message has only a role and content, but this one has {names}.")
    return faults


def _letter(number: int) -> str:
    turn, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(turn + 1) if turn else "")


_VERBS = {"tool_use": "makes call", "tool_result": "answers call"}
_LINE = f"2px solid {LINE}"
_BADGE = (
    "display:inline-block;min-width:1.4em;text-align:center;font-weight:bold;"
    f"border:1px solid {LINE};border-radius:3px"
)
_EDGES = {
    "text": ("border-left:4px solid {0}", "text"),
    "thinking": ("border-left:4px double {0}", "think"),
    "redacted_thinking": ("border-left:4px double {0}", "think"),
    "tool_use": ("border-left:4px solid {0}", "tool"),
    "tool_result": ("border-right:4px solid {0}", "tool"),
}
_WIDTH = 60
"""The width of the diagram in plain text, in characters."""


def sequence_stepper(messages: Sequence[Any]) -> Playable:
    """Show a conversation turn by turn: who asked for which tool, and which turn answered.

    messages: as sent to the API; content may be SDK objects. The diagram names calls without an
    answer, and results without a call. Raises WidgetError if the list isn't a history.
    """
    turns = read_sequence(read_history(messages))
    return Playable(
        text=f"{sequence_text(turns)}\n{_status(turns)}",
        html=_with_status(turns),
        make_view=lambda: _view(turns),
    )


def sequence_text(turns: Sequence[SequenceTurn], *, with_faults: bool = True) -> str:
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


def sequence_html(turns: Sequence[SequenceTurn], *, with_faults: bool = True) -> str:
    """Return a conversation as a diagram."""
    rows = "".join(_row(turn, with_faults=with_faults) for turn in turns)
    return (
        f'<div style="{FIGURE}"><div style="display:flex;justify-content:space-between">'
        "<strong>Your code</strong><strong>Claude</strong></div>"
        f'<ol style="margin:0;padding:0;list-style:none;border-left:{_LINE};border-right:{_LINE}">'
        f"{rows}</ol></div>"
    )


def _view(turns: Sequence[SequenceTurn]) -> Any:
    labels = [_label(turn, len(turns)) for turn in turns]
    return make_stepper(labels, lambda at: _with_status(turns[: at + 1]), noun="turn")


def _with_status(turns: Sequence[SequenceTurn]) -> str:
    status = f'<p style="{QUIET};line-height:1.5">{escape(_status(turns))}</p>'
    return f"{sequence_html(turns)}{status}"


def _label(turn: SequenceTurn, of: int) -> str:
    """Return what a turn does, in one line."""
    parts: dict[str, list[str]] = {}
    for letter, block in _lettered(turn):
        parts.setdefault(_VERBS.get(block.kind, block.kind), []).append(letter or "?")
    words = [
        f"{part}{'s' * (len(letters) > 1)} {listed(letters)}" if part in _VERBS.values() else part
        for part, letters in parts.items()
    ]
    return f"Turn {turn.number} of {of}: {turn.message.role}, {', '.join(words) or 'no content'}"


def _status(turns: Sequence[SequenceTurn]) -> str:
    waiting = turns[-1].waiting
    count = sum(len(turn.faults) for turn in turns)
    parts = [
        f"✗ {counted(count, 'problem')} so far. The API would refuse this." if count else "",
        f"Waiting for a result: {listed(waiting)}." if waiting else "",
    ]
    return " ".join(filter(None, parts)) or "No call is waiting for a result."


def _lettered(turn: SequenceTurn) -> Iterator[tuple[str, Block]]:
    return zip(turn.letters, turn.message.blocks, strict=True)


def _row(turn: SequenceTurn, *, with_faults: bool) -> str:
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
        return f"{_kind(block.kind)} {words}"
    badge = f'<span style="{_BADGE}">{letter or "?"}</span>'
    id = escape(short(block.call or "no id"))
    return (
        f"{_kind(block.kind)} {_VERBS[block.kind]} {badge} {words} "
        f'<code style="white-space:nowrap">{id}</code>'
    )


def _kind(kind: str) -> str:
    """Return the kind of a block; its edge has a hue, on the side that the block comes from."""
    edge = _EDGES.get(kind)
    style = f' style="{themed(*edge)}"' if edge else ""
    return f"<code{style}>{escape(kind)}</code>"


def _arrow(turn: SequenceTurn) -> str:
    line = f'<span style="flex:1 1 auto;border-top:{_LINE}"></span>'
    parts = f"<span>◀</span>{line}" if turn.is_from_claude else f"{line}<span>▶</span>"
    style = "display:flex;align-items:center;line-height:1"
    return f'<div aria-hidden="true" style="{style}">{parts}</div>'
