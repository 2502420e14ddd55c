"""Read a conversation as thinking is bound to it: its system prompt, its tools, its messages.

What the model doesn't read is left out: cache breakpoints, how the JSON is laid out, the address of
a picture, deferred tools that nothing names, and thinking itself, which binds no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from grader.simulator.blocks import kind_of, part_of
from grader.simulator.contents import as_blocks, is_summary, nested_key
from grader.simulator.signatures import PLACE, PLACES, Prefix
from grader.simulator.summaries import Range, read_summary
from grader.simulator.wire import Json

_UNREAD = frozenset({"cache_control", "caller"})


class Reader:
    """Read a conversation as a thought is bound to it, block by block.

    A summary restarts it. One that the API signed stands for what it summarized: the reader goes
    on from there, as long as `system` and `tools` are those of the summary and the message behind
    it is of another role. Any other begins a conversation of its own.
    """

    def __init__(self, request: Json) -> None:
        system = [_read(block) for block in as_blocks(request.get("system") or [])]
        self._system = _digest(system, 8)
        self._tools = request.get("tools") or []
        self._named: set[str] = set()
        self._content = bytes(16)
        self._places = b""
        self._offered: dict[int, bytes] = {}
        self._role = ""
        self._summarized_role = ""
        self.count = 0
        """How many blocks were read, those that were summarized among them."""

    def add(self, role: str, block: Json) -> bool:
        """Count in a block, and return whether it counts: thoughts bind no others."""
        part = part_of(block)
        if part == "thought" or (part == "summary" and not is_summary(block)):
            return False
        if kind_of(block).tokens_in == "nothing":
            return False
        if part == "summary":
            self._restart(block)
            return True
        if self._summarized_role:
            # It would be merged into the last message that was summarized.
            if role == self._summarized_role or role.startswith("system"):
                self._chain(b"merged")
            self._summarized_role = ""
        self._role = role
        self._named.update(_names(block))
        # Messages of one role are one turn, however many there were.
        written = _written([role, _read(block)])
        self._chain(written)
        if self.count < PLACES:
            self._places += hashlib.blake2b(written, digest_size=PLACE).digest()
        self.count += 1
        return True

    def prefix(self) -> Prefix:
        """Return what was read so far."""
        tools = self._offered_tools()
        return Prefix(self._system, tools, self._content, self._places, self.count)

    def span(self) -> Range:
        """Return what was read so far, as a summary that stands for it records it."""
        return Range(
            self._content,
            self._places,
            self.count,
            self._role,
            tuple(sorted(self._named)),
            self._system,
            self._offered_tools(),
        )

    def _restart(self, block: Json) -> None:
        span = _span_of(block)
        self._offered.clear()
        if span is None:
            written = _written(["summary", block["content"]])
            self._content, self._named, self._role, self.count = bytes(16), set(), "", 1
            self._chain(written)
            self._places = hashlib.blake2b(written, digest_size=PLACE).digest()
            return
        self._content, self._places, self.count = span.content, span.places, span.count
        self._named, self._role = set(span.names), span.role
        self._summarized_role = span.role
        if (span.system, span.tools) != (self._system, self._offered_tools()):
            self._chain(self._system + self._offered_tools())

    def _chain(self, written: bytes) -> None:
        self._content = hashlib.blake2b(self._content + written, digest_size=16).digest()

    def _offered_tools(self) -> bytes:
        # Between two summaries names are only added: as many as before are the same ones.
        names = len(self._named)
        if names not in self._offered:
            offered = [tool for tool in self._tools if self._is_offered(tool)]
            self._offered[names] = _digest([_read(tool) for tool in offered], 8)
        return self._offered[names]

    def _is_offered(self, tool: Json) -> bool:
        return not tool.get("defer_loading") or tool.get("name") in self._named


def _span_of(block: Json) -> Range | None:
    """Return what a summary stands for, None where its signature doesn't say or isn't there."""
    try:
        summarized = read_summary(block.get("signature") or "")
    except ValueError:
        return None
    return summarized.span if summarized else None


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
    waiting = [block.get("content"), block.get("tool")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            if value.get("type") == "tool_reference":
                yield str(value.get("tool_name", value.get("name")))
            waiting.extend(part for part in value.values() if isinstance(part, dict | list))
