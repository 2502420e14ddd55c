"""What a person sees of a request and its reply: a line for a list, and the whole of it, cut short.

Nothing that looks like a key is in either, wherever it stood: in a header, in a text, or as the
name of something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from grader.simulator.requested import HEADER as FAULT
from grader.simulator.wire import Exchange, Json, to_json

_HIDDEN = "…"
# Anthropic's own anywhere; those of others where a word begins.
_KEY = re.compile(r"(sk-ant-|\b(?:sk|gsk|xai|hf|ghp)[-_]|\bAIza)[A-Za-z0-9_-]{10,}")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"',]{6,}")
_SECRET_NAME = re.compile(r"(?i)key|token|secret|auth|cookie|credential|password|session")
# A shorter one is a part of many words, and no secret.
_SHORTEST_KEY = 4
_LONGEST_NAME = 200
_LONGEST_TEXT = 4_000
_MOST_ITEMS = 100
_MOST_VALUES = 4_000


class Showing:
    """Show exchanges without a key in them; api_key: one that is hidden whatever it looks like."""

    def __init__(self, api_key: str | None = None) -> None:
        self._api_key = api_key or ""

    def line(self, exchange: Exchange) -> dict[str, Json]:
        """Return what a list tells of an exchange: plain values of bounded length."""
        request, body = exchange.request, exchange.request.body
        asked = body if isinstance(body, dict) else {}
        message = exchange.message if isinstance(exchange.message, dict) else {}
        usage = message.get("usage") or {}
        line = {
            "id": exchange.id,
            "at": exchange.at,
            "method": request.method,
            "path": request.path,
            "status": exchange.status,
            "model": asked.get("model"),
            "client": request.headers.get("user-agent"),
            "tries": request.headers.get("x-stainless-retry-count", "0"),
            "wanted": request.headers.get(FAULT),
            "messages": _length(asked.get("messages")),
            "tools": _length(asked.get("tools")),
            "streamed": exchange.streamed,
            "events": exchange.events_sent,
            "is_open": exchange.streamed and not exchange.finished and not exchange.closed_early,
            "closed_early": exchange.closed_early,
            "cut": exchange.cut,
            "forgiven": exchange.forgiven,
            "stop_reason": message.get("stop_reason"),
            "input": usage.get("input_tokens"),
            "written": usage.get("cache_creation_input_tokens"),
            "read": usage.get("cache_read_input_tokens"),
            "output": usage.get("output_tokens"),
            "error": _error_of(exchange.body) if exchange.status != 200 else None,
        }
        return {name: self._name(value) for name, value in line.items()}

    def whole(self, exchange: Exchange) -> dict[str, str]:
        """Return the headers, the request and the reply of an exchange, each as text to read."""
        headers = {
            name: _HIDDEN if _SECRET_NAME.search(name) else value
            for name, value in exchange.request.headers.items()
        }
        reply = exchange.message if exchange.streamed else exchange.body
        return {
            "headers": self._written(headers),
            "request": self._written(exchange.request.body),
            "reply": self._written(reply),
        }

    def hide(self, words: str) -> str:
        """Return a text without the keys in it; of one that looks like a key, its end is kept."""
        if len(self._api_key) >= _SHORTEST_KEY:
            words = words.replace(self._api_key, _HIDDEN)
        words = _KEY.sub(lambda found: f"{found[1]}{_HIDDEN}{found[0][-4:]}", words)
        return _BEARER.sub(lambda found: f"{found[1]} {_HIDDEN}", words)

    def _name(self, value: Json) -> Json:
        if value is None or isinstance(value, bool | int | float):
            return value
        words = value if isinstance(value, str) else to_json(self._shortened(value, [20]))
        return self._begun(words, _LONGEST_NAME)

    def _written(self, value: Json) -> str:
        return json.dumps(self._shortened(value, [_MOST_VALUES]), ensure_ascii=False, indent=2)

    def _shortened(self, value: Json, left: list[int]) -> Json:
        """Return a JSON value without keys, long texts and what is too much; left: counts down."""
        left[0] -= 1
        if isinstance(value, str):
            return self._begun(value, _LONGEST_TEXT)
        if isinstance(value, Mapping):
            shown: dict[str, Json] = {}
            for name, inner in value.items():
                if left[0] <= 0:
                    shown[_HIDDEN] = f"{len(value) - len(shown)} more"
                    break
                shown[self._begun(str(name), _LONGEST_NAME)] = self._shortened(inner, left)
            return shown
        if isinstance(value, list):
            return self._ends(value, left)
        return value

    def _begun(self, words: str, longest: int) -> str:
        """Return a text to a length, without keys; one that lies across the end is hidden too."""
        shown = self.hide(words[: longest * 2])[:longest]
        return shown if len(words) <= longest else f"{shown}{_HIDDEN} ({len(words):,} characters)"

    def _ends(self, items: list[Json], left: list[int]) -> list[Json]:
        """Return the first and the last items: what an agent did last is what one looks for."""
        half = min(_MOST_ITEMS, max(0, left[0])) // 2
        if len(items) <= 2 * half:
            return [self._shortened(inner, left) for inner in items]
        start = [self._shortened(inner, left) for inner in items[:half]]
        end = [self._shortened(inner, left) for inner in items[len(items) - half :]]
        return [*start, f"{_HIDDEN} {len(items) - 2 * half:,} more", *end]


def _length(value: Json) -> int | None:
    return len(value) if isinstance(value, list) else None


def _error_of(body: Json) -> str | None:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    return f"{error.get('type')}: {error.get('message')}"
