"""The usage of a reply, read from its bytes as they pass, without changing any of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

from grader.catalog import Tokens, read_usage
from grader.simulator import BLOCKS

# The text fields of the Messages API's deltas, and the one of OpenAI's.
_TEXTS = {
    *(d.field for kind in BLOCKS.values() for d in kind.deltas if d.cut in ("words", "json")),
    "content",
}
_ENDS = (b"message_delta", b"response.completed", b"response.incomplete")
_CHARACTERS_A_TOKEN = 3


@dataclass(frozen=True)
class ReplyUsage:
    """Hold what a reply says about its tokens.

    model: the one that answered, "" if the reply doesn't say.
    is_reckoned: whether the stream closed before its final count, so that we estimated it.
    usage: all that it says of it, such as that a batch had it answered. id: the message's.
    """

    model: str
    tokens: Tokens
    is_reckoned: bool
    usage: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


class WatchedStream(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """Pass a reply's bytes on unchanged, and hand all of them over when it ends."""

    def __init__(self, inner: Any, settle: Callable[[bytes], None]) -> None:
        self._inner = inner
        self._settle = settle
        self._seen = bytearray()
        self._is_settled = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._inner:
            self._seen += piece
            yield piece
        self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._inner:
            self._seen += piece
            yield piece
        self._end()

    def close(self) -> None:
        """Close the reply, and hand over what has passed."""
        try:
            self._inner.close()
        finally:
            self._end()

    async def aclose(self) -> None:
        """Close the reply, and hand over what has passed."""
        try:
            await self._inner.aclose()
        finally:
            self._end()

    def _end(self) -> None:
        if not self._is_settled:
            self._is_settled = True
            self._settle(bytes(self._seen))


def uncompressed(request: httpx2.Request) -> httpx2.Request:
    """Return the request, asking for an uncompressed reply, which we can read as it passes."""
    request.headers["accept-encoding"] = "identity"
    return request


def read_reply(content: bytes) -> ReplyUsage:
    """Return the usage of a reply, from its bytes or from those read so far."""
    usage: dict[str, Any] = {}
    model, characters = "", 0
    is_streamed = content.startswith((b"event:", b"data:"))
    for line in content.splitlines() if is_streamed else [content]:
        try:
            data = json.loads(line.removeprefix(b"data: "))
        except ValueError:
            continue
        if not isinstance(data, dict):
            continue
        characters += sum(map(len, _delta_texts(data)))
        # Each event that holds a whole response of OpenAI's has the same keys as a message here.
        message = data.get("message") or data.get("response")
        opening = message if isinstance(message, dict) else {}
        model = model or str(data.get("model") or opening.get("model") or "")
        found = data.get("usage") or opening.get("usage") or {}
        # Usage in a stream is cumulative: later numbers replace earlier ones.
        usage.update({key: value for key, value in found.items() if value is not None})
    is_reckoned = is_streamed and not any(end in content for end in _ENDS)
    tokens = read_usage(usage)
    if is_reckoned:
        # Closed early, before the final count: we estimate it from the text that came.
        reckoned = characters // _CHARACTERS_A_TOKEN
        tokens = replace(tokens, output=max(tokens.output, reckoned))
    return ReplyUsage(model, tokens, is_reckoned, usage)


def read_results(content: bytes) -> Iterator[ReplyUsage]:
    """Yield the usage of each message among the results of a batch; errors and the rest have none.

    content: JSON Lines, of which the last may have come in part.
    """
    for line in content.splitlines():
        try:
            message = json.loads(line)["result"]["message"]
            usage, model, id = message["usage"], str(message["model"]), str(message["id"])
        except (ValueError, TypeError, LookupError):
            continue
        # A batch's messages say so themselves; what they cost would be wrong without it.
        told = {**usage, "service_tier": "batch"}
        yield ReplyUsage(model, read_usage(usage), is_reckoned=False, usage=told, id=id)


def _delta_texts(data: dict[str, Any]) -> Iterator[str]:
    """Yield the text that one event of a stream carries."""
    deltas = [data.get("delta"), *(each.get("delta") for each in data.get("choices") or [])]
    for delta in deltas:
        if isinstance(delta, str):
            yield delta
        elif isinstance(delta, dict):
            yield from (value for key, value in delta.items() if key in _TEXTS and value)
