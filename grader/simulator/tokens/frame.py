"""What surrounds the words of a prompt and of a reply, in tokens.

Fitted on 3,504 recorded requests of v3 and 54 of v4.8, then set right on the 138 that the
conformance tests measure; a constant that rests on fewer than five, or on none, says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.catalog import ModelCard


@dataclass(frozen=True)
class Frame:
    """Hold the constants that differ between tokenizers.

    turn: around a run of messages of one role, the open answer included. start: once a request.
    system_and_tools: between a system prompt and tools.
    call_and_result: around a tool's call and its result. end: after a reply that ended by itself.
    calls: around the calls of a reply that was free to make none. call: around each of its calls.
    thought: beside the thinking tokens of a reply.
    """

    turn: int
    start: int
    system_and_tools: int
    call_and_result: int
    end: int
    calls: int
    call: int
    thought: int


_FRAMES: Mapping[str, Frame] = {
    "v3": Frame(
        turn=3, start=1, system_and_tools=2, call_and_result=39, end=3, calls=17, call=17, thought=2
    ),
    # One message alone costs 11 (ctok); how the 11 divide, and all that tools bring, is a guess.
    "v4.7": Frame(
        turn=2, start=7, system_and_tools=0, call_and_result=29, end=2, calls=14, call=14, thought=0
    ),
    # Calls: four recorded conversations. Calls of one reply, and how they divide: a guess.
    "v4.8": Frame(
        turn=2, start=2, system_and_tools=0, call_and_result=29, end=2, calls=14, call=14, thought=0
    ),
}

ARGUMENT = 14
"""Around an argument of a call."""
JOIN = 1
"""Between a text and the text or call that follows it in a message, or two messages of a role."""
LEADING_ANSWER = 12
"""Before a conversation that the assistant opens."""
PARALLEL_CALLS = 22
"""Where one message has several calls, whose names then count twice: within 3 on 5 recordings."""
THINKING = 29
"""With thinking enabled: 17 of 17 recordings of 2026 without tools. Seven others have 28: four of
one odd string, which ctok may split otherwise, one of 2025, two with a tool of a retired model."""
SCHEMA = 81
"""With a schema for the output, beside the schema itself (v3; a guess on the others)."""
TASK_BUDGET = 34
"""With a budget for the whole task, of which the model is told (one recording, on v4.7)."""
CALL_BESIDE_SCHEMA = 1
"""For each call in the conversation, with a schema for the output (four recordings)."""
THOUGHT = 5
"""Around the words of a thinking block (two recordings, and three that are about so)."""
THOUGHT_SENT_BACK = 3
"""Around a thinking block that is sent back (one recording)."""

SUMMARY = 88
"""Around a summary that stands for earlier messages: within 4 on three recordings of v3; a guess on
the others."""
THRESHOLD_PROMPT = 97
"""What asks for a summary at a threshold: two recordings of v3; a guess on the others."""
SUMMARY_PROMPT = 62
"""What asks for a summary on demand, where the request has no instructions: one recording."""


def frame_of(card: ModelCard) -> Frame:
    """Return the constants of a model."""
    return _FRAMES[card.tokenizer]


def system_frame(card: ModelCard, *, has_tools: bool) -> int:
    """Return what joins a system prompt to the rest, however many blocks it has."""
    return frame_of(card).system_and_tools if has_tools else card.system_overhead
