"""Tell why a prompt could not reuse the cached prefix of an earlier one: `diagnostics`.

A request opts in with `diagnostics`, and names the message before it by `previous_message_id`.
The reasons and their order are those of the SDK's types (anthropic 2.12, `types/cache_miss_*`).
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.catalog import ModelCard
from grader.simulator.caching.cache import CacheUse
from grader.simulator.caching.prefix import effort_and_thinking, read_blocks
from grader.simulator.wire import Json

_KEPT = 1_000
"""How many requests are remembered: a bound of ours."""


@dataclass(frozen=True)
class _Fingerprint:
    """Hold what of a request decides whether its prefix can be used again.

    model: with its speed. cached: the tokens that the next request could have read.
    """

    model: Json
    tools: list[bytes]
    system: list[bytes]
    messages: list[bytes]
    settings: Json
    cached: int


class Diagnoses:
    """Remember the requests that opted in, by the id of the message that answered them."""

    def __init__(self) -> None:
        self._fingerprints: dict[tuple[str, str], _Fingerprint] = {}

    def remember(
        self, message_id: str, request: Json, card: ModelCard, use: CacheUse, *, workspace: str
    ) -> None:
        """Remember a request that was answered; one without `diagnostics` is not."""
        if request.get("diagnostics") is None:
            return
        self._fingerprints[workspace, message_id] = _fingerprint(request, card, use)
        while len(self._fingerprints) > _KEPT:
            del self._fingerprints[next(iter(self._fingerprints))]

    def diagnose(
        self, request: Json, card: ModelCard, use: CacheUse, *, workspace: str
    ) -> Json | None:
        """Return the reply's `diagnostics`: None when not asked for, or when nothing diverged."""
        asked = request.get("diagnostics")
        previous_id = asked.get("previous_message_id") if asked else None
        if previous_id is None:
            return None
        previous = self._fingerprints.get((workspace, previous_id))
        if previous is None:
            return {"cache_miss_reason": {"type": "previous_message_not_found"}}
        reason = _divergence(previous, _fingerprint(request, card, use))
        if reason is None:
            return None
        if reason == "unavailable":
            return {"cache_miss_reason": {"type": reason}}
        missed = max(0, previous.cached - use.read)
        return {"cache_miss_reason": {"cache_missed_input_tokens": missed, "type": reason}}


def _fingerprint(request: Json, card: ModelCard, use: CacheUse) -> _Fingerprint:
    return _Fingerprint(
        model=[card.id, request.get("speed")],
        tools=read_blocks(request, "tools"),
        system=read_blocks(request, "system"),
        messages=read_blocks(request, "messages"),
        settings=[
            request.get("tool_choice"),
            (request.get("output_config") or {}).get("format"),
            effort_and_thinking(request, card),
        ],
        cached=use.read + use.written,
    )


def _divergence(previous: _Fingerprint, current: _Fingerprint) -> str | None:
    """Return the first reason that holds, from the model to the messages."""
    if previous.model != current.model:
        return "model_changed"
    if previous.tools != current.tools:
        return "tools_changed"
    if previous.system != current.system:
        return "system_changed"
    if previous.settings != current.settings:
        return "unavailable"
    if previous.messages != current.messages[: len(previous.messages)]:
        return "messages_changed"
    return None
