"""Text as it comes, and the message at the end."""

from __future__ import annotations

from typing import Any

from grader.exams import Criterion, Exam, SdkObject, exercise
from grader.exercises.readings import is_same
from grader.exercises.streaming.calls import AFTER_DELTAS, Streaming, call_streaming
from grader.exercises.streaming.streams import new_input, new_text
from grader.simulator import (
    Scripted,
    Turn,
    interrupted,
    overloaded,
    server_error,
    text,
    thinking,
    tool_use,
    turn,
)

Json = Any


@exercise(
    minutes=8,
    criteria=[
        Criterion("asks", "one streamed request goes out, as it was given"),
        Criterion("pieces", "`on_text` gets all of the text, each piece once"),
        Criterion("live", "it gets each piece before the next one is read", points=2),
        Criterion("message", "the whole message comes back"),
        Criterion("others", "thinking and tool calls are kept in it, and are not handed on"),
        Criterion("error", "an error in mid-stream reaches the caller"),
    ],
)
def stream_text(exam: Exam) -> None:
    """Stream a text, then a reply with other blocks around it, then one that breaks off."""
    words = new_text(exam)
    criteria = ("pieces", "live", "message")
    streaming = _stream(exam, text(words), criteria)
    if streaming is None:
        return
    if not _is_handed_on(exam, streaming, words, "pieces"):
        return
    _is_live(exam, streaming)
    if _is_whole(exam, streaming, words, "message"):
        _meets_other_blocks(exam)
    _breaks_off(exam)


def _stream(
    exam: Exam, reply: Scripted, judges: tuple[str, ...], *, may_raise: tuple[str, ...] = ()
) -> Streaming | None:
    return call_streaming(
        exam, reply, "on_text", lambda _: None, judges=judges, may_raise=may_raise
    )


def _is_handed_on(exam: Exam, streaming: Streaming, words: str, criterion: str) -> bool:
    """Judge that all the pieces make up the text."""
    given = streaming.given
    are_texts = all(isinstance(piece, str) for piece in given)
    strange = next((piece for piece in given if not isinstance(piece, str)), "")
    pieces = [piece for piece in given if isinstance(piece, str)]
    joined = "".join(pieces)
    slip = exam.slip(
        {
            "nothing-handed-on": not given,
            "not-texts": (not are_texts, strange),
            "handed-on-twice": (pieces[::2] == pieces[1::2], ", ".join(map(repr, pieces[:4]))),
            "handed-on-again": (joined == words * 2, "".join(pieces[-1:])),
            "snapshots": (len(pieces) > 1 and pieces[-1] == words != joined, pieces[:2]),
            "left-early": words.startswith(joined),
        },
        otherwise="other-pieces",
        observed=joined,
    )
    return exam.expect(criterion, are_texts and joined == words, slip)


def _is_live(exam: Exam, streaming: Streaming) -> None:
    """Judge that the code passed each piece on before it pulled the next event."""
    first, last = streaming.read[0], streaming.total - AFTER_DELTAS
    wrong = exam.which({"collected": first > last}, otherwise="pieces-late")
    counts = ", ".join(str(count) for count in streaming.read[:3])
    observed = f"{first} of {streaming.total}" if first > last else counts
    exam.expect("live", streaming.is_live(until=last), wrong, observed)


def _is_whole(exam: Exam, streaming: Streaming, words: str, criterion: str) -> bool:
    """Judge that the message came back, with everything that the last events say about it."""
    value, message = streaming.called.value, streaming.exchange.message
    held = value.data if isinstance(value, SdkObject) else None
    data = held if isinstance(held, dict) else {}
    is_message = data.get("type") == "message"
    wrong = exam.which(
        {"text-returned": is_same(value, words), "nothing-returned": value is None},
        otherwise="no-message",
    )
    if not exam.expect(criterion, is_message, wrong, value):
        return False
    ended = data.get("stop_reason")
    wrong = exam.which({"unfinished-message": ended is None}, otherwise="part-of-message")
    is_whole = _told(data) == _told(message)
    return exam.expect(criterion, is_whole, wrong, data.get("content"))


def _told(message: Json) -> Json:
    """Return what a message says, without empty fields and those that an SDK adds."""
    usage, content = message.get("usage"), message.get("content")
    counts = ("input_tokens", "output_tokens")
    return (
        [message.get(key) for key in ("id", "model", "stop_reason")],
        [usage.get(key) for key in counts] if isinstance(usage, dict) else usage,
        [_block(block) for block in content] if isinstance(content, list) else content,
    )


def _block(block: Json) -> Json:
    keys = ("type", "text", "thinking", "signature", "id", "name", "input")
    return [block.get(key) for key in keys] if isinstance(block, dict) else block


def _meets_other_blocks(exam: Exam) -> None:
    """Judge a reply of thinking, text, a tool call and text again."""
    first, second = new_text(exam), exam.words(9)
    reply: Turn = turn(
        thinking(new_text(exam)),
        text(first),
        tool_use(exam.fresh("get"), new_input(exam)),
        text(second),
        stop_reason="tool_use",
    )
    streaming = _stream(exam, reply, ("others",))
    if streaming is None:
        exam.expect("others", False, "other-pieces", "")
        return
    thought = reply.content[0]["thinking"]
    joined = "".join(piece for piece in streaming.given if isinstance(piece, str))
    exam.expect("others", thought not in joined, "thinking-handed-on", joined)
    if _is_handed_on(exam, streaming, first + second, "others"):
        _is_whole(exam, streaming, first + second, "others")


def _breaks_off(exam: Exam) -> None:
    """Judge an error that comes after some pieces."""
    fault = exam.pick(overloaded(), server_error())
    reply = interrupted(text(new_text(exam)), after=exam.number(2, 3), fault=fault)
    streaming = _stream(exam, reply, ("error",), may_raise=("Exception",))
    if streaming is None:
        exam.expect("error", False, "error-swallowed", fault.type)
        return
    called = streaming.called
    wrong = exam.which({"error-swallowed": called.raised is None}, otherwise="error-otherwise")
    observed = fault.type if called.raised is None else called.raised
    exam.expect("error", "APIStatusError" in called.raised_kinds, wrong, observed)
