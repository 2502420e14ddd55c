"""The OpenAI-compatible endpoint: `POST /v1/chat/completions`, over the same replies.

It follows Anthropic's documented behaviour: system and developer messages are hoisted and joined
with line feeds; `n` must be 1; seeds, penalties and log probabilities are ignored; a temperature
above 1 counts as 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from grader.simulator import shapes
from grader.simulator.faults import invalid
from grader.simulator.wire import Json, ServerSentEvent

FINISH_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "pause_turn": "stop",
    "refusal": "content_filter",
}
_DEFAULT_MAX_TOKENS = 4096
_CHOICES = {"auto": "auto", "required": "any", "none": "none"}


def to_messages_request(body: Json) -> dict[str, Json]:
    """Return the Messages request for a chat completion request, or refuse it with a 400."""
    request = shapes.mapping(body, "body")
    if request.get("n", 1) not in (1, None):
        raise invalid("n: only 1 is supported")
    messages = shapes.array(shapes.field(request, "messages", ""), "messages")
    system, turns = _split(messages)
    limit = request.get("max_completion_tokens") or request.get("max_tokens")
    converted: dict[str, Json] = {
        "model": shapes.field(request, "model", ""),
        "max_tokens": limit or _DEFAULT_MAX_TOKENS,
        "messages": turns,
    }
    if system:
        converted["system"] = "\n".join(system)
    stop = request.get("stop")
    if stop:
        converted["stop_sequences"] = [stop] if isinstance(stop, str) else stop
    if request.get("stream"):
        converted["stream"] = True
    if request.get("tools"):
        converted["tools"] = [_tool(tool, i) for i, tool in enumerate(request["tools"])]
        choice = request.get("tool_choice")
        if isinstance(choice, dict):
            converted["tool_choice"] = {"type": "tool", "name": choice["function"]["name"]}
        elif choice in _CHOICES:
            converted["tool_choice"] = {"type": _CHOICES[choice]}
    return converted


def to_completion(message: Json, created: int) -> Json:
    """Return a chat completion for a whole message; created: seconds since the epoch."""
    words, calls = _parts(message)
    answer: dict[str, Json] = {"role": "assistant", "content": words}
    if calls:
        answer["tool_calls"] = calls
    choice = {"index": 0, "message": answer, "finish_reason": _finish(message), "logprobs": None}
    return {
        "id": message["id"],
        "object": "chat.completion",
        "created": created,
        "model": message["model"],
        "choices": [choice],
        "usage": _usage(message),
    }


def to_chunks(message: Json, created: int, *, include_usage: bool) -> Iterator[ServerSentEvent]:
    """Yield the unnamed chunks of a streamed chat completion, then `[DONE]`."""
    words, calls = _parts(message)
    head = {
        "id": message["id"],
        "object": "chat.completion.chunk",
        "created": created,
        "model": message["model"],
    }

    def chunk(delta: Json, finish: str | None = None) -> ServerSentEvent:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return ServerSentEvent(None, {**head, "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    for piece in re.findall(r"\s*\S+|\s+$", words or ""):
        yield chunk({"content": piece})
    for index, call in enumerate(calls):
        yield chunk({"tool_calls": [{"index": index, **call}]})
    yield chunk({}, _finish(message))
    if include_usage:
        yield ServerSentEvent(None, {**head, "choices": [], "usage": _usage(message)})
    yield ServerSentEvent(None, "[DONE]")


def _split(messages: list[Json]) -> tuple[list[str], list[Json]]:
    system: list[str] = []
    turns: list[Json] = []
    for index, entry in enumerate(messages):
        message = shapes.mapping(entry, f"messages.{index}")
        role = message.get("role")
        if role in ("system", "developer"):
            system.append(_plain_text(message.get("content")))
        elif role == "tool":
            result = {
                "type": "tool_result",
                "tool_use_id": message.get("tool_call_id"),
                "content": _plain_text(message.get("content")),
            }
            turns.append({"role": "user", "content": [result]})
        elif role == "assistant" and message.get("tool_calls"):
            turns.append({"role": "assistant", "content": _assistant_blocks(message)})
        else:
            content = message.get("content")
            blocks = [_part(part) for part in content] if isinstance(content, list) else content
            turns.append({"role": role, "content": blocks})
    return system, turns


def _plain_text(content: Json) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _assistant_blocks(message: dict[str, Json]) -> list[Json]:
    words = _plain_text(message.get("content"))
    blocks: list[Json] = [{"type": "text", "text": words}] if words else []
    for call in message["tool_calls"]:
        function = call.get("function", {})
        try:
            tool_input = json.loads(function.get("arguments") or "{}")
        except ValueError:
            raise invalid("tool_calls.function.arguments: not valid JSON") from None
        blocks.append(
            {
                "type": "tool_use",
                "id": call.get("id"),
                "name": function.get("name"),
                "input": tool_input,
            }
        )
    return blocks


def _part(part: Json) -> Json:
    if not isinstance(part, dict) or part.get("type") != "image_url":
        return part
    url = (part.get("image_url") or {}).get("url", "")
    if not url.startswith("data:"):
        return {"type": "image", "source": {"type": "url", "url": url}}
    media_type, _, data = url.removeprefix("data:").partition(";base64,")
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}


def _tool(tool: Json, index: int) -> Json:
    function = shapes.mapping(tool, f"tools.{index}").get("function")
    function = shapes.mapping(function, f"tools.{index}.function")
    converted = {"name": function.get("name"), "input_schema": function.get("parameters")}
    if "description" in function:
        converted["description"] = function["description"]
    return converted


def _parts(message: Json) -> tuple[str | None, list[Json]]:
    blocks = message["content"]
    words = "".join(block["text"] for block in blocks if block["type"] == "text")
    calls = [
        {
            "id": block["id"],
            "type": "function",
            "function": {"name": block["name"], "arguments": json.dumps(block["input"])},
        }
        for block in blocks
        if block["type"] == "tool_use"
    ]
    return words or None, calls


def _finish(message: Json) -> str:
    return FINISH_REASONS[message["stop_reason"]]


def _usage(message: Json) -> Json:
    usage = message["usage"]
    prompt = (
        usage["input_tokens"]
        + usage["cache_creation_input_tokens"]
        + usage["cache_read_input_tokens"]
    )
    return {
        "prompt_tokens": prompt,
        "completion_tokens": usage["output_tokens"],
        "total_tokens": prompt + usage["output_tokens"],
    }
