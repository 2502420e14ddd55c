"""A message as a Response: its items and its usage, with the keys in the order of recorded ones."""

from __future__ import annotations

import hashlib
import json
from itertools import groupby

from grader.catalog import OpenAIModel
from grader.simulator.dialects.responses.reading import effort_of
from grader.simulator.wire import Json

REASONS = {
    "max_tokens": "max_output_tokens",
    "model_context_window_exceeded": "max_output_tokens",
    "refusal": "content_filter",
}
"""Why a response is incomplete, by the stop reason of the message."""

_DECLINED = "I'm sorry, but I can't help with that."
_NO_IMAGES = {"input_tokens": 0, "input_tokens_details": {"image_tokens": 0, "text_tokens": 0}}
_TOOL_USAGE = {
    "image_gen": {
        **_NO_IMAGES,
        "output_tokens": 0,
        "output_tokens_details": {"image_tokens": 0, "text_tokens": 0},
        "total_tokens": 0,
    },
    "web_search": {"num_requests": 0},
}


def to_response(
    message: Json, request: Json, model: OpenAIModel | None, created: int, *, billing: bool = True
) -> Json:
    """Return the whole response for a message.

    request: as it was sent; a lenient simulator also answers an ill-shaped one. created: seconds
    since the epoch. billing: whether it says who pays, as plain ones do.
    """
    output = _output(message, request, model)
    reason = REASONS.get(message["stop_reason"])
    if _is_declined(message):
        reason = None
    shape = _mapping(_mapping(request, "text"), "format") or {"type": "text"}
    if shape.get("type") == "json_schema":
        shape = {"type": "json_schema", "description": None, **shape}
    conversation = request.get("conversation")
    if isinstance(conversation, str):
        conversation = {"id": conversation}
    cached = request.get("prompt_cache_options")
    return {
        "id": id_of(message, "resp"),
        "object": "response",
        "created_at": created,
        "status": "incomplete" if reason else "completed",
        "background": request.get("background") or False,
        **({"billing": {"payer": "developer"}} if billing else {}),
        "completed_at": None if reason else created,
        **({"conversation": conversation} if conversation else {}),
        "error": None,
        "frequency_penalty": 0.0,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": request.get("instructions"),
        "max_output_tokens": request.get("max_output_tokens"),
        "max_tool_calls": request.get("max_tool_calls"),
        "model": model.snapshot if model else message["model"],
        "moderation": None,
        "output": output,
        "parallel_tool_calls": _given(request, "parallel_tool_calls", default=True),
        "presence_penalty": 0.0,
        "previous_response_id": request.get("previous_response_id"),
        "prompt_cache_key": request.get("prompt_cache_key"),
        **({"prompt_cache_options": cached} if cached else {}),
        "prompt_cache_retention": _given(request, "prompt_cache_retention", default="24h"),
        "reasoning": _reasoning(request, model),
        "safety_identifier": request.get("safety_identifier"),
        "service_tier": "default",
        "store": _given(request, "store", default=True),
        "temperature": _given(request, "temperature", default=1.0),
        "text": {
            "format": shape,
            "verbosity": _mapping(request, "text").get("verbosity") or "medium",
        },
        "tool_choice": _given(request, "tool_choice", default="auto"),
        "tool_usage": _TOOL_USAGE,
        "tools": _tools(request),
        "top_logprobs": _given(request, "top_logprobs", default=0),
        "top_p": _given(request, "top_p", default=0.98 if model and model.phases else 1.0),
        "truncation": _given(request, "truncation", default="disabled"),
        "usage": _usage(message),
        "user": request.get("user"),
        "metadata": request.get("metadata") or {},
    }


def unfinished(response: Json, status: str) -> Json:
    """Return a response as it is before there is anything in it."""
    nothing: dict[str, Json] = {"output": [], "usage": None}
    nothing |= {"completed_at": None, "incomplete_details": None}
    begun = {key: value for key, value in response.items() if key != "billing"}
    return {**begun, "status": status, **nothing, "service_tier": "auto"}


def id_of(message: Json, prefix: str, *part: int) -> str:
    """Return the id of a response, or of a part of it, which is the same each time it is asked."""
    named = json.dumps([message["id"], prefix, *part])
    return f"{prefix}_{hashlib.sha256(named.encode()).hexdigest()[:50]}"


