"""Readings of requests and values that several checks share."""

from __future__ import annotations

from typing import Any

from grader.exams import SdkObject

Json = Any


def content_text(content: Json) -> str:
    """Return the text of a message's content, be it a string or a list of blocks."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list | tuple):
        return ""
    # The SDK takes its own blocks as well as dicts.
    blocks = [block.data if isinstance(block, SdkObject) else block for block in content]
    return "".join(
        block["text"]
        for block in blocks
        if isinstance(block, dict) and isinstance(block.get("text"), str)
    )


def last_user_text(request: Json) -> str:
    """Return the text of a request's last user message, or "" when there is none."""
    messages = request.get("messages")
    for message in reversed(messages if isinstance(messages, list) else []):
        if isinstance(message, dict) and message.get("role") == "user":
            return content_text(message.get("content"))
    return ""


def is_same(value: object, expected: object) -> bool:
    """Tell whether two plain values are equal and of the same types all through.

    True is not 1 here, and 1.0 is not 1: a learner's `==` would let them pass.
    """
    if type(value) is not type(expected):
        return False
    if isinstance(value, dict) and isinstance(expected, dict):
        return value.keys() == expected.keys() and all(
            is_same(value[key], expected[key]) for key in expected
        )
    if isinstance(value, list | tuple) and isinstance(expected, list | tuple):
        return len(value) == len(expected) and all(
            is_same(mine, theirs) for mine, theirs in zip(value, expected, strict=True)
        )
    return value == expected
