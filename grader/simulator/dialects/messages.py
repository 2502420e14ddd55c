"""The Messages API's own dialect: its version header, its events, its limits' names.

The order of events is the one recorded since February 2026: message_start, content_block_start, one
ping after the first of them, deltas, content_block_stop, …, message_delta, message_stop. The pieces
of a text or of a tool's input are drawn by the seed, and as long as recorded ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import assert_never

from grader.catalog import asks_for
from grader.simulator.blocks import Delta, kind_of
from grader.simulator.caching import CacheUse
from grader.simulator.dialects.dialect import Asked, Counted, Counting, Dialect, Failed, LimitNames
from grader.simulator.faults import invalid
from grader.simulator.identifiers import Identifiers
from grader.simulator.stream import Pace, Stage
from grader.simulator.validation import VERSIONS
from grader.simulator.wire import Json, ServerSentEvent

# Recorded: three in four texts begin with a piece of one word.
_FIRST_PIECE = re.compile(r"\s*(?:\w{1,12}|\W)")
# Recorded: a piece ends within a word one time in seven, so most words are finished.
_REST_OF_WORD = re.compile(r"\w{0,6}")
# One in twenty each. Pieces of text had a median of 9 characters, and a tenth had 48 and more;
# fragments of a tool's input 5, and a tenth 11 and more; none was longer than 12.
_TEXT_LENGTHS = (1, 1, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 11, 14, 18, 24, 32, 42, 57, 93)
_INPUT_LENGTHS = (1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 7, 8, 9, 9, 11, 11, 12)
# Recorded: 1 in more than half of all streams, else 2 to 8 with few exceptions.
_FIRST_OUTPUT_TOKENS = (1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 8)
_STEP = 50
_STAGES: Mapping[str | None, Stage] = {
    "content_block_delta": "delta",
    "message_delta": "closing",
    "message_stop": "last",
    "error": "last",
}


def message_events(
    message: Json,
    ids: Identifiers,
    pace: Pace,
    use: CacheUse | None = None,
    *,
    counts_thoughts: bool = False,
) -> Iterator[ServerSentEvent]:
    """Return the events of a streamed message, each made when it is pulled.

    use: what the first prompt cost, where the message tells the cost of several.
    counts_thoughts: whether deltas of thinking tell how much of it there was, as under its beta.
    """
    # Its own source, so that streams that are read by turns are the same as one after the other.
    return _events(message, ids.branch(), pace, use, counts_thoughts=counts_thoughts)


def _events(
    message: Json, ids: Identifiers, pace: Pace, use: CacheUse | None, *, counts_thoughts: bool
) -> Iterator[ServerSentEvent]:
    opening = _opening(message, ids, use)
    yield _event("message_start", {"message": opening}, ids, pace.first_token)
    pinged = False
    for index, block in enumerate(message["content"]):
        kind = kind_of(block)
        is_whole = kind.whole_with in block
        blanks = {} if is_whole else kind.blanks
        empty = {key: blanks.get(key, value) for key, value in block.items()}
        start = {"index": index, "content_block": empty}
        yield _event("content_block_start", start, ids)
        if not pinged:
            yield ServerSentEvent("ping", {"type": "ping"})
            pinged = True
        deltas = iter(()) if is_whole else _deltas(block, kind.deltas, ids)
        if counts_thoughts and kind.part == "thought":
            deltas = _counted(deltas, message)
        for delta in deltas:
            data = {"index": index, "delta": delta}
            yield _event("content_block_delta", data, ids, pace.between_deltas)
        yield _event("content_block_stop", {"index": index}, ids)
    yield _event("message_delta", _closing(message), ids)
    yield _event("message_stop", {}, ids)


def _event(
    name: str, data: dict[str, Json], ids: Identifiers, delay: float = 0.0
) -> ServerSentEvent:
    return ServerSentEvent(name, {"type": name, **data}, padding=ids.padding(), delay=delay)


_LATE = ("output_tokens_details", "server_tool_use", "iterations", "fallback_credit")


def _opening(message: Json, ids: Identifiers, use: CacheUse | None) -> Json:
    usage = _first_usage(message)
    if use is not None and "server_tool_use" in message["usage"]:
        usage |= {"input_tokens": use.fresh, "cache_read_input_tokens": use.read}
    blank: dict[str, Json] = {
        "content": [],
        # Recorded: a container that there is, is told at the end alone.
        "container": None,
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }
    begun = min(ids.choose(_FIRST_OUTPUT_TOKENS), usage["output_tokens"])
    opening = {key: value for key, value in message.items() if key != "context_management"}
    return {**opening, **blank, "usage": {**usage, "output_tokens": begun}}


def _first_usage(message: Json) -> Json:
    """Return the usage as it stands when a stream begins.

    Recorded: where a summary is made at a threshold, that of its call. It has no iterations.
    """
    usage = message["usage"]
    calls = usage.get("iterations") or ()
    if "context_management" in message and calls and calls[0]["type"] == "compaction":
        usage = {**usage, **{key: calls[0][key] for key in calls[0] if key != "type"}}
    return {key: value for key, value in usage.items() if key not in _LATE}


def _closing(message: Json) -> dict[str, Json]:
    kept = (
        "input_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "output_tokens",
        *_LATE,
        "speed",
    )
    usage = message["usage"]
    # Recorded in October 2026: the container is null where there is none.
    told = ("stop_reason", "stop_sequence", "stop_details", "container")
    delta = {key: message[key] for key in told}
    closing = {"delta": delta, "usage": {key: usage[key] for key in kept if key in usage}}
    managed = message.get("context_management")
    return closing if managed is None else {**closing, "context_management": managed}


def _deltas(block: Json, deltas: Sequence[Delta], ids: Identifiers) -> Iterator[Json]:
    for delta in deltas:
        for piece in _cut(block.get(delta.key), delta, ids):
            yield {"type": delta.type, delta.field: piece}


def _counted(deltas: Iterator[Json], message: Json) -> Iterator[Json]:
    """Yield the deltas of a thought with `estimated_tokens`.

    Recorded once, of a thought that is not shown: an empty delta with 50, and one with null, though
    the thought had 22 tokens; so what is told comes in steps of 50. Those of a shown one have null.
    """
    is_shown = False
    for delta in deltas:
        if delta["type"] == "thinking_delta":
            is_shown = True
            yield {**delta, "estimated_tokens": None}
            continue
        if delta["type"] == "signature_delta" and not is_shown:
            details = message["usage"].get("output_tokens_details") or {}
            steps = max(1, -(-details.get("thinking_tokens", 0) // _STEP))
            empty = {"type": "thinking_delta", "thinking": ""}
            yield from ({**empty, "estimated_tokens": _STEP} for _ in range(steps))
            yield {**empty, "estimated_tokens": None}
        yield delta


def _cut(value: Json, delta: Delta, ids: Identifiers) -> Iterable[Json]:
    match delta.cut:
        case "words":
            return _pieces(value, ids)
        case "json":
            return chain([""], _fragments(value, ids))
        case "each":
            return value or ()
        case "whole" | "late":
            return (value,)
        case _:
            assert_never(delta.cut)


def _pieces(words: str, ids: Identifiers) -> Iterator[str]:
    """Yield a text in pieces: its first word, then pieces that mostly end where a word does."""
    start, match = 0, _FIRST_PIECE.match(words)
    while match is not None and start < len(words):
        yield words[start : match.end()]
        start = match.end()
        match = _REST_OF_WORD.match(words, start + ids.choose(_TEXT_LENGTHS))


def _fragments(tool_input: Json, ids: Identifiers) -> Iterator[str]:
    """Yield a tool's input in fragments of JSON; nothing for a tool that takes none."""
    # Recorded: written with spaces, unlike all else on the wire.
    written = json.dumps(tool_input, ensure_ascii=False) if tool_input else ""
    start = 0
    while start < len(written):
        end = start + ids.choose(_INPUT_LENGTHS)
        yield written[start:end]
        start = end


