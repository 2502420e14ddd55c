"""Text as it comes, and the message at the end."""

from __future__ import annotations

from typing import Any

from grader.exams import Case, Criterion, Exam, SdkObject, Shapes, exercise
from grader.exercises.failures import FAILURES
from grader.exercises.readings import is_same
from grader.exercises.replies import texts_in
from grader.exercises.streaming.calls import (
    BLOCKS,
    BROKEN,
    REQUESTS,
    Streaming,
    call_streaming,
    failing,
    new_reply,
    passes_callback_on,
    text_of,
)
from grader.exercises.streaming.streams import new_text
from grader.simulator import (
    Scripted,
    Turn,
    refusal,
    text,
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
        Criterion("error", "an error reaches the caller, in mid-stream too"),
    ],
    shapes=Shapes(
        request=REQUESTS,
        words=["plain", "lines", "other letters"],
        ending=["end_turn", "stop_sequence", "refusal", "max_tokens"],
        returned=[None, False, True, ""],
        blocks=BLOCKS[1:],
        failure=[*FAILURES],
        broken=BROKEN,
    ),
)
def stream_text(exam: Exam) -> None:
    """Stream a text, then a reply with other blocks around it, then one that breaks off."""
    first, *others = exam.cases("request", "words", "ending", "returned")
    streams_all = _streams(exam, first)
    if streams_all is None:
        return
    for case in others:
        with exam.part():
            _streams(exam, case)
    if streams_all:
        for case in exam.cases("blocks"):
            with exam.part():
                _meets_other_blocks(exam, case)
    for case in exam.cases("failure", "broken"):
        with exam.part():
            _breaks_off(exam, case)
    with exam.part():
        passes_callback_on(exam, text(new_text(exam)), "on_text", "error")


def _stream(
    exam: Exam,
    reply: Scripted,
    judges: tuple[str, ...],
    *,
    request: str = "whole",
    crash: str | None = None,
    may_raise: tuple[str, ...] = (),
    returned: Json = None,
) -> Streaming | None:
    return call_streaming(
        exam,
        reply,
        "on_text",
        lambda _: returned,
        judges=judges,
        request=request,
        crash=crash,
        may_raise=may_raise,
    )


def _streams(exam: Exam, case: Case) -> bool | None:
    """Judge a stream of one text, and return whether the message is right; None without pieces."""
    # A gap that is longer than two pieces, so that one of them is nothing but spaces.
    gap = " " * 200
    words = {
        "plain": new_text(exam) if case.ending == "end_turn" else exam.words(8),
        "lines": f" {exam.words(7)}\n{gap}{exam.words(3)}",
        "other letters": f"{exam.words(4)} é 漢字 🙂 {exam.words(4)}",
    }[case.words]
    streaming = _stream(
        exam,
        _text(exam, words, case.ending),
        ("pieces", "live", "message"),
        request=case.request,
        returned=case.returned,
    )
    if streaming is None or not _is_handed_on(
        exam, streaming, words, "pieces", returned=case.returned
    ):
        return None
    _is_live(exam, streaming)
    return _is_whole(exam, streaming, words, "message")


def _text(exam: Exam, words: str, ending: str) -> Turn:
    match ending:
        case "stop_sequence":
            return text(words, stop_reason=ending, stop_sequence=exam.fresh("END"))
        case "refusal":
            return refusal(exam.pick("cyber", "bio"), exam.words(4), text(words))
        case reason:
            return text(words, stop_reason=reason)


