"""Follow the tool calls of a conversation: who asked for what, which turn answered, what is amiss.

The rules are the API's (`grader.simulator.validation.calls`): every call is answered once, in the
next user turn, before any text. Messages of one role in a row are one turn to the API.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_uppercase

from grader.classroom.widgets.history import Block, Message

_ROLES = ("user", "assistant", "system")
_KEPT = 4
"""How many characters of an id are shown at its end."""


@dataclass(frozen=True)
class Turn:
    """Hold one message of a conversation, numbered from 1.

    letters: for each block the letter of its call, or "".
    faults: what the API would refuse here, in sentences.
    waiting: the calls that still wait for a result after it, by letter and id.
    """

    number: int
    message: Message
    letters: tuple[str, ...]
    faults: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def is_from_claude(self) -> bool:
        """Tell whether Claude said it; all else comes from the learner's code."""
        return self.message.role == "assistant"


def read_sequence(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """Return a conversation turn by turn, with what is amiss in each."""
    reader = _Reader()
    turns: list[Turn] = []
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
        # The calls of the run before: all of them, and those that are not answered yet.
        self._asked: list[str] = []
        self._open: list[str] = []

    def read(self, role: str, run: list[Message], *, first: int) -> list[Turn]:
        """Return the turns of one run; first: the number of its first message."""
        calls: list[str] = []
        texts_before = False
        turns: list[Turn] = []
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
                faults += [f"Call {self.named(call)} is not answered." for call in self._open]
                self._open = calls
            letters = tuple(self._letter(block.call) for block in message.blocks)
            waiting = tuple(self.named(call) for call in self._open)
            turns.append(Turn(number, message, letters, tuple(faults), waiting))
        self._asked = list(calls)
        return turns

    def named(self, call: str) -> str:
        """Return a call's letter and id as they stand in a sentence."""
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
            return [f"Call {named} stands in a {role} turn: only Claude calls tools."]
        if block.call in self._called:
            return [f"The id of call {named} is used twice."]
        self._called.add(block.call)
        calls.append(block.call)
        return []

    def _result(self, role: str, block: Block, *, texts_before: bool) -> list[str]:
        if block.call is None:
            return ["A result has no tool_use_id, so it answers nobody."]
        named = self.named(block.call)
        if role == "assistant":
            return [f"The result for {named} stands in an assistant turn: results go to Claude."]
        if block.call not in self._asked:
            if block.call in self._called:
                return [f"The result for {named} answers a call that is not in the turn before."]
            return [f"The result for {named} answers nobody: its call is missing."]
        if block.call not in self._open:
            return [f"Call {named} is answered twice."]
        self._open = [call for call in self._open if call != block.call]
        if texts_before:
            return [f"The result for {named} comes after a text: results come first."]
        return []


def _faults_of(message: Message) -> list[str]:
    faults = []
    if message.role not in _ROLES:
        faults.append(f'There is no role "{message.role}": your code speaks as user.')
    names = ", ".join(key for key, _ in message.extra)
    if names:
        faults.append(f"A message has role and content only, and this one has {names}.")
    return faults


def _letter(number: int) -> str:
    turn, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(turn + 1) if turn else "")