def _version_of(headers: Mapping[str, str]) -> str:
    version = headers.get("anthropic-version")
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in VERSIONS:
        raise invalid(f'anthropic-version: "{version}" is not a valid version')
    return version


def _stream(message: Json, asked: Asked) -> Iterator[ServerSentEvent]:
    counts_thoughts = asks_for(asked.betas, "thinking_count")
    return message_events(
        message, asked.ids, asked.pace, asked.use, counts_thoughts=counts_thoughts
    )


def _stage_of(event: ServerSentEvent) -> Stage:
    return _STAGES.get(event.name, "frame")


def _end_with_error(body: Json, failed: Failed) -> ServerSentEvent:
    return ServerSentEvent("error", body, padding=failed.asked.ids.padding())


@cache
def _limit_names(limit: str) -> LimitNames:
    limited = f"anthropic-ratelimit-{limit}"
    return f"{limited}-limit", f"{limited}-remaining", f"{limited}-reset"


def _write_count(counted: Counted) -> Json:
    written: dict[str, Json] = {"input_tokens": counted.tokens}
    if counted.original is not None:
        written["context_management"] = {"original_input_tokens": counted.original}
    return written


MESSAGES = Dialect(
    path="/v1/messages",
    version_of=_version_of,
    read=lambda body: body,
    write=lambda message, _asked: message,
    stream=_stream,
    stage_of=_stage_of,
    write_error=lambda body: body,
    end_with_error=_end_with_error,
    limit_names=_limit_names,
    counting=Counting(
        path="/v1/messages/count_tokens",
        read=lambda body: body,
        write=_write_count,
    ),
)
"""The Messages API itself."""
