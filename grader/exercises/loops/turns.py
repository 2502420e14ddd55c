"""Find the first thing wrong with Claude's turns in what a loop sends back."""

from __future__ import annotations

from typing import Any

from grader.exams import Slip
from grader.exercises.loops.conversation import (
    begins_with,
    blocks_of,
    dicts_in,
    entries_of,
    roles_of,
    said_first,
    said_in,
    types_of,
)
from grader.exercises.readings import is_same

Json = Any


def find_stray(messages: Json) -> Slip | None:
    """Return the mistake of a message with a role that only OpenAI has, or None."""
    strays = [message for message in dicts_in(messages) if message.get("role") == "tool"]
    return Slip("role-tool", strays[0]) if strays else None


def find_lost_turn(before: Json, after: Json, reply: Json) -> Slip | None:
    """Return what is wrong with Claude's turn in the request after it, or None.

    before, after: the messages of the request that was answered, and of the next.
    reply: the content of the answer.
    """
    known, now = entries_of(before), entries_of(after)
    if not begins_with(now, known):
        return Slip("earlier-lost", len(after))
    # What is added to the user's turn before it is judged with the results.
    new = now[len(known) + len(said_first(now[len(known) :], "user")) :]
    said, expected = said_first(new, "assistant"), blocks_of(reply)
    turns = [message for message in dicts_in(after) if message.get("role") == "assistant"]
    if not said and all(blocks_of(turn.get("content")) for turn in turns):
        return Slip("assistant-dropped", ", ".join(map(str, roles_of(said_in(after)))))
    if is_same(said, expected):
        return None
    mine, theirs = ([block["type"] for block in blocks] for blocks in (said, expected))
    told = f"{types_of(said)} (of {types_of(expected)})"
    if "tool_result" in mine:
        return Slip("results-from-assistant", types_of(said))
    if "tool_use" in theirs and "tool_use" not in mine:
        return Slip("only-text-kept", turns[-1].get("content"))
    if "thinking" in theirs and "thinking" not in mine:
        return Slip("thinking-dropped", told)
    texts = [block["input"] for block in said if isinstance(block.get("input"), str)]
    if texts:
        return Slip("input-as-text", repr(texts[0]))
    wrong = next((block for block in said if block not in expected), None)
    if wrong is None:
        return Slip("blocks-dropped" if len(said) < len(expected) else "blocks-changed", told)
    return Slip("thinking-changed" if wrong["type"] == "thinking" else "blocks-changed", wrong)


def find_lost_pause(before: Json, after: Json, reply: Json) -> Slip | None:
    """Return what is wrong with the request after a paused turn, or None; see find_lost_turn."""
    known, now = entries_of(before), entries_of(after)
    if not begins_with(now, known):
        return Slip("earlier-lost", len(after))
    new = now[len(known) :]
    said, expected = said_first(new, "assistant"), blocks_of(reply)
    if not said:
        return Slip("pause-dropped", (roles_of(said_in(after)) or ["nobody"])[-1])
    if not is_same(said, expected):
        return Slip("pause-changed", f"{types_of(said)} (of {types_of(expected)})")
    if len(new) > len(said):
        return Slip("pause-pushed", new[len(said)][1])
    return None
