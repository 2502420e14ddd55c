"""Streams that no learner has seen: a reply's events, and the message that they make up."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from grader.catalog import active_models
from grader.exams import Exam, exam_simulator, post
from grader.exercises.loops import new_request
from grader.simulator import Script, Scripted, Turn, text, thinking, tool_use

Json = Any

PING = {"type": "ping"}

_CUT = {"text_delta": "text", "thinking_delta": "thinking", "input_json_delta": "partial_json"}
"""The deltas that may be cut anywhere, with the keys of their pieces."""
CUTS = ("in halves", "after each brace", "in letters", "with empty ones", "not at all")
"""The ways in which `cut_anew` cuts: none of them depends on the seed."""

_OWN_NAMES = ("getWeather", "web_search", "Bash")
CALLS = ("one", "two", "two of one tool", "two alike", "four")
"""How many calls `new_calls` returns, and whether they share a name, or name and input."""
BESIDE = ("text", "thinking", "redacted thinking", "a server's call")
"""What `new_block` can put beside a text or a call, and "a server's program" too."""


@dataclass(frozen=True)
class Streamed:
    """Hold one reply as events on the wire, and the same reply without a stream.

    Most recorded streams have one ping; these have none, so that pings can be put in on purpose.
    """

    events: list[Json]
    message: Json

    def pieces(self, kind: str, key: str) -> list[Json]:
        """Return the pieces of the deltas of one type, such as "text_delta" with "text"."""
        deltas = [event["delta"] for event in self.of_type("content_block_delta")]
        return [delta[key] for delta in deltas if delta["type"] == kind]

    def of_type(self, kind: str) -> list[Json]:
        """Return the events of one type."""
        return [event for event in self.events if event["type"] == kind]


def streamed(exam: Exam, reply: Scripted) -> Streamed:
    """Return the stream of a reply, cut into new pieces each time."""
    simulator = exam_simulator(Script(reply), seed=exam.number(0, 2**32 - 1))
    answer = post(simulator, new_request(exam, model=exam.pick(*active_models()), stream=True))
    events = [copy.deepcopy(event.data) for event in answer.events or ()]
    return Streamed([event for event in events if event != PING], simulator.transcript[-1].message)


def new_text(exam: Exam) -> str:
    """Return a text that takes several pieces, each with more in it than white space.

    The longest piece has fewer than 100 letters.
    """
    return f"{exam.words(24)}, {exam.words(24)}."


def new_input(exam: Exam, kind: str = "nested") -> dict[str, Json]:
    """Return the input of a tool call; kind: "nested", "falsy" or "nothing".

    A nested one takes several pieces: it has braces within braces and within texts, falsy values,
    and letters that JSON may write in two ways. A falsy one has a number with a fraction too.
    """
    nested = {
        "place": exam.words(3),
        "count": exam.number(2, 900),
        "options": {"key": exam.fresh("key"), "is_new": exam.pick(True, False), "more": {}},
        "tags": [*exam.words(2).split(), f'}} "{exam.words(1)}" É漢 OK\n\\{{'],
        "limit": 0,
        "note": None,
    }
    falsy = {
        exam.fresh("count"): 0,
        "share": exam.number(1, 90) + 0.25,
        "is_new": False,
        "options": {},
        "tags": [],
        "note": None,
    }
    return {"nested": nested, "falsy": falsy, "nothing": {}}[kind]


def new_calls(exam: Exam, which: str, kind: str = "nested") -> list[Turn]:
    """Return calls of tools; which: one of CALLS; kind: of each one's input."""
    first, second = (tool_use(exam.fresh("get"), new_input(exam, kind)) for _ in range(2))
    name, asked = first.content[0]["name"], first.content[0]["input"]
    others = {
        "one": [],
        "two": [second],
        "two of one tool": [tool_use(name, new_input(exam, kind))],
        "two alike": [tool_use(name, asked)],
        # The caller's own tool may have any name, also that of one of the API's.
        "four": [tool_use(called, {"n": n}) for n, called in enumerate(_OWN_NAMES)],
    }
    return [first, *others[which]]


def new_block(exam: Exam, kind: str) -> Turn:
    """Return what may stand beside a text or a call; kind: one of BESIDE."""
    id = exam.fresh("srvtoolu")
    asked = {"query": exam.words(2), "options": {"key": exam.fresh("key")}}
    searched: tuple[Json, ...] = (
        {"type": "server_tool_use", "id": id, "name": "web_search", "input": asked},
        {"type": "web_search_tool_result", "tool_use_id": id, "content": [_page(exam)]},
    )
    ran: tuple[Json, ...] = (
        {"type": "server_tool_use", "id": id, "name": "bash_code_execution", "input": asked},
        {
            "type": "bash_code_execution_tool_result",
            "tool_use_id": id,
            "content": {
                "type": "bash_code_execution_result",
                "stdout": exam.words(2),
                "stderr": "",
                "return_code": 0,
                "content": [],
            },
        },
    )
    redacted = {"type": "redacted_thinking", "data": exam.fresh("data")}
    return {
        "text": text(exam.words(9)),
        "thinking": thinking(new_text(exam), signature=exam.fresh("signature")),
        "redacted thinking": Turn((redacted,)),
        "a server's call": Turn(searched),
        "a server's program": Turn(ran),
    }[kind]


