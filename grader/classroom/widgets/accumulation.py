"""Put a message together from the events of its stream, one event at a time.

A missing field changes nothing: other servers that speak the protocol send less, and new types of
events may come.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from grader.simulator import BLOCKS

Json = Any

_PIECES = {
    delta.type: delta.field
    for kind in BLOCKS.values()
    for delta in kind.deltas
    if delta.cut in ("words", "json")
}
"""The deltas whose pieces are joined, with the key of the piece."""


class Accumulation:
    """Hold the part of a message that has arrived.

    message: as the API would send it whole, as far as it has arrived; {} before message_start.
        The input of a tool call is {} until its block is complete.
    whole: the indices of the complete blocks.
    """

    def __init__(self) -> None:
        self.message: dict[str, Json] = {}
        self.whole: set[int] = set()
        self._pieces: dict[int, list[str]] = {}

    def add(self, event: Json) -> None:
        """Take the next event, as plain data, without changing it."""
        kind, index = event.get("type"), event.get("index")
        if kind == "message_start":
            self.message = copy.deepcopy(event.get("message") or {})
            self.message.setdefault("content", [])
        elif kind == "message_delta":
            self.message.update(event.get("delta") or {})
            told = (event.get("usage") or {}).items()
            usage = {key: value for key, value in told if value is not None}
            self.message["usage"] = {**(self.message.get("usage") or {}), **usage}
        elif kind == "content_block_start":
            self.message.setdefault("content", []).append(copy.deepcopy(event["content_block"]))
            self._pieces[len(self.blocks) - 1] = []
        elif isinstance(index, int) and 0 <= index < len(self.blocks):
            if kind == "content_block_delta":
                self._add_delta(index, event.get("delta") or {})
            elif kind == "content_block_stop":
                self._finish(index)

    @property
    def blocks(self) -> list[Json]:
        """Return the content blocks; `words_of` has the pieces of incomplete ones."""
        blocks: list[Json] = self.message.get("content") or []
        return blocks

    def words_of(self, index: int) -> str:
        """Return what has arrived of a block: its text, its thinking, or the JSON of its input."""
        block = self.blocks[index]
        joined = "".join(self._pieces.get(index, ()))
        words = _words_key(block)
        return str(block.get(words)) if words and index in self.whole else joined

    def snapshot(self) -> Json:
        """Return a copy of the message with all the pieces so far."""
        message = copy.deepcopy(self.message)
        for index, block in enumerate(message.get("content") or []):
            words = _words_key(block)
            if words and index not in self.whole:
                block[words] = self.words_of(index)
        return message

    def content(self) -> Iterator[Json]:
        """Yield each block as far as it has arrived, as a shallow copy."""
        for index, block in enumerate(self.blocks):
            words = _words_key(block)
            yield {**block, words: self.words_of(index)} if words else block

    def _add_delta(self, index: int, delta: Json) -> None:
        kind, block = delta.get("type"), self.blocks[index]
        if kind in _PIECES:
            self._pieces[index].append(str(delta.get(_PIECES[kind]) or ""))
        elif kind == "signature_delta":
            block["signature"] = delta.get("signature")
        elif kind == "citations_delta":
            block["citations"] = [*(block.get("citations") or []), delta.get("citation")]

    def _finish(self, index: int) -> None:
        block, came = self.blocks[index], self.words_of(index)
        words = _words_key(block)
        if words:
            block[words] = str(block.get(words) or "") + came
        elif came:
            # max_tokens may cut a call off; words_of has what arrived of it.
            with suppress(ValueError):
                block["input"] = json.loads(came)
        self.whole.add(index)


def _words_key(block: Json) -> str | None:
    """Return the key of a block's text, None if it has none or its kind is unknown."""
    kind = BLOCKS.get(str(block.get("type")))
    return kind.words if kind else None
