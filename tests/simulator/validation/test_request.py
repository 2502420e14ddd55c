"""Validation of a request: each fault with the API's own status, type and wording."""

from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.simulator.faults import Refused
from grader.simulator.validation.request import MAX_MESSAGES, check_request

REMOVED = object()
OLDER = "2023-06-01"
NEWEST = "2026-10-21"
SONNET = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 2_000,
    "messages": [{"role": "user", "content": "ping"}],
}
SCHEMA = {"type": "object", "properties": {}}
TOOL = {"name": "get_time", "input_schema": SCHEMA}
CLOSED = {**SCHEMA, "additionalProperties": False}
BUDGET_HELP = (
    "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation "
    "at https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
    "#max-tokens-and-context-window-size"
)


def fault_of(body: Any, *, version: str = OLDER, counting: bool = False) -> tuple[int, str, str]:
    """Return status, type and message of the fault, or (200, "", "")."""
    try:
        check_request(body, load_catalog(), version=version, counting=counting)
    except Refused as refused:
        return refused.fault.status, refused.fault.type, refused.fault.message
    return 200, "", ""


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """Return a right request with other values; REMOVED takes a key away."""
    body = {**SONNET, **changes}
    return {key: value for key, value in body.items() if value is not REMOVED}


def effort(level: Any) -> dict[str, Any]:
    """Return the change that asks for an effort."""
    return {"output_config": {"effort": level}}


def formatted(schema: Any) -> dict[str, Any]:
    """Return the change that asks for JSON of a schema."""
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


def not_for(kind: str) -> str:
    """Return the words for a kind of thinking that a model does not take."""
    return (
        f'"thinking.type.{kind}" is not supported for this model. Use "thinking.type.adaptive" and '
        '"output_config.effort" to control thinking behavior.'
    )


