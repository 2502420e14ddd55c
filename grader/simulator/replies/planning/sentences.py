"""Say in plain sentences what is about to be called, what is lacking, and what came of it all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from grader.simulator.replies.language import is_filler, root
from grader.simulator.replies.planning.planner import Planned
from grader.simulator.replies.planning.retry import is_left_failed
from grader.simulator.replies.planning.task import Call
from grader.simulator.replies.planning.tool import Tool
from grader.simulator.replies.values import Slot
from grader.simulator.wire import Json

_MAX_VALUES = 12
_MAX_WORDS = 400


def announce(calls: Sequence[Planned]) -> str:
    """Return the sentence that goes before calls: "I'll get the weather."."""
    tools = list({call.tool.name: call.tool for call in calls}.values())
    return f"I'll {' and '.join(_deed(tool) for tool in tools)}."


def ask(tool: Tool, slots: Sequence[Slot]) -> str:
    """Return a question for the arguments that a tool lacks."""
    first = slots[0]
    named = [_spaced(slot.name) for slot in slots]
    listed = ", ".join(named[:-1]) + (" and the " if len(named) > 1 else "") + named[-1]
    allowed = [str(value) for value in first.shape.get("enum", [])[:_MAX_VALUES]]
    choices = f" It can be {', '.join(allowed)}." if allowed else ""
    return f"To {_deed(tool)} I need the {listed}.{choices} Which {_noun(first)} do you mean?"


def report(calls: Sequence[Call]) -> str:
    """Return what the calls made for a prompt came to."""
    good = [call for call in calls if not call.has_failed]
    failed = [call for call in calls if is_left_failed(call, calls)]
    lines = [f"{_call(call)} gave {_result(call)}" for call in good]
    lines += [f"{_call(call)} failed: {_result(call)}" for call in failed]
    return lines[0] if len(lines) == 1 else "\n- ".join(("The tools were called.", *lines))


def _deed(tool: Tool) -> str:
    words = _spaced(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tool.name)).lower().split()
    if len(words) > 1 and tool.verb == root(words[0]):
        return f"{words[0]} the {' '.join(words[1:])}"
    return f"use {tool.name}"


def _spaced(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name)).strip()


def _noun(slot: Slot) -> str:
    """Return what to call a value in a question: the customer, for customer_id."""
    words = _spaced(slot.name).split()
    kept = [word for word in words if not is_filler(root(word))]
    return " ".join(kept or words)


def _call(call: Call) -> str:
    values = call.tool_input.values() if isinstance(call.tool_input, dict) else ()
    shown = ", ".join(_shown(value) for value in values)
    return f"{call.name}({_cut(shown, 80)})"


def _result(call: Call) -> str:
    value = call.value
    parts = [] if value in ("", None, [], {}) else [_cut(_told(value), _MAX_WORDS)]
    parts += [f"an image, {picture}" for picture in call.pictures]
    return " and ".join(parts) + "." if parts else "no output."


def _told(value: Json) -> str:
    """Return a result in words: an object as its keys and values."""
    if isinstance(value, dict):
        return "; ".join(f"{_spaced(str(key))}: {_told(v)}" for key, v in _some(value))
    if isinstance(value, list):
        shown = (f"({_told(v)})" if isinstance(v, dict) else _told(v) for v in value)
        return ", ".join(islice(shown, _MAX_VALUES))
    return _shown(value).strip().rstrip(".")


def _some(value: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    yield from list(value.items())[:_MAX_VALUES]


def _shown(value: Json) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return str(value)


def _cut(words: str, length: int) -> str:
    words = " ".join(words.split()) if "\n" not in words else words
    return words if len(words) <= length else f"{words[: length - 1]}…"
