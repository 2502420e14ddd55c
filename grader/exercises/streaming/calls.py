"""Call a function that streams, and judge that it sent one request, as given."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.catalog import active_models
from grader.exams import Called, Exam, Opaque, Scene, Slip
from grader.exercises.failures import FAILURES
from grader.exercises.loops import new_request
from grader.exercises.readings import differing, is_same
from grader.exercises.streaming.streams import new_block, new_calls, new_text
from grader.plural import counted
from grader.simulator import Exchange, Scripted, Turn, interrupted, text, turn

Json = Any

_MOST_REQUESTS = 4
"""How many requests of one call we answer, so that we can tell asking twice from failing."""

REQUESTS = ("whole", "bare")
"""Whether a request has all sorts of parameters, or only those that it must have."""
BROKEN = ("in front of the stream", "behind some pieces", "in front of any piece")
"""Where a stream may break off."""
BLOCKS = (
    "one text",
    "two texts",
    "thinking, then text",
    "text, then a call",
    "a call, then text",
    "redacted thinking, then text",
    "a server's call, then text",
    "a call",
    "nothing",
)
"""What a reply may be made of; see `new_reply`."""


@dataclass(frozen=True)
class Streaming:
    """Hold the result of one call of a function that streams.

    exchange: the request and its reply, as the API saw them.
    events: the events that it read.
    given: what the function passed to the exam's own function, call by call.
    read: how many events it had pulled from the stream by each of these calls.
    """

    called: Called
    exchange: Exchange
    events: list[Json]
    given: list[Json]
    read: list[int]

    @property
    def total(self) -> int:
        """Return how many events the function pulled in all."""
        return self.exchange.events_sent

    @property
    def pieces(self) -> dict[int, str]:
        """Return each piece of text that was read, by how many events it took to read it."""
        return {
            place: event["delta"]["text"]
            for place, event in enumerate(self.events, 1)
            if event["type"] == "content_block_delta" and event["delta"]["type"] == "text_delta"
        }

    def is_live(self, *, until: int | None = None) -> bool:
        """Return whether each piece led to a call of the exam's function as soon as it was read.

        until: how many events it takes to read the last of these pieces; all unless given.
        """
        places = [place for place in self.pieces if until is None or place <= until]
        return sorted({*self.read}) == places


def new_reply(exam: Exam, blocks: str, *, words: str = "", ending: str | None = None) -> Turn:
    """Return a reply of these blocks.

    blocks: one of BLOCKS. words: its first text; a new one unless given. ending: its stop reason.
    """
    texts = [words or f" {exam.words(6)}\n", f"{exam.words(6)} "]
    parts: list[Turn] = []
    for kind in blocks.split(", then "):
        match kind:
            case "nothing":
                parts.append(Turn(()))
            case "a call":
                parts += new_calls(exam, "one")
            case "text" | "one text":
                parts.append(text(texts.pop(0)))
            case "two texts":
                # A piece of white space alone, which only a whole block is sure to be.
                parts += [text(texts[0]), text("\n\n"), text(texts[1])]
            case beside:
                parts.append(new_block(exam, beside))
    return turn(*parts, stop_reason=ending)


def text_of(reply: Turn) -> str:
    """Return all the text of a reply."""
    return "".join(block["text"] for block in reply.content if block["type"] == "text")


def call_streaming(
    exam: Exam,
    reply: Scripted,
    name: str,
    body: Callable[[Json], Json],
    *,
    judges: tuple[str, ...],
    request: str = "whole",
    may_raise: tuple[str, ...] = (),
    crash: str | None = None,
) -> Streaming | None:
    """Call with a new request and a function of the exam, and judge the criterion "asks".

    name, body: of that function. request: one of REQUESTS. None when no streamed request came.
    """
    scene = exam.scene(*[reply] * _MOST_REQUESTS)
    sending = new_request(
        exam, model=exam.pick(*active_models()), metadata={"user_id": exam.fresh("user")}
    )
    if request == "bare":
        sending = {key: sending[key] for key in ("model", "max_tokens", "messages")}
    given: list[Json] = []
    read: list[int] = []

    def function(*values: Json, **named: Json) -> Json:
        # Like a function of one parameter, as an `append` or a lambda of the caller would be.
        if named:
            raise TypeError(f"{name}() got an unexpected keyword argument {min(named)!r}")
        if len(values) != 1:
            raise TypeError(f"{name}() takes 1 positional argument but {len(values)} were given")
        given.append(values[0])
        read.append(sum(exchange.events_sent for exchange in scene.asked))
        return body(given[-1])

    asked: list[bool] = []

    def sent(called: Called | None) -> None:
        asked.append(_is_asked(exam, scene, sending, called, fails=not isinstance(reply, Turn)))

    called = exam.call(
        scene.client,
        copy.deepcopy(sending),
        exam.function(name, function),
        judges=judges,
        may_raise=may_raise,
        crash=crash,
        sent=sent,
    )
    if asked != [True]:
        return None
    return Streaming(called, scene.asked[0], [*scene.pulled, []][0], given, read)


def failing(exam: Exam, failure: str, broken: str) -> Scripted:
    """Return a reply that fails; failure: one of `FAILURES`; broken: one of `BROKEN`.

    Only what can come upon the API while it answers breaks a stream off; the SDK doesn't turn a
    connection that is lost then into an exception of its own.
    """
    fault = FAILURES[failure]()
    if broken == BROKEN[0] or fault.status not in (429, 500, 529):
        return fault
    return interrupted(text(new_text(exam)), after=2 if broken == BROKEN[1] else 0, fault=fault)


def passes_callback_on(
    exam: Exam, reply: Turn, name: str, criterion: str, *, closes: str = ""
) -> None:
    """Judge that what the exam's own function raises comes out; name: of that function.

    The exercise has the mistake "callback-stopped"; with closes, the criterion that judges whether
    the stream is closed then, also "left-open-by-error".
    """

    def fail(_given: Json) -> Json:
        raise ValueError("enough")

    streaming = call_streaming(
        exam, reply, name, fail, judges=(criterion,), may_raise=("Exception",)
    )
    if streaming is None:
        return
    called = streaming.called
    observed = called.value if called.raised is None else called.raised
    is_met = "ValueError" in called.raised_kinds
    exam.judge(None if is_met else Slip("callback-stopped", observed), criterion)
    if closes and is_met:
        is_closed = streaming.exchange.closed_early
        exam.expect(closes, is_closed, "left-open-by-error", streaming.total)


def _is_asked(
    exam: Exam, scene: Scene, request: Json, called: Called | None, *, fails: bool
) -> bool:
    """Judge what was sent; fails: whether the API answers with an error."""
    requests = scene.requests
    value = None if called is None else called.value
    is_generator = isinstance(value, Opaque) and value.type == "generator"
    wrong = exam.which({"generator-returned": is_generator}, otherwise="no-request")
    if not exam.expect("asks", bool(requests), wrong, value):
        return False
    more = f"{counted(len(requests) - 1, 'more request')} after an error"
    slip = exam.slip(
        {"error-retried": (fails, more)}, otherwise="requests-counted", observed=len(requests)
    )
    if not exam.expect("asks", len(requests) == 1, slip):
        return False
    arrived = dict(requests[0])
    is_stream = arrived.pop("stream", False) is True
    observed = "a request without stream: true"
    if not exam.expect("asks", is_stream, "not-streamed", observed):
        return False
    changed = ", ".join(differing(arrived, request))
    exam.expect("asks", is_same(arrived, request), "request-changed", changed)
    if called is not None:
        after = called.arguments[1]
        changed = ", ".join(differing(after, request)) if isinstance(after, dict) else after
        exam.expect("asks", is_same(after, request), "request-mutated", changed)
    return True