def _page(exam: Exam) -> Json:
    """Return what a search found."""
    return {
        "type": "web_search_result",
        "url": f"https://example.com/{exam.fresh('page')}",
        "title": exam.words(2),
        "encrypted_content": exam.fresh("page"),
        "page_age": None,
    }


def cut_anew(stream: Streamed, how: str) -> Streamed:
    """Return a stream whose texts and inputs come in other pieces; how: one of CUTS."""
    events: list[Json] = []
    for event in stream.events:
        kind = event["delta"]["type"] if event["type"] == "content_block_delta" else ""
        if kind not in _CUT:
            events.append(event)
            continue
        last = events[-1]
        if last.get("index") == event["index"] and last.get("delta", {}).get("type") == kind:
            last["delta"][_CUT[kind]] += event["delta"][_CUT[kind]]
        else:
            events.append(copy.deepcopy(event))
    return replace(stream, events=[piece for event in events for piece in _pieces(event, how)])


def with_usage(stream: Streamed, usage: str) -> Streamed:
    """Return a stream whose usage comes in another way.

    usage: "whole"; "output alone", as older ones have it; "more input", which a search adds to what
    the start has counted; "told twice", in two `message_delta`s of which the first is behind.
    """
    first = stream.of_type("message_start")[0]["message"]["usage"]
    last = stream.of_type("message_delta")[0]
    told = last["usage"]
    if usage == "output alone":
        told = {"output_tokens": told["output_tokens"]}
    elif usage == "more input":
        told = {**told, "input_tokens": 2 * first["input_tokens"] + 100}
    events = stream.events
    if usage == "told twice":
        place = events.index(last)
        behind = {**last, "usage": {**told, "output_tokens": told["output_tokens"] - 1}}
        events = [*events[:place], behind, *events[place:]]
    last["usage"] = told
    return Streamed(events, {**stream.message, "usage": {**first, **told}})


def ended_at(stream: Streamed, kind: str) -> Streamed:
    """Return a stream as a log has it that was cut behind the last event of a type.

    kind: "message_delta", where only `message_stop` is missing, which carries nothing, or
    "content_block_stop", where nobody has said how the message ends.
    """
    places = [place for place, event in enumerate(stream.events) if event["type"] == kind]
    events = stream.events[: places[-1] + 1]
    if kind == "message_delta":
        return replace(stream, events=events)
    begun = stream.of_type("message_start")[0]["message"]
    return Streamed(events, {**begun, "content": stream.message["content"]})


def in_turn(events: list[Json], kind: str = "") -> list[Json]:
    """Return events with one block begun before the pieces of the one in front of it.

    kind: the type of both, which are the first and the last of it; any unless given.
    """
    starts = [
        place
        for place, event in enumerate(events)
        if event["type"] == "content_block_start" and kind in ("", event["content_block"]["type"])
    ]
    first, second = starts[0] + 1, starts[-1]
    return [*events[:first], events[second], *events[first:second], *events[second + 1 :]]


def nested(events: list[Json]) -> list[Json]:
    """Return events with the last block begun, sent and stopped within the first."""
    kinds = "content_block_start", "content_block_stop"
    starts, stops = ([n for n, event in enumerate(events) if event["type"] == k] for k in kinds)
    first, last = starts[0] + 1, slice(starts[-1], stops[-1] + 1)
    return [*events[:first], *events[last], *events[first : last.start], *events[last.stop :]]


def _pieces(event: Json, how: str) -> Iterator[Json]:
    """Yield the deltas that one delta becomes; an input begins with an empty one, as recorded."""
    kind = event["delta"]["type"] if event["type"] == "content_block_delta" else ""
    if kind not in _CUT:
        yield event
        return
    key = _CUT[kind]
    for piece in _cut(event["delta"][key], how, is_json=kind == "input_json_delta"):
        yield {**event, "delta": {"type": kind, key: piece}}


def _cut(words: str, how: str, *, is_json: bool) -> list[str]:
    middle = len(words) // 2
    parted = words.replace("{", "{\0").replace("}", "}\0")
    spelt = words
    if how == "in letters" and is_json and words:
        # JSON may write a letter as an escape, which a cut can go through.
        spelt = json.dumps(json.loads(words))
    pieces = {
        "in halves": [words[:middle], words[middle:]],
        "after each brace": [piece for piece in parted.split("\0") if piece],
        "in letters": list(spelt),
        "with empty ones": ["", words[:middle], "", "", words[middle:], ""],
        "not at all": [words],
    }[how]
    return [*([""] if is_json else []), *(pieces if words else [])]
