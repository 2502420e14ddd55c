"""Small conversations for the tests of the widgets."""

from __future__ import annotations

from typing import Any


def reply(words: str, *, sent: int, got: int) -> dict[str, Any]:
    """Return a message as the API sends it; sent, got: tokens of input and output."""
    return {
        "role": "assistant",
        "content": [{"type": "text", "text": words}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": sent, "output_tokens": got},
    }


HELLO = {"role": "user", "content": "Hello <b>"}
CALLS = [
    ([HELLO], reply("Hi.", sent=8, got=12)),
    (
        [HELLO, {"role": "assistant", "content": "Hi."}, {"role": "user", "content": "Paris?"}],
        reply("Yes.", sent=30, got=5),
    ),
]
"""Two calls of one conversation."""

TOOL_CALLS = [
    {"role": "user", "content": "What is the weather in Paris and Rome?"},
    {
        "role": "assistant",
        "content": [
            {"type": "text", "text": "I look <i>both</i> up."},
            {"type": "tool_use", "id": "toolu_aaaa0001", "name": "get", "input": {"city": "Paris"}},
            {"type": "tool_use", "id": "toolu_aaaa0002", "name": "get", "input": {"city": "Rome"}},
        ],
    },
    {
        "role": "user",
        "content": [
            {"type": "tool_result", "tool_use_id": "toolu_aaaa0001", "content": "mild"},
        ],
    },
]
"""A conversation where the second of two calls is never answered."""

PUZZLE_NAMES = ("role tool", "text first", "unanswered", "dropped", "answered twice")
"""What is wrong in each of the broken histories."""
