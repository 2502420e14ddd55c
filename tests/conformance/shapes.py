"""Read the shape of recorded replies: keys and types in their order, at every depth."""

import json
import re
from itertools import groupby
from typing import Any

Shape = list[tuple[str, str]]
"""The path of every value with its JSON type, in the order in which they stand."""

BLOCK = re.compile(r"event: [a-z_]+\ndata: (?P<data>\{.*[^ ] {0,15}\})")

_TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
}


def shape_of(value: Any, path: str = "") -> Shape:
    """Return the shape of a JSON value; the input of a tool is data, and has none."""
    shape = [(path, _TYPES[type(value)])]
    if isinstance(value, dict):
        for key, inner in value.items():
            place = f"{path}.{key}" if path else key
            shape += [(place, "object")] if key == "input" else shape_of(inner, place)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            shape += shape_of(inner, f"{path}.{index}" if path else str(index))
    return shape


def events_of(stream: str) -> list[Any]:
    """Return the data of each event of a raw stream, parsed."""
    return [json.loads(match["data"]) for match in BLOCK.finditer(stream)]


def outline_of(events: list[Any]) -> list[Any]:
    """Return the events without pings; deltas of one kind in a row count as one."""
    kept = [event for event in events if event["type"] != "ping"]
    return [next(run) for _, run in groupby(kept, key=_kind)]


def pings_in(events: list[Any]) -> list[int]:
    """Return where the pings stand among the events."""
    return [index for index, event in enumerate(events) if event["type"] == "ping"]


def _kind(event: Any) -> Any:
    if event["type"] == "content_block_delta":
        return event["index"], event["delta"]["type"]
    return id(event)


def message_of(events: list[Any]) -> Any:
    """Return the message that a stream adds up to, as far as a script needs it."""
    message: Any = {}
    written = ""
    for event in events:
        if event["type"] == "message_start":
            message = dict(event["message"], content=[])
        elif event["type"] == "content_block_start":
            message["content"].append(dict(event["content_block"]))
            written = ""
        elif event["type"] == "content_block_delta":
            delta = event["delta"]
            written += delta.get("partial_json", "")
            _add(message["content"][-1], delta)
        elif event["type"] == "content_block_stop":
            if "input" in message["content"][-1]:
                message["content"][-1]["input"] = json.loads(written or "{}")
        elif event["type"] == "message_delta":
            message |= event["delta"]
            message["usage"] = message["usage"] | event["usage"]
            if "context_management" in event:
                message["context_management"] = event["context_management"]
    return message


def _add(block: Any, delta: Any) -> None:
    if "citation" in delta:
        block["citations"] = [*block["citations"], delta["citation"]]
    if delta["type"] == "compaction_delta":
        block["content"] = delta["content"]
    for key in ("text", "thinking", "signature"):
        if key in delta:
            block[key] = block.get(key, "") + delta[key]
