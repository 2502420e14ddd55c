"""A stream that the code leaves once it has enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, exercise
from grader.exercises.failures import FAILURES
from grader.exercises.readings import is_same
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
from grader.simulator import Scripted, Turn, text

Json = Any

_INDENT = 200
"""More than two of a stream's longest pieces, in letters."""


@exercise(
    minutes=5,
    criteria=[
        Criterion("asks", "one streamed request goes out, as it was given"),
        Criterion("so-far", "`predicate` gets all the text so far, after each piece"),
        Criterion("text", "the text comes back, up to the piece that was enough"),
        Criterion("closes", "the rest is not read, and the connection is closed", points=2),
        Criterion("whole", "without a hit the whole text comes back, or the API's error"),
    ],
    shapes=Shapes(
        hit=["in the middle", "at the first piece", "at the last piece"],
        request=REQUESTS,
        words=["plain", "other letters", "lines"],
        beside=["text", "thinking", "a call"],
        blocks=BLOCKS,
        failure=[*FAILURES],
        broken=BROKEN,
    ),
)
def stream_until(exam: Exam) -> None:
    """Leave streams in the middle, and in their second text; read others to their end."""
    first, *others = exam.cases("hit", "request", "words")
    if not _leaves(exam, first):
        return
    for case in others:
        with exam.part():
            _leaves(exam, case)
    for case in exam.cases("beside"):
        with exam.part():
            _leaves_second(exam, case)
    for case in exam.cases("blocks"):
        with exam.part():
            _is_read(exam, new_reply(exam, case.blocks))
    for case in exam.cases("failure", "broken"):
        with exam.part():
            _breaks_off(exam, case)
    with exam.part():
        passes_callback_on(exam, text(new_text(exam)), "predicate", "whole", closes="closes")


@dataclass(frozen=True)
class _Left:
    """Hold a stream that was to be left, and how long a text is enough."""

    streaming: Streaming
    length: int

    @property
    def texts(self) -> dict[int, str]:
        """Return all the text so far after each piece, by how many events were read."""
        pieces = self.streaming.pieces
        return dict(zip(pieces, accumulate(pieces.values()), strict=True))

    @property
    def at(self) -> int:
        """Return how many events it took to read enough; 0 if that was never read."""
        enough = (place for place, words in self.texts.items() if len(words) >= self.length)
        return next(enough, 0)

    @property
    def hit(self) -> str:
        """Return the text that was enough; "" if it was never read."""
        return self.texts.get(self.at, "")


def _stream(
    exam: Exam,
    reply: Scripted,
    is_enough: Callable[[str], bool],
    judges: tuple[str, ...],
    *,
    request: str = "whole",
    crash: str | None = None,
    may_raise: tuple[str, ...] = (),
) -> Streaming | None:
    def predicate(given: Json) -> bool:
        return is_enough(given) if isinstance(given, str) else False

    return call_streaming(
        exam,
        reply,
        "predicate",
        predicate,
        judges=judges,
        request=request,
        crash=crash,
        may_raise=may_raise,
    )


def _left(
    exam: Exam, reply: Turn, length: int, judges: tuple[str, ...], *, request: str = "whole"
) -> _Left | None:
    """Call with a predicate on the text's length."""
    crash = "others-crash" if judges == ("text", "closes") else None
    streaming = _stream(
        exam, reply, lambda given: len(given) >= length, judges, request=request, crash=crash
    )
    return None if streaming is None else _Left(streaming, length)


def _leaves(exam: Exam, case: Case) -> bool:
    """Judge a stream of one text that is left, and return whether `predicate` was asked right."""
    words = {
        "plain": new_text(exam),
        # Enough blanks that some pieces are nothing else.
        "lines": f" {exam.words(9)}\n{' ' * _INDENT}{exam.words(9)}",
        "other letters": f"{exam.words(6)} é 漢字 🙂 {exam.words(9)}",
    }[case.words]
    length = {
        "in the middle": len(words) // 2,
        "at the first piece": 1,
        "at the last piece": len(words),
    }[case.hit]
    left = _left(exam, text(words), length, ("so-far", "text", "closes"), request=case.request)
    if left is None or not _is_asked_in_time(exam, left, words):
        return False
    _is_text(exam, left, words)
    _is_closed(exam, left)
    return True


