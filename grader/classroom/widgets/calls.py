"""The calls of one conversation: what each one sent, what came back, and what that cost in tokens.

Every number is one that the API sent in `usage`. What a call sends again is what the call before
sent and got back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.classroom.widgets.history import Message, read_history, read_message, read_plain
from grader.classroom.widgets.words import counted
from grader.errors import WidgetError

NEW = "new"
BEFORE = "sent again"
REPLY = "reply, sent again"

_INPUT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


@dataclass(frozen=True)
class Call:
    """Hold one call; tokens are counted as the API counted them.

    marks: for each message NEW, BEFORE, or REPLY for the reply of the call before.
    again: how many tokens were in the call before, or in its reply; None where this call does not
        go on from it.
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


def read_calls(turns: Any) -> tuple[Call, ...]:
    """Return the calls of a conversation, from (messages, message) pairs.

    Raises WidgetError for anything else, and where a list has changed since it was sent.
    """
    if not isinstance(turns, list | tuple) or not turns:
        raise WidgetError(
            "turn_stepper takes a list of (messages, message) pairs, one for each call: the "
            f"messages that were sent, and the Message that came back. This is {turns!r:.80}."
        )
    calls: list[Call] = []
    seen: dict[int, int] = {}
    for index, turn in enumerate(turns):
        if not isinstance(turn, list | tuple) or len(turn) != 2:
            raise WidgetError(
                f"turns[{index}] is no (messages, message) pair: {turn!r:.80}. Expected the list "
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


def _read_call(messages: Any, reply: Any, index: int, before: Call | None) -> Call:
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
    return Call(
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
    sent: tuple[Message, ...], total: int, before: Call | None
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
    note = "" if has_reply else f"The reply of call {before.number} is not sent back as it came."
    # Thinking is billed as output, and not all of it is sent again.
    return marks + (NEW,) * (len(sent) - len(marks)), min(again, total), note


def _changed(gone: int, number: int) -> str:
    if not gone:
        return f"The messages of call {number} are here, but not at the beginning."
    verb = "is" if gone == 1 else "are"
    return f"{counted(gone, 'message')} of call {number} {verb} no longer sent."