BAD_REQUESTS: list[tuple[dict[str, Any], str]] = [
    # Required keys, and their types.
    ({"model": REMOVED}, "model: Field required"),
    ({"model": None}, "model: Input should be a valid string"),
    ({"model": 7}, "model: Input should be a valid string"),
    ({"model": ""}, "model: String should have at least 1 character"),
    ({"messages": REMOVED}, "messages: Field required"),
    ({"messages": None}, "messages: Input should be a valid array"),
    ({"messages": "ping"}, "messages: Input should be a valid array"),
    ({"messages": []}, "messages: at least one message is required"),
    (
        {"messages": SONNET["messages"] * (MAX_MESSAGES + 1)},
        "messages: List should have at most 100000 items",
    ),
    ({"max_tokens": REMOVED}, "max_tokens: Field required"),
    ({"max_tokens": None}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": "100"}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": True}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": -1}, "max_tokens: must be greater than or equal to 0"),
    (
        {"max_tokens": 128_001},
        (
            "max_tokens: 128001 > 128000, which is the maximum allowed number of output tokens for "
            "claude-sonnet-4-6"
        ),
    ),
    (
        {"model": "claude-opus-4-5", "max_tokens": 128_001},
        (
            "max_tokens: 128001 > 64000, which is the maximum allowed number of output tokens for "
            "claude-opus-4-5-20251101"
        ),
    ),
    # The keys of a message.
    ({"messages": [7]}, "messages.0: Input should be an object"),
    ({"messages": [{"content": "ping"}]}, "messages.0.role: Field required"),
    ({"messages": [{"role": 1}]}, "messages.0.role: Input should be a valid string"),
    ({"messages": [{"role": "user"}]}, "messages.0.content: Field required"),
    (
        {"messages": [{"role": "user", "content": None}]},
        "messages.0.content: Input should be a valid array",
    ),
    (
        {"messages": [{"role": "user", "content": {"type": "text"}}]},
        "messages.0.content: Input should be a valid array",
    ),
    (
        {"messages": [{"role": "user", "content": "ping", "name": "Ann"}]},
        "messages.0.name: Extra inputs are not permitted",
    ),
    (
        {"messages": [{"role": "tool", "content": "42"}]},
        (
            'messages: Unexpected role "tool". Allowed roles are "user" or "assistant". For '
            "instructions on how to use tools, see "
            "https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview."
        ),
    ),
    (
        {"messages": [{"role": "developer", "content": "Be brief."}]},
        'messages: Unexpected role "developer". Allowed roles are "user" or "assistant"',
    ),
    # The system prompt.
    ({"system": 7}, "system: Input should be a valid array"),
    ({"system": None}, "system: Input should be a valid array"),
    ({"system": [7]}, "system.0: Input does not match the expected shape."),
    (
        {"system": [{"type": "image"}]},
        (
            "system.0: Input tag 'image' found using 'type' does not match any of the "
            "expected tags: "
            "'text'"
        ),
    ),
    ({"system": [{"type": "text"}]}, "system.0.text: Field required"),
    (
        {"system": [{"type": "text", "text": ""}]},
        "system: text content blocks must be non-empty",
    ),
    # Thinking.
    ({"thinking": True}, "thinking: Input should be an object"),
    ({"thinking": {"budget_tokens": 1_024}}, "thinking.type: Field required"),
    (
        {"thinking": {"type": "on"}},
        (
            "thinking: Input tag 'on' found using 'type' does not match any of the expected tags: "
            "'adaptive', 'between_tools', 'disabled', 'enabled'"
        ),
    ),
    ({"thinking": {"type": "enabled"}}, "thinking.enabled.budget_tokens: Field required"),
    (
        {"thinking": {"type": "enabled", "budget_tokens": 1_023}},
        "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    ),
    ({"thinking": {"type": "enabled", "budget_tokens": 2_000}}, BUDGET_HELP),
    (
        {"thinking": {"type": "adaptive", "budget_tokens": 1_024}},
        "thinking.adaptive.budget_tokens: Extra inputs are not permitted",
    ),
    (
        {"thinking": {"type": "adaptive", "display": "full"}},
        "thinking.adaptive.display: Input should be 'summarized' or 'omitted'",
    ),
    (
        {"model": "claude-opus-4-7", "thinking": {"type": "enabled", "budget_tokens": 1_024}},
        not_for("enabled"),
    ),
    ({"model": "claude-opus-5-5", "thinking": {"type": "disabled"}}, not_for("disabled")),
    (
        {"model": "claude-haiku-4-5", "thinking": {"type": "adaptive"}},
        "adaptive thinking is not supported on this model",
    ),
    # Effort and structured output.
    ({"output_config": "low"}, "output_config: Input does not match the expected shape."),
    ({"output_config": {"efort": "low"}}, "output_config.efort: Extra inputs are not permitted"),
    (
        {"model": "claude-opus-4-6", **effort("xhigh")},
        (
            "This model does not support effort level 'xhigh'. "
            "Supported levels: high, low, max, medium."
        ),
    ),
    (
        effort("extreme"),
        "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
    ),
    (
        {"model": "claude-haiku-4-5", **effort("low")},
        "This model does not support the effort parameter.",
    ),
    (
        {"output_config": {"format": {"type": "json_object"}}},
        (
            "output_config.format: Input tag 'json_object' found using 'type' does not "
            "match any of "
            "the expected tags: 'json_schema'"
        ),
    ),
    (
        {"output_config": {"format": {"type": "json_schema"}}},
        "output_config.format.schema: Field required",
    ),
    (
        formatted({"type": "object", "properties": []}),
        (
            "output_config.format.schema: JSON schema is invalid. It must match JSON Schema draft "
            "2020-12 (https://json-schema.org/draft/2020-12)."
        ),
    ),
    (
        formatted({"type": "array", "items": SCHEMA}),
        (
            "output_config.format.schema: For 'object' type, 'additionalProperties' must be "
            "explicitly "
            "set to false"
        ),
    ),
    # The rest of the keys.
    ({"cache_control": "ephemeral"}, "cache_control: Input should be an object"),
    (
        {"cache_control": {"type": "ephemeral", "ttl": "5h"}},
        "cache_control.ephemeral.ttl: Input should be '5m' or '1h'",
    ),
    ({"metadata": "Ann"}, "metadata: Input does not match the expected shape."),
    ({"metadata": {"user": "Ann"}}, "metadata.user: Extra inputs are not permitted"),
    ({"metadata": {"user_id": 7}}, "metadata.user_id: Input should be a valid string"),
    ({"stop_sequences": "END"}, "stop_sequences: Input should be a valid array"),
    ({"stop_sequences": [1]}, "stop_sequences.0: Input should be a valid string"),
    (
        {"stop_sequences": ["END", "\n"]},
        "stop_sequences: each stop sequence must contain non-whitespace",
    ),
    ({"temperature": "0"}, "temperature: Input should be a valid number"),
    ({"temperature": 2}, "temperature: range: 0..1"),
    ({"service_tier": "fast"}, "service_tier: Input should be 'auto' or 'standard_only'"),
    ({"top_k": 0.5}, "top_k: Input should be a valid integer"),
    ({"top_p": 1.5}, "top_p: range: 0..1"),
    ({"stream": "yes"}, "stream: Input should be a valid boolean"),
    ({"container": 7}, "container.ContainerParams: Input does not match the expected shape."),
    (
        {"container": "container_01"},
        "container: Container identifier can only be provided when using the code execution tool",
    ),
    ({"inference_geo": 7}, "inference_geo: Input should be a valid string"),
    ({"inference_geo": "eu"}, "inference_geo: must be one of ['global', 'us']"),
    ({"user": "Ann"}, "user: Extra inputs are not permitted"),
    ({"max_completion_tokens": 5}, "max_completion_tokens: Extra inputs are not permitted"),
    # Sampling that something else rules out.
    (
        {"model": "claude-opus-4-7", "temperature": 1},
        "`temperature` is deprecated for this model.",
    ),
    ({"model": "claude-sonnet-5", "top_k": 5}, "`top_k` is deprecated for this model."),
    (
        {"temperature": 0.5, "top_p": 0.5},
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    ),
    (
        {"temperature": 0.5, "thinking": {"type": "enabled", "budget_tokens": 1_024}},
        "`temperature` may only be set to 1 when thinking is enabled",
    ),
]


@pytest.mark.parametrize(("changes", "message"), BAD_REQUESTS, ids=range(len(BAD_REQUESTS)))
def test_a_bad_request_is_a_400_in_the_apis_words(changes: dict[str, Any], message: str) -> None:
    """Every row is recorded, documented or measured wording; conformance compares the recorded."""
    assert fault_of(changed(changes)) == (400, "invalid_request_error", message)


def test_an_unknown_model_is_a_404() -> None:
    """The type is not_found_error and the message the name."""
    expected = (404, "not_found_error", "model: claude-9")
    assert fault_of(changed({"model": "claude-9"})) == expected


ACCEPTED: list[dict[str, Any]] = [
    {},
    {"max_tokens": 0},
    {"max_tokens": 128_000},
    {"system": "Be brief."},
    {"system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]},
    {"thinking": {"type": "enabled", "budget_tokens": 1_999}},
    {"thinking": {"type": "adaptive", "display": "omitted"}},
    {"thinking": {"type": "disabled"}},
    effort("max"),
    {"output_config": {"effort": None, "format": None}},
    formatted(CLOSED),
    {"temperature": 0},
    {"temperature": 1, "thinking": {"type": "enabled", "budget_tokens": 1_024}},
    {"top_p": 0.9, "top_k": 40},
    {"metadata": {"user_id": None}},
    {"container": None},
    {
        "container": "container_01",
        "tools": [{"type": "code_execution_20250825", "name": "code_execution"}],
    },
    {"inference_geo": "us", "service_tier": "standard_only", "stream": False},
    {"diagnostics": {"previous_message_id": None}, "speed": "standard"},
]


@pytest.mark.parametrize("changes", ACCEPTED, ids=range(len(ACCEPTED)))
def test_a_right_request_is_accepted(changes: dict[str, Any]) -> None:
    """No rule is stricter than the API's."""
    assert fault_of(changed(changes)) == (200, "", "")


@pytest.mark.parametrize("key", ["temperature", "top_k", "top_p"])
def test_sampling_is_gone_from_the_newest_version(key: str) -> None:
    """A 400 even at the default value; pinned to the older version it is accepted as before."""
    body = changed({key: 1})
    message = f"{key}: Extra inputs are not permitted"
    assert fault_of(body, version=OLDER) == (200, "", "")
    assert fault_of(body, version=NEWEST) == (400, "invalid_request_error", message)


@pytest.mark.parametrize(
    ("role", "block", "message"),
    [
        (
            "assistant",
            {"type": "document", "source": {}},
            "messages.1.content.0: `document` blocks can only be in `user` messages",
        ),
        (
            "user",
            {"type": "text", "text": "So said", "citations": [{"type": "char_location"}]},
            "messages.1.content.0.text.citations: Extra inputs are not permitted",
        ),
    ],
)
def test_two_more_shapes_are_gone_from_the_newest_version(role, block, message: str) -> None:
    """A document of the assistant's and a citation of the user's; the wording is a guess."""
    turns = [
        {"role": "user", "content": "a"},
        {"role": role, "content": [block]},
        {"role": "user", "content": "b"},
    ]
    assert fault_of(changed({"messages": turns}), version=OLDER) == (200, "", "")
    refused = fault_of(changed({"messages": turns}), version=NEWEST)
    assert refused == (400, "invalid_request_error", message)


@pytest.mark.parametrize(
    "key", ["max_tokens", "stream", "stop_sequences", "metadata", "service_tier", "temperature"]
)
def test_counting_takes_only_what_is_counted(key: str) -> None:
    """The keys that tell how to reply are unknown to count_tokens."""
    body = {"model": "claude-sonnet-4-6", "messages": SONNET["messages"], key: 1}
    message = f"{key}: Extra inputs are not permitted"
    assert fault_of(body, counting=True) == (400, "invalid_request_error", message)


def test_counting_takes_tools_thinking_and_the_system_prompt() -> None:
    """Everything that has tokens is counted."""
    body = changed(
        {
            "max_tokens": REMOVED,
            "system": "Be brief.",
            "tools": [TOOL],
            "tool_choice": {"type": "any"},
            "thinking": {"type": "disabled"},
            "output_config": {"effort": "low"},
            "cache_control": {"type": "ephemeral"},
        }
    )
    assert fault_of(body, counting=True) == (200, "", "")