def _output(message: Json, request: Json, model: OpenAIModel | None) -> list[Json]:
    items: list[Json] = []
    calls = any(block["type"] == "tool_use" for block in message["content"])
    for kind, run in groupby(message["content"], key=lambda block: block["type"]):
        blocks = list(run)
        if kind in ("thinking", "redacted_thinking"):
            items += [_thought(block, message, len(items), request) for block in blocks]
        elif kind == "text":
            parts = [_text(block["text"]) for block in blocks]
            items.append(_said(parts, message, len(items), model, calls=calls))
        elif kind == "tool_use":
            for block in blocks:
                items.append(_call(block, message, len(items)))
    if _is_declined(message):
        details = message["stop_details"] or {}
        part = {"type": "refusal", "refusal": details.get("explanation") or _DECLINED}
        items.append(_said([part], message, len(items), model, calls=False))
    return items


def _is_declined(message: Json) -> bool:
    """Return whether a message refuses without having said anything."""
    return message["stop_reason"] == "refusal" and not message["content"]


def _thought(block: Json, message: Json, place: int, request: Json) -> Json:
    asked = _mapping(request, "reasoning").get("summary")
    words = block.get("thinking")
    include = request.get("include")
    sealed = isinstance(include, list) and "reasoning.encrypted_content" in include
    return {
        "id": id_of(message, "rs", place),
        "type": "reasoning",
        "content": [],
        **({"encrypted_content": block.get("signature") or block.get("data")} if sealed else {}),
        "summary": [{"type": "summary_text", "text": words}] if asked and words else [],
    }


def _said(
    parts: list[Json], message: Json, place: int, model: OpenAIModel | None, *, calls: bool
) -> Json:
    cut = message["stop_reason"] in REASONS and not _is_declined(message)
    phase = {"phase": "commentary" if calls else "final_answer"}
    return {
        "id": id_of(message, "msg", place),
        "type": "message",
        "status": "incomplete" if cut else "completed",
        "content": parts,
        **(phase if model and model.phases else {}),
        "role": "assistant",
    }


def _text(words: str) -> Json:
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": words}


def _call(block: Json, message: Json, place: int) -> Json:
    return {
        "id": id_of(message, "fc", place),
        "type": "function_call",
        "status": "completed",
        "arguments": json.dumps(block["input"], ensure_ascii=False, separators=(",", ":")),
        "call_id": f"call_{block['id'].removeprefix('toolu_')}",
        "name": block["name"],
    }


def _usage(message: Json) -> Json:
    usage = message["usage"]
    written, cached = usage["cache_creation_input_tokens"], usage["cache_read_input_tokens"]
    total = usage["input_tokens"] + written + cached
    thought = (usage.get("output_tokens_details") or {}).get("thinking_tokens", 0)
    return {
        "input_tokens": total,
        "input_tokens_details": {"cache_write_tokens": written, "cached_tokens": cached},
        "output_tokens": usage["output_tokens"],
        "output_tokens_details": {"reasoning_tokens": thought},
        "total_tokens": total + usage["output_tokens"],
    }


def _reasoning(request: Json, model: OpenAIModel | None) -> Json:
    given = _mapping(request, "reasoning")
    effort, summary = effort_of(given, model), given.get("summary")
    if model is None or model.effort is None:
        return {"effort": effort, "summary": summary}
    return {
        "context": given.get("context") or "current_turn",
        "effort": effort,
        "mode": given.get("mode") or "standard",
        "summary": summary,
    }


def _tools(request: Json) -> Json:
    given = request.get("tools")
    return [_tool(tool) for tool in given] if isinstance(given, list) else []


def _tool(tool: Json) -> Json:
    if not isinstance(tool, dict) or tool.get("type") != "function":
        return tool
    return {
        "type": "function",
        "description": tool.get("description") or None,
        "name": tool.get("name"),
        "output_schema": tool.get("output_schema"),
        "parameters": tool.get("parameters"),
        "strict": _given(tool, "strict", default=True),
    }


def _given(request: Json, key: str, *, default: Json) -> Json:
    value = request.get(key)
    return default if value is None else value


def _mapping(request: Json, key: str) -> Json:
    value = request.get(key)
    return value if isinstance(value, dict) else {}
