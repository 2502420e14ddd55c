"""Try a failed call once more, where its error says what would have been allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from grader.simulator.replies.planning.task import Call
from grader.simulator.replies.values import Slot, find, make_slot, same
from grader.simulator.wire import Json

_MAX_VALUES = 20
_CUE = (
    r"\b(?P<cue>one of|allowed|valid|available|supported|accepted|possible|options?|choose|use|"
    r"expected|expects|must be|should be|known|did you mean)\b"
)
_UP_TO = r"[^.?!;:\n\[({'\"`]{0,40}"
# Values follow a mark, or stand in quotation marks, or follow at once.
_ALLOWED = re.compile(
    rf"{_CUE}(?:{_UP_TO}[:\[({{]\s*|{_UP_TO}(?=['\"`])|(?P<space>\s+))", re.IGNORECASE
)
_SURE = ("one of", "did you mean")
"""After these even a single word is a value; "must be positive" says something else."""

_VALUE = re.compile(r"[\"'`]([^\"'`\n]{1,80})[\"'`]|([\w./@+-]*\w)")
_BETWEEN = re.compile(r"[\"'`\s]*(?:,|/|\||\bor\b|\band\b)[\s,]*(?:or\b|and\b)?\s*", re.IGNORECASE)


def retry(slot: Slot, calls: Sequence[Call]) -> Iterator[Json]:
    """Yield the inputs to try instead of those that failed; slot: the tool's input."""
    for call in calls:
        if not call.has_failed or not isinstance(call.tool_input, dict):
            continue
        if any(_is_retry(call, other) or _is_retry(other, call) for other in calls):
            continue
        again = _changed(slot, call, list(_allowed(call.text)))
        if again is not None and not any(same(again, other.tool_input) for other in calls):
            yield again


def is_left_failed(call: Call, calls: Sequence[Call]) -> bool:
    """Say whether a call failed, and no later one made up for it."""
    return call.has_failed and not any(
        other.name == call.name and not other.has_failed and _is_retry(other, call)
        for other in calls
    )


def _allowed(text: str) -> Iterator[str]:
    """Yield the values that an error lists as allowed."""
    for match in _ALLOWED.finditer(text):
        listed = list(_listed(text, match.end()))
        if len(listed) > 1 or not match["space"] or match["cue"].lower() in _SURE:
            yield from listed


def _listed(text: str, at: int) -> Iterator[str]:
    for _ in range(_MAX_VALUES):
        value = _VALUE.match(text, at)
        if value is None:
            return
        yield value[1] or value[2]
        between = _BETWEEN.match(text, value.end())
        if between is None:
            return
        at = between.end()


def _is_retry(call: Call, failed: Call) -> bool:
    """Say whether a call differs from one that had failed by values that were then allowed."""
    if call.turn <= failed.turn or not failed.has_failed:
        return False
    if not isinstance(call.tool_input, dict) or not isinstance(failed.tool_input, dict):
        return False
    before = failed.tool_input
    changed = [
        value for name, value in call.tool_input.items() if not same(value, before.get(name))
    ]
    allowed = list(_allowed(failed.text))
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
