"""OpenAI's Chat Completions, as Anthropic's compatible endpoint speaks them.

It follows Anthropic's documented behaviour: system and developer messages are hoisted and joined
with line feeds; `n` must be 1; seeds, penalties and log probabilities are ignored; a temperature
above 1 counts as 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

from grader.simulator.dialects.dialect import Asked, Dialect, Failed, LimitNames
from grader.simulator.faults import invalid
from grader.simulator.stream import Pace, Stage
from grader.simulator.validation import VERSIONS, read_json, shapes
from grader.simulator.wire import Json, ServerSentEvent

FINISH_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "pause_turn": "stop",
    "compaction": "stop",
    "refusal": "content_filter",
}
_DEFAULT_MAX_TOKENS = 4096
_DONE = "[DONE]"
_PIECE = re.compile(r"\S+\s*|\s+")
_CHOICES = {"auto": "auto", "required": "any", "none": "none"}


def to_messages_request(body: Json) -> dict[str, Json]:
    """Return the Messages request for a chat completion request, or refuse it with a 400."""
    request = shapes.mapping(body, "body")
    if request.get("n") not in (1, None):
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
        converted["stream"] = request["stream"]
    if request.get("tools"):
        tools = shapes.array(request["tools"], "tools")
        converted["tools"] = [_tool(tool, f"tools.{index}") for index, tool in enumerate(tools)]
        choice = _tool_choice(request.get("tool_choice"))
        if request.get("parallel_tool_calls") is False and choice != {"type": "none"}:
            choice = {**(choice or {"type": "auto"}), "disable_parallel_tool_use": True}
        if choice is not None:
            converted["tool_choice"] = choice
    return converted


def includes_usage(body: Json) -> bool:
    """Return whether a streamed chat completion is to end with a chunk of its usage."""
    options = body.get("stream_options") if isinstance(body, dict) else None
    return isinstance(options, dict) and options.get("include_usage") is True


def to_completion(message: Json, created: int) -> Json:
    """Return a chat completion for a whole message; created: seconds since the epoch."""
    words, calls = _parts(message)
    answer: dict[str, Json] = {"role": "assistant", "content": words}
    if calls:
        answer["tool_calls"] = calls
    finish = FINISH_REASONS[message["stop_reason"]]
    choice = {"index": 0, "message": answer, "finish_reason": finish, "logprobs": None}
    return {
        "id": message["id"],
        "object": "chat.completion",
        "created": created,
        "model": message["model"],
        "choices": [choice],
        "usage": _usage(message),
    }


def to_error(body: Json) -> Json:
    """Return the body of an error, or the chunk that ends a stream with one, as OpenAI has it."""
    error = body["error"]
    told = {"type": error["type"], "message": error["message"]}
    return {"error": {**told, "param": None, "code": None}}


def to_chunks(
    message: Json, created: int, pace: Pace, *, include_usage: bool
) -> Iterator[ServerSentEvent]:
    """Yield the unnamed chunks of a streamed chat completion, then `[DONE]`."""
    words, calls = _parts(message)
    head = {
        "id": message["id"],
        "object": "chat.completion.chunk",
        "created": created,
        "model": message["model"],
    }

    def chunk(delta: Json, *, delay: float = 0.0, finish: str | None = None) -> ServerSentEvent:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return ServerSentEvent(None, {**head, "choices": [choice]}, delay=delay)

    yield chunk({"role": "assistant", "content": ""}, delay=pace.first_token)
    for piece in _PIECE.findall(words or ""):
        yield chunk({"content": piece}, delay=pace.between_deltas)
    for index, call in enumerate(calls):
        yield chunk({"tool_calls": [{"index": index, **call}]}, delay=pace.between_deltas)
    yield chunk({}, finish=FINISH_REASONS[message["stop_reason"]])
    if include_usage:
        yield ServerSentEvent(None, {**head, "choices": [], "usage": _usage(message)})
    yield ServerSentEvent(None, _DONE)


def _split(messages: list[Json]) -> tuple[list[str], list[Json]]:
    system: list[str] = []
    turns: list[Json] = []
    for index, entry in enumerate(messages):
        path = f"messages.{index}"
        message = shapes.mapping(entry, path)
        role = message.get("role")
        content = message.get("content")
        if role in ("system", "developer"):
            system.append(_plain_text(content))
        elif role == "tool":
            result = {
                "type": "tool_result",
                "tool_use_id": message.get("tool_call_id"),
                "content": _plain_text(content),
            }
            turns.append({"role": "user", "content": [result]})
        elif role == "assistant" and message.get("tool_calls"):
            turns.append({"role": role, "content": _assistant_blocks(message, path)})
        elif isinstance(content, list):
            blocks = [
                _part(part, f"{path}.content.{position}")
                for position, part in enumerate(content)
                if not _is_audio(part)
            ]
            turns.append({"role": role, "content": blocks})
        else:
            turns.append({"role": role, "content": content})
    return system, turns


def _plain_text(content: Json) -> str:
    if not isinstance(content, list):
        return content if isinstance(content, str) else ""
    texts = [part.get("text") for part in content if isinstance(part, dict)]
    return "".join(words for words in texts if isinstance(words, str))


def _assistant_blocks(message: dict[str, Json], path: str) -> list[Json]:
    words = _plain_text(message.get("content"))
    blocks: list[Json] = [{"type": "text", "text": words}] if words else []
    for index, entry in enumerate(shapes.array(message["tool_calls"], f"{path}.tool_calls")):
        inside = f"{path}.tool_calls.{index}"
        call = shapes.mapping(entry, inside)
        function = shapes.mapping(call.get("function"), f"{inside}.function")
        written = shapes.string(function.get("arguments", ""), f"{inside}.function.arguments")
        try:
            tool_input = read_json(written or "{}")
        except ValueError:
            raise invalid(f"{inside}.function.arguments: not valid JSON") from None
        blocks.append(
            {
                "type": "tool_use",
                "id": call.get("id"),
                "name": function.get("name"),
                "input": tool_input,
            }
        )
    return blocks


def _is_audio(part: Json) -> bool:
    return isinstance(part, dict) and part.get("type") == "input_audio"


def _part(part: Json, path: str) -> Json:
    if not isinstance(part, dict) or part.get("type") != "image_url":
        return part
    image = shapes.mapping(part.get("image_url"), f"{path}.image_url")
    url = shapes.string(image.get("url"), f"{path}.image_url.url")
    if not url.startswith("data:"):
        return {"type": "image", "source": {"type": "url", "url": url}}
    media_type, _, data = url.removeprefix("data:").partition(";base64,")
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}


def _tool(tool: Json, path: str) -> Json:
    function = shapes.mapping(tool, path).get("function")
    function = shapes.mapping(function, f"{path}.function")
    # A function without parameters takes none (openai 3.54, types/shared_params).
    schema = function.get("parameters") or {"type": "object", "properties": {}}
    converted = {"name": function.get("name"), "input_schema": schema}
    if function.get("description") is not None:
        converted["description"] = function["description"]
    return converted


def _tool_choice(choice: Json) -> Json:
    if isinstance(choice, str):
        kind = shapes.one_of(choice, "tool_choice", tuple(_CHOICES))
        return {"type": _CHOICES[kind]}
    if choice is None:
        return None
    function = shapes.mapping(choice, "tool_choice").get("function")
    name = shapes.mapping(function, "tool_choice.function").get("name")
    return {"type": "tool", "name": name}


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


def _stream(message: Json, asked: Asked) -> Iterator[ServerSentEvent]:
    include_usage = includes_usage(asked.body)
    return to_chunks(message, asked.created, asked.pace, include_usage=include_usage)


def _stage_of(chunk: ServerSentEvent) -> Stage:
    if chunk.data == _DONE or "error" in chunk.data:
        return "last"
    for choice in chunk.data["choices"]:
        if choice["finish_reason"] is not None:
            return "closing"
        if choice["delta"].get("content") or choice["delta"].get("tool_calls"):
            return "delta"
    return "frame"


def _end_with_error(body: Json, _failed: Failed) -> ServerSentEvent:
    return ServerSentEvent(None, to_error(body))


@cache
def _limit_names(limit: str) -> LimitNames | None:
    """Return the names that OpenAI gives; only requests and the sum of tokens have one."""
    if limit not in ("requests", "tokens"):
        return None
    return (
        f"x-ratelimit-limit-{limit}",
        f"x-ratelimit-remaining-{limit}",
        f"x-ratelimit-reset-{limit}",
    )


CHAT = Dialect(
    path="/v1/chat/completions",
    # Its clients send no version, and get the API's first.
    version_of=lambda _headers: VERSIONS[0],
    read=to_messages_request,
    write=lambda message, asked: to_completion(message, asked.created),
    stream=_stream,
    stage_of=_stage_of,
    write_error=to_error,
    end_with_error=_end_with_error,
    limit_names=_limit_names,
)
"""The OpenAI-compatible endpoint."""
