"""Write conversations in few words."""

from typing import Any

Message = dict[str, Any]


def user(*content: Any) -> Message:
    """Return a user turn of one string, or of blocks."""
    return turn("user", content)


def assistant(*content: Any) -> Message:
    """Return an assistant turn of one string, or of blocks."""
    return turn("assistant", content)


def system(*content: Any) -> Message:
    """Return a system turn of one string, or of blocks."""
    return turn("system", content)


def turn(role: str, content: tuple[Any, ...]) -> Message:
    """Return a message."""
    single = len(content) == 1 and isinstance(content[0], str)
    return {"role": role, "content": content[0] if single else list(content)}


def words(said: str) -> dict[str, Any]:
    """Return a text block."""
    return {"type": "text", "text": said}


def thought(said: str, signature: str = "EpAD") -> dict[str, Any]:
    """Return a thinking block."""
    return {"type": "thinking", "thinking": said, "signature": signature}


def call(call_id: str) -> dict[str, Any]:
    """Return a tool_use block."""
    return {"type": "tool_use", "id": call_id, "name": "get_time", "input": {}}


def result(call_id: str) -> dict[str, Any]:
    """Return a tool_result block."""
    return {"type": "tool_result", "tool_use_id": call_id, "content": "noon"}