def _leaves_second(exam: Exam, case: Case) -> None:
    """Judge a stream that is left in its second text, behind another block."""
    words = new_text(exam), new_text(exam)
    parts = [text(words[0]), *([new_reply(exam, case.beside)] if case.beside == "a call" else [])]
    if case.beside == "thinking":
        parts = [new_reply(exam, "thinking"), *parts]
    reply = Turn(tuple(block for part in [*parts, text(words[1])] for block in part.content))
    left = _left(exam, reply, len(words[0]) + len(words[1]) // 2, ("text", "closes"))
    if left is not None and _is_asked_about_all(exam, left.streaming, *words):
        _is_text(exam, left, "".join(words))
        _is_closed(exam, left)


def _is_asked_in_time(exam: Exam, left: _Left, words: str) -> bool:
    """Judge that the code asked about all the text so far, as soon as a piece came."""
    streaming, texts = left.streaming, left.texts
    given = [each for each in streaming.given if isinstance(each, str)]
    are_texts = len(given) == len(streaming.given)
    are_begun = all(words.startswith(each) for each in given)
    read, last = streaming.read or [0], max(streaming.pieces, default=0)
    is_late = read[0] > last and streaming.exchange.finished and len(texts) > 1
    begun, are_pieces = streaming.given[:3], words.startswith("".join(given)) and len(given) > 1
    pairs = [*zip(given, streaming.read, strict=False)]
    if len(pairs) > 1 and given[0] == "" and pairs[0][1] < min(texts):
        # One call too many; all the others may be right.
        pairs, read = pairs[1:], read[1:]
        exam.expect("so-far", False, "asked-before-all", begun)
    is_within = are_begun and any(at in texts and len(texts[at]) > len(each) for each, at in pairs)
    slip = exam.slip(
        {
            "not-asked": (not streaming.given, streaming.called.value),
            "not-texts": (not are_texts, begun),
            "asked-at-end": (is_late, f"{read[0]} of {streaming.total}"),
            "pieces-asked-about": (are_pieces, begun),
            "asked-too-soon": (given[:1] == [""], begun),
            "not-the-text": (not are_begun, begun),
            "asked-within": (is_within, f"{begun}, {[*texts.values()][:2]}"),
        },
        otherwise="asked-otherwise",
        observed=f"{len(given)} calls for {len(texts)} pieces",
    )
    are_right = are_texts and all(texts.get(at) == each for each, at in pairs)
    is_live = _is_live(streaming, read) and bool(given)
    is_right = exam.expect("so-far", are_right and is_live, slip)
    told = f"{len(given)} calls for {len({*streaming.read})} pieces"
    exam.expect("so-far", len(given) == len({*streaming.read}), "asked-about-again", told)
    return is_right


def _is_live(streaming: Streaming, read: list[int]) -> bool:
    """Return whether each piece led to a call at once, up to the last of these places."""
    return sorted({*read}) == [place for place in streaming.pieces if place <= max(read)]


def _is_asked_about_all(exam: Exam, streaming: Streaming, first: str, second: str) -> bool:
    """Judge that the text so far comes from all blocks, and from nothing else."""
    strange = [
        given
        for given in streaming.given
        if not (isinstance(given, str) and (first + second).startswith(given))
    ]
    observed = strange[0] if strange else ""
    is_of_block = all(isinstance(each, str) and second.startswith(each) for each in strange)
    wrong = exam.which({"block-asked-about": is_of_block}, otherwise="not-the-text")
    if not exam.expect("so-far", not strange, wrong, observed):
        exam.expect("text", False, wrong, observed)
        exam.expect("closes", False, wrong, observed)
    return not strange


def _is_text(exam: Exam, left: _Left, words: str) -> None:
    value, printed, hit = left.streaming.called.value, left.streaming.called.printed, left.hit
    is_shorter = isinstance(value, str) and value != "" and hit.startswith(value)
    wrong = exam.which(
        {
            "left-too-soon": hit == "",
            "printed": value is None and hit.strip() in printed,
            "edges-trimmed": isinstance(value, str)
            and value != hit
            and value.strip() == hit.strip(),
            "last-piece-lost": is_shorter,
            "whole-text": is_same(value, words) and words != hit,
        },
        otherwise="other-text",
    )
    observed = left.streaming.total if wrong == "left-too-soon" else value
    if wrong in ("edges-trimmed", "last-piece-lost"):
        observed = f"{value!r}, {hit!r}"
    exam.expect("text", hit != "" and is_same(value, hit), wrong, observed)


def _is_closed(exam: Exam, left: _Left) -> None:
    exchange, total = left.streaming.exchange, left.streaming.total
    wrong = exam.which(
        {"left-too-soon": left.hit == "", "read-to-the-end": exchange.finished},
        otherwise="left-open",
    )
    more = total - left.at
    observed = more if wrong == "read-to-the-end" else total
    exam.expect("closes", exchange.closed_early and left.hit != "", wrong, observed)
    exam.expect("closes", more == 0, "read-on", more)


def _is_read(exam: Exam, reply: Turn) -> None:
    """Judge a stream that is never enough."""
    words = text_of(reply)
    streaming = _stream(exam, reply, lambda _: False, ("whole",), crash="no-hit-crash")
    value = None if streaming is None else streaming.called.value
    is_trimmed = isinstance(value, str) and value != words and value.strip() == words.strip()
    slip = exam.slip(
        {
            "edges-trimmed": (is_trimmed, f"{value!r}, {words!r}"),
            "nothing-without-hit": words != "" and (value is None or value == ""),
        },
        otherwise="other-whole",
        observed=f"{value!r}, {words!r}",
    )
    exam.expect("whole", is_same(value, words), slip)


def _breaks_off(exam: Exam, case: Case) -> None:
    """Judge an error in place of the stream, or after some pieces."""
    reply = failing(exam, case.failure, case.broken)
    streaming = _stream(exam, reply, lambda _: False, ("whole",), may_raise=("Exception",))
    if streaming is None:
        return
    called = streaming.called
    wrong = exam.which({"error-swallowed": called.raised is None}, otherwise="error-otherwise")
    observed = case.failure if called.raised is None else called.raised
    exam.expect("whole", "APIError" in called.raised_kinds, wrong, observed)
