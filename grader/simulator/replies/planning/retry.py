"""Try a failed call once more, where its error says what would have been allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from grader.simulator.replies.planning.task import Call
from grader.simulator.replies.values import Slot, find, make_slot, same
from grader.simulator.wire import Json

_ALLOWED = re.compile(
    r"\b(?:one of|allowed|valid|available|supported|accepted|possible|options?|choose|use|expected|"
    r"expects|must be|should be|known|did you mean)\b[^:\n\[({'\"`]{0,40}[:\[({]?\s*",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[\"'`]([^\"'`\n]{1,80})[\"'`]|([\w./@+-]*\w)")
_BETWEEN = re.compile(r"[\"'`\s]*(?:,|/|\||\bor\b|\band\b)[\s,]*(?:or\b|and\b)?\s*", re.IGNORECASE)


def retry(slot: Slot, calls: Sequence[Call]) -> Iterator[Json]:
    """Yield the inputs to try instead of those that failed; slot: the tool's input."""
    for call in calls:
        if not call.has_failed or not isinstance(call.tool_input, dict):
            continue
        allowed = list(_allowed(call.text))
        later = [other for other in calls if other.turn > call.turn]
        if allowed and not any(_is_retry(other, call, allowed) for other in later):
            again = _changed(slot, call, allowed)
            if again is not None and not any(same(again, other.tool_input) for other in calls):
                yield again


def is_left_failed(call: Call, calls: Sequence[Call]) -> bool:
    """Say whether a call failed, and no later one made up for it."""
    allowed = list(_allowed(call.text))
    return call.has_failed and not any(
        other.name == call.name
        and other.turn > call.turn
        and not other.has_failed
        and _is_retry(other, call, allowed)
        for other in calls
    )


def _allowed(text: str) -> Iterator[str]:
    """Yield the values that an error lists as allowed."""
    for match in _ALLOWED.finditer(text):
        at = match.end()
        for _ in range(20):
            value = _VALUE.match(text, at)
            if value is None:
                break
            yield value[1] or value[2]
            between = _BETWEEN.match(text, value.end())
            if between is None:
                break
            at = between.end()


def _is_retry(call: Call, failed: Call, allowed: Sequence[str]) -> bool:
    """Say whether a call differs from a failed one by values that were allowed."""
    if not isinstance(call.tool_input, dict) or not isinstance(failed.tool_input, dict):
        return False
    changed = [
        value
        for name, value in call.tool_input.items()
        if not same(value, failed.tool_input.get(name))
    ]
    return bool(changed) and all(str(value) in allowed for value in changed)


def _changed(slot: Slot, call: Call, allowed: Sequence[str]) -> Json:
    """Return a failed call's input with the argument that the error is about changed."""
    parts = slot.shape.get("properties", {})
    names = [name for name in call.tool_input if name in parts]
    blamed = [
        name
        for name in names
        if name in call.text or str(call.tool_input[name]).lower() in call.text.lower()
    ]
    for name in blamed or names[:1]:
        before = call.tool_input[name]
        inside = make_slot(name, parts[name], slot.document)
        near = get_close_matches(str(before), allowed, n=1, cutoff=0.4)
        for text in (*near, *allowed):
            values = [found.value for found in find(inside, text)] or [text]
            for value in values:
                if inside.accepts(value) and not same(value, before):
                    return {**call.tool_input, name: value}
    return None
