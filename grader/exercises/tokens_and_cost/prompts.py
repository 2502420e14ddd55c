"""Fresh requests to count, and their numbers of tokens."""

from __future__ import annotations

from typing import Any

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL, active_models, find_model
from grader.exams import Case, Exam, Scene, SdkObject, exam_tokens
from grader.exercises.readings import differing, is_same

Json = Any

PARTS = ("messages", "system", "tools")
SETTINGS = ("tool_choice", "thinking", "output_config")
SET = (
    "tool_choice: any",
    "tool_choice: one tool",
    "thinking: enabled",
    "output_config: a schema",
    "all of them",
)
"""What `settings` returns, for older models with a tool."""


def older_models() -> tuple[str, ...]:
    """Return models that share a tokenizer, and take every setting that a check uses."""
    tokenizer = find_model(DEFAULT_MODEL).tokenizer
    return active_models(lambda card: card.tokenizer == tokenizer)


def newer_models() -> tuple[str, ...]:
    """Return models that split the same text into more tokens, and think without being asked."""
    tokenizer = find_model(THINKING_MODEL).tokenizer
    return active_models(
        lambda card: card.tokenizer == tokenizer and card.rules.thinking_default != "off"
    )


def plain_request(exam: Exam, model: str) -> dict[str, Json]:
    """Return a request with only the required parameters."""
    question = f"{exam.words(14)} {exam.fresh('order')}?"
    return {
        "model": model,
        "max_tokens": exam.number(300, 900),
        "messages": [{"role": "user", "content": question}],
    }


def whole_request(exam: Exam, model: str) -> dict[str, Json]:
    """Return a request with turns, a system prompt and a tool, and parameters that aren't input."""
    answer = {"role": "assistant", "content": exam.words(9)}
    follow = {"role": "user", "content": [{"type": "text", "text": exam.words(8)}]}
    plain = plain_request(exam, model)
    return {
        **plain,
        "messages": [*plain["messages"], answer, follow],
        "system": f"Be {exam.words(12)}.",
        "tools": [make_tool(exam)],
        "metadata": {"user_id": exam.fresh("user")},
        "stop_sequences": [exam.fresh("END")],
    }


def varied_request(exam: Exam, model: str, case: Case) -> dict[str, Json]:
    """Return a request whose parts are as a case says: system, tools, messages, and beside them.

    system: "text", "blocks" or "none". tools: "one", "two" or "none". messages: "several",
    "one of blocks" or "a tool's result". beside: see `other_parameters`.
    """
    whole = whole_request(exam, model)
    words = whole["system"]
    blocks = [{"type": "text", "text": words}, {"type": "text", "text": exam.words(4)}]
    tools = [*whole["tools"], make_tool(exam)]
    id, name = exam.fresh("toolu"), tools[0]["name"]
    call = {"type": "tool_use", "id": id, "name": name, "input": {"key": exam.words(3)}}
    result = {"type": "tool_result", "tool_use_id": id, "content": exam.words(8)}
    messages = {
        "several": whole["messages"],
        "one of blocks": whole["messages"][2:],
        "a tool's result": [
            whole["messages"][0],
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result, {"type": "text", "text": exam.words(4)}]},
        ],
    }
    request = {key: whole[key] for key in ("model", "max_tokens")}
    request["messages"] = messages[case.messages]
    if case.system != "none":
        request["system"] = words if case.system == "text" else blocks
    if case.tools != "none":
        request["tools"] = tools if case.tools == "two" else tools[:1]
    return {**request, **other_parameters(exam, case.beside)}


def other_parameters(exam: Exam, which: str) -> dict[str, Json]:
    """Return parameters of `messages.create` that are no part of the prompt.

    which: "none", "some" that a lesson has named, or "all", those of anthropic 2.12 that any
    account may send.
    """
    some: dict[str, Json] = {
        "metadata": {"user_id": exam.fresh("user")},
        "stop_sequences": [exam.fresh("END")],
    }
    more: dict[str, Json] = {"service_tier": "auto", "stream": False, "inference_geo": "us"}
    if which == "none":
        return {}
    return some if which == "some" else {**some, **more}


def settings(exam: Exam, setting: str, request: dict[str, Json]) -> dict[str, Json]:
    """Return what a request sets, of what brings instructions with it; setting: one of `SET`."""
    key = exam.fresh("key")
    schema = {
        "type": "object",
        "properties": {key: {"type": "string"}},
        "required": [key],
        "additionalProperties": False,
    }
    budget = exam.number(1_024, 2_000)
    thinking = {"thinking": {"type": "enabled", "budget_tokens": budget}, "max_tokens": 4_000}
    formatted = {"output_config": {"format": {"type": "json_schema", "schema": schema}}}
    each: dict[str, dict[str, Json]] = {
        "tool_choice: any": {"tool_choice": {"type": "any"}},
        "tool_choice: one tool": {
            "tool_choice": {"type": "tool", "name": request["tools"][0]["name"]}
        },
        "thinking: enabled": thinking,
        "output_config: a schema": formatted,
        "all of them": {"tool_choice": {"type": "auto"}, **thinking, **formatted},
    }
    return each[setting]


def make_tool(exam: Exam) -> Json:
    """Return the definition of a new tool."""
    return {
        "name": exam.fresh("look_up"),
        "description": exam.words(6),
        "input_schema": {"type": "object", "properties": {exam.fresh("key"): {"type": "string"}}},
    }


def tokens_of(request: Json, *, model: str | None = None) -> int:
    """Return the input tokens of a request; model: the request's own unless given."""
    card = find_model(model or request["model"])
    return exam_tokens(without_objects({**request, "model": card.id}), card)


def without_objects(value: Json) -> Json:
    """Return plain data for a value that may hold SDK objects."""
    if isinstance(value, SdkObject):
        return value.data
    if isinstance(value, dict):
        return {key: without_objects(item) for key, item in value.items()}
    return [without_objects(item) for item in value] if isinstance(value, list) else value


def lost_parts(scene: Scene, request: Json, names: tuple[str, ...]) -> str:
    """Return which of these parts of a request the last count lacked or changed."""
    counted = scene.counts[-1] if scene.counts else {}
    return ", ".join(
        name
        for name in names
        if name in request and not is_same(counted.get(name), without_objects(request[name]))
    )


def counted_model(scene: Scene) -> str:
    """Return the model of the last count, "" if there was none."""
    return str(scene.counts[-1].get("model", "")) if scene.counts else ""


def touched(before: Json, after: Json) -> str:
    """Return the keys whose values changed."""
    return ", ".join(differing(after, before)) or "what kind of value it is"
