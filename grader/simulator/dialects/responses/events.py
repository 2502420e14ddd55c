"""A response as a stream: its events in the recorded order, each with its number.

A reply's end is one of `response.completed`, `response.incomplete` and `response.failed`; no
`[DONE]` follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.simulator.dialects.responses.writing import unfinished
from grader.simulator.identifiers import Identifiers
from grader.simulator.stream import Pace, Stage
from grader.simulator.wire import Json, ServerSentEvent

_WORDS = re.compile(r"\s*\S+|\s+")
_FRAGMENTS = re.compile(r"\w+|\W+")
# Recorded: a delta and what hides its length have 16 characters together, or a multiple of that.
_HIDDEN = 16
_ENDS = ("response.completed", "response.incomplete", "response.failed", "error")


class Events:
    """Make the events of one response."""

    def __init__(self, response: Json, ids: Identifiers, pace: Pace, *, hides: bool) -> None:
        self._response = response
        self._ids = ids
        self._pace = pace
        self._hides = hides
        self._number = -1

    def __iter__(self) -> Iterator[ServerSentEvent]:
        begun = unfinished(self._response, "in_progress")
        yield self._event("response.created", {"response": begun}, self._pace.first_token)
        yield self._event("response.in_progress", {"response": begun})
        for index, item in enumerate(self._response["output"]):
            place: dict[str, Json] = {"output_index": index}
            yield self._event("response.output_item.added", {"item": _empty(item), **place})
            yield from self._inside(item, {"item_id": item["id"], **place})
            yield self._event("response.output_item.done", {"item": item, **place})
        yield self._event(f"response.{self._response['status']}", {"response": self._response})

    def _inside(self, item: Json, place: dict[str, Json]) -> Iterator[ServerSentEvent]:
        if item["type"] == "function_call":
            name = "response.function_call_arguments"
            yield from self._deltas(name, _FRAGMENTS.findall(item["arguments"]), place)
            yield self._event(f"{name}.done", {"arguments": item["arguments"], **place})
            return
        is_summary = item["type"] == "reasoning"
        parts = item["summary"] if is_summary else item["content"]
        for index, part in enumerate(parts):
            at = {("summary_index" if is_summary else "content_index"): index, **place}
            kind = "reasoning_summary_part" if is_summary else "content_part"
            key = "refusal" if part["type"] == "refusal" else "text"
            name = {"summary_text": "reasoning_summary_text"}.get(part["type"], part["type"])
            logged: dict[str, Json] = {"logprobs": []} if name == "output_text" else {}
            yield self._event(f"response.{kind}.added", {"part": {**part, key: ""}, **at})
            pieces = _WORDS.findall(part[key])
            yield from self._deltas(f"response.{name}", pieces, {**logged, **at})
            yield self._event(f"response.{name}.done", {key: part[key], **logged, **at})
            yield self._event(f"response.{kind}.done", {"part": part, **at})

    def _deltas(
        self, name: str, pieces: list[str], place: dict[str, Json]
    ) -> Iterator[ServerSentEvent]:
        for piece in pieces:
            hidden: dict[str, Json] = {}
            if self._hides:
                hidden["obfuscation"] = self._ids.characters(-len(piece) % _HIDDEN)
            fields = {"delta": piece, **hidden, **place}
            yield self._event(f"{name}.delta", fields, self._pace.between_deltas)

    def _event(self, name: str, fields: dict[str, Json], delay: float = 0.0) -> ServerSentEvent:
        self._number += 1
        numbered = {**fields, "sequence_number": self._number}
        # Recorded: the type, then the other keys by the alphabet.
        return ServerSentEvent(name, {"type": name, **dict(sorted(numbered.items()))}, delay=delay)


def stage_of(event: ServerSentEvent) -> Stage:
    """Return where an event stands in the stream."""
    if event.name in _ENDS:
        return "last"
    return "delta" if str(event.name).endswith(".delta") else "frame"


def failed_event(response: Json, error: Json) -> ServerSentEvent:
    """Return the event that ends a stream with an error; its number is set when it is sent."""
    told = {"code": error["code"] or "server_error", "message": error["message"]}
    failed = {**unfinished(response, "failed"), "error": told}
    data = {"type": "response.failed", "response": failed, "sequence_number": 0}
    return ServerSentEvent("response.failed", data)


def _empty(item: Json) -> Json:
    """Return an item as it is when it begins."""
    blanks: dict[str, Json] = {"reasoning": {"summary": []}, "function_call": {"arguments": ""}}
    blank = blanks.get(item["type"], {"content": []})
    status = {"status": "in_progress"} if "status" in item else {}
    return {**item, **blank, **status}