def _is_handed_on(
    exam: Exam, streaming: Streaming, words: str, criterion: str, *, returned: Json = None
) -> bool:
    """Judge that all the pieces make up the text; returned: by `on_text`, each time."""
    given = streaming.given
    are_texts = all(isinstance(piece, str) for piece in given)
    strange = next((piece for piece in given if not isinstance(piece, str)), "")
    pieces = [piece for piece in given if isinstance(piece, str)]
    joined = "".join(pieces)
    message = streaming.exchange.message
    texts = texts_in(message["content"]) if message else []
    slip = exam.slip(
        {
            "text-missed": (criterion == "others" and not given, words),
            "nothing-handed-on": not given,
            "not-texts": (not are_texts, strange),
            "handed-on-twice": (pieces[::2] == pieces[1::2], ", ".join(map(repr, pieces[:4]))),
            "handed-on-again": (joined == words * 2, "".join(pieces[-1:])),
            "snapshots": (len(pieces) > 1 and pieces[-1] == words != joined, pieces[:2]),
            "left-by-answer": (
                returned is not None and len(pieces) == 1 and pieces != [words],
                repr(returned),
            ),
            "later-blocks-missed": (
                len(texts) > 1 and joined == texts[0] and _is_read_to_its_end(streaming),
                texts[1:],
            ),
            "left-early": words.startswith(joined) and words[len(joined) :].strip() != "",
        },
        otherwise="other-pieces",
        observed=joined,
    )
    return exam.expect(criterion, are_texts and joined == words, slip)


def _is_read_to_its_end(streaming: Streaming) -> bool:
    return bool(streaming.events) and streaming.events[-1]["type"] == "message_stop"


def _is_live(exam: Exam, streaming: Streaming) -> None:
    """Judge that the code passed each piece on before it pulled the next event."""
    first, last = streaming.read[0], max(streaming.pieces)
    wrong = exam.which(
        {"empty-handed-on": "" in streaming.given, "collected": first > last},
        otherwise="pieces-late",
    )
    counts = ", ".join(str(count) for count in streaming.read[:3])
    places = ", ".join(str(place) for place in [*streaming.pieces][:3])
    if wrong == "empty-handed-on":
        counts, places = repr(streaming.given[:3]), str(streaming.read[:3])
    observed = f"{first} of {streaming.total}" if first > last else f"{counts}; {places}"
    exam.expect("live", streaming.is_live(), wrong, observed)


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


_ENDING = ("stop_reason", "stop_sequence", "stop_details")


def _told(message: Json) -> Json:
    """Return what a message says, without empty fields and those that an SDK adds."""
    usage, content = message.get("usage"), message.get("content")
    counts = ("input_tokens", "output_tokens")
    return (
        [message.get(key) for key in ("id", "model", *_ENDING)],
        [usage.get(key) for key in counts] if isinstance(usage, dict) else usage,
        [_block(block) for block in content] if isinstance(content, list) else content,
    )


def _block(block: Json) -> Json:
    keys = ("type", "text", "thinking", "signature", "data", "id", "name", "input")
    return [block.get(key) for key in keys] if isinstance(block, dict) else block


def _meets_other_blocks(exam: Exam, case: Case) -> None:
    """Judge a reply of several blocks, of other blocks than text, or of none."""
    reply = new_reply(exam, case.blocks)
    words = text_of(reply)
    streaming = _stream(exam, reply, ("others",), crash="others-crash")
    if streaming is None:
        exam.expect("others", False, "other-pieces", "")
        return
    thought = next((block["thinking"] for block in reply.content if "thinking" in block), "")
    joined = "".join(piece for piece in streaming.given if isinstance(piece, str))
    is_thinking = thought != "" and thought in joined
    exam.expect("others", not is_thinking, "thinking-handed-on", joined)
    if _is_handed_on(exam, streaming, words, "others"):
        _is_whole(exam, streaming, words, "others")


def _breaks_off(exam: Exam, case: Case) -> None:
    """Judge an error that comes after some pieces, before any, or in place of the stream."""
    reply = failing(exam, case.failure, case.broken)
    streaming = _stream(exam, reply, ("error",), may_raise=("Exception",))
    if streaming is None:
        exam.expect("error", False, "error-swallowed", case.failure)
        return
    called = streaming.called
    wrong = exam.which({"error-swallowed": called.raised is None}, otherwise="error-otherwise")
    observed = case.failure if called.raised is None else called.raised
    exam.expect("error", "APIError" in called.raised_kinds, wrong, observed)
