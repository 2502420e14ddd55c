"""Read a conversation as thinking is bound to it: its system prompt, its tools, its messages.

What the model doesn't read is left out: cache breakpoints, how the JSON is laid out, the address of
a picture, deferred tools that nothing names, and thinking itself, which binds no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from grader.simulator.blocks import as_blocks, kind_of, nested_key, part_of
from grader.simulator.signatures import PLACE, PLACES, Prefix
from grader.simulator.wire import Json

_UNREAD = frozenset({"cache_control", "caller"})


class Reader:
    """Read a conversation as a thought is bound to it, block by block."""

    def __init__(self, request: Json) -> None:
        system = [_read(block) for block in as_blocks(request.get("system") or [])]
        self._system = _digest(system, 8)
        self._tools = request.get("tools") or []
        self._named: set[str] = set()
        self._content = hashlib.blake2b(digest_size=16)
        self._places = b""
        self._count = 0
        self._offered: dict[int, bytes] = {}

    def add(self, role: str, block: Json) -> bool:
        """Count in a block, and return whether it counts: thoughts bind no others."""
        if part_of(block) == "thought" or kind_of(block).tokens_in == "nothing":
            return False
        self._named.update(_names(block))
        # Messages of one role are one turn, however many there were.
        written = _written([role, _read(block)])
        self._content.update(len(written).to_bytes(8, "big") + written)
        if self._count < PLACES:
            self._places += hashlib.blake2b(written, digest_size=PLACE).digest()
        self._count += 1
        return True

    def prefix(self) -> Prefix:
        """Return what was read so far."""
        # Names are only ever added: as many as before are the same ones.
        names = len(self._named)
        if names not in self._offered:
            offered = [tool for tool in self._tools if self._is_offered(tool)]
            self._offered[names] = _digest([_read(tool) for tool in offered], 8)
        tools, content = self._offered[names], self._content.digest()
        return Prefix(self._system, tools, content, self._places, self._count)

    def _is_offered(self, tool: Json) -> bool:
        return not tool.get("defer_loading") or tool.get("name") in self._named


def _read(block: Json) -> Json:
    """Return a block, or a tool, as the model reads it; the address of a picture is no part."""
    kept = {
        key: value
        for key, value in block.items()
        if key not in _UNREAD and value is not None and (key, value) != ("is_error", False)
    }
    source = kept.get("source")
    if isinstance(source, dict) and source.get("type") == "url":
        kept["source"] = {key: value for key, value in source.items() if key != "url"}
    key = nested_key(block)
    if key:
        nested = as_blocks(kept.get(key) or [])
        kept[key] = [_read(part) if isinstance(part, dict) else part for part in nested]
    return kept


def _written(value: Json) -> bytes:
    written = json.dumps(_plain(value), separators=(",", ":"), sort_keys=True)
    return written.encode("utf-8", "surrogatepass")


def _plain(value: Json) -> Json:
    """Return a value whose whole numbers are written alike: other languages send 1 for 1.0."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _digest(value: Json, size: int) -> bytes:
    return hashlib.blake2b(_written(value), digest_size=size).digest()


def _names(block: Json) -> Iterator[str]:
    """Yield the names of the tools that a block calls or refers to."""
    if part_of(block) in ("call", "server_call"):
        yield str(block.get("name"))
    waiting = [block.get("content")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            if value.get("type") == "tool_reference":
                yield str(value.get("tool_name", value.get("name")))
            waiting.extend(part for part in value.values() if isinstance(part, dict | list))
