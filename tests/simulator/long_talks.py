"""Conversations that are summarized: how tests ask for it, and send it back."""

from typing import Any

from grader.catalog import find_beta
from grader.simulator import Reply, Simulator
from grader.simulator.wire import to_json

Request = dict[str, Any]

ON_DEMAND, AT_THRESHOLD = find_beta("compaction"), find_beta("threshold_compaction")
ASKED = {"type": "summarize"}
COMPACT = {"type": "compact_20260112", "trigger": {"type": "input_tokens", "value": 50_000}}
LONG = "The quick brown fox jumps over the lazy dog. " * 6_000
TOOL = {"name": "look_up", "input_schema": {"type": "object"}}
CALL = {"type": "tool_use", "id": "toolu_01", "name": "look_up", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_01", "content": "a cat"}


def said(role: str, *content: Any) -> dict[str, Any]:
    """Return a message of texts or blocks."""
    blocks = [{"type": "text", "text": each} if isinstance(each, str) else each for each in content]
    return {"role": role, "content": blocks}


CHAT = [
    said("user", "I keep bees."),
    said("assistant", "How many hives?"),
    said("user", "Seven. What is the capital of France?"),
]


def asked(messages: list[Any] = CHAT, **more: Any) -> Request:
    """Return a request of Opus 5.5."""
    return {"model": "claude-opus-5-5", "max_tokens": 4_000, "messages": messages, **more}


def posted(
    request: Request,
    *betas: str,
    to: Simulator | None = None,
    path: str = "/v1/messages",
) -> Reply:
    """Send a request with some betas."""
    headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
    headers |= {"anthropic-beta": ",".join(betas)} if betas else {}
    simulator = to or Simulator(seed=1, clock=lambda: 0.0)
    reply = simulator.handle("POST", path, headers, to_json(request).encode())
    reply.content()
    return reply


def fault(reply: Reply) -> tuple[str, str | None]:
    """Return the message and the code of a refusal."""
    assert reply.status == 400, reply.body
    error = reply.body["error"]
    return error["message"], error.get("details", {}).get("error_code")


def summarized(messages: list[Any] = CHAT, *, to: Simulator | None = None, **more: Any) -> Any:
    """Return the message that holds a summary, as an assistant turn to send back."""
    reply = posted(asked(messages, compaction=ASKED, **more), ON_DEMAND, to=to)
    assert reply.body["stop_reason"] == "compaction"
    return {"role": "assistant", "content": reply.body["content"]}
