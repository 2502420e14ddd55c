"""The words that the API has for one thing: its roles, stop reasons, blocks, events and deltas.

They say whether code that looks at a part of a word can take another word for it.
"""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from typing import Any, get_args

from anthropic.types import RawContentBlockDelta, RawMessageStreamEvent

from grader.simulator import STOP_REASONS
from grader.simulator.blocks import BLOCKS

_ROLES = frozenset({"user", "assistant", "system", "developer", "tool"})
"""Those of this API and of OpenAI's, whose histories are converted."""


def other_words(word: str) -> Set[str] | None:
    """Return the other words that may stand in a word's place, or None for a word of no list."""
    lists = [words for words in _vocabularies() if word in words]
    return frozenset().union(*lists) - {word} if lists else None


@cache
def _vocabularies() -> tuple[frozenset[str], ...]:
    """Return the lists; those of a stream's events and deltas are the SDK's."""
    # These two come in a stream, and are no messages to the SDK.
    events = _types(RawMessageStreamEvent) | {"ping", "error"}
    return (
        _ROLES,
        frozenset(STOP_REASONS),
        frozenset(BLOCKS),
        events,
        _types(RawContentBlockDelta),
    )


def _types(annotated: Any) -> frozenset[str]:
    """Return the values of `type` among the models of a union that the SDK annotates."""
    union = get_args(annotated)[0]
    return frozenset(
        word
        for model in get_args(union)
        for word in get_args(model.model_fields["type"].annotation)
    )
