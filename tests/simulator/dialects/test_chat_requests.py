"""The OpenAI-compatible endpoint: what becomes of a request."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.simulator.dialects import CHAT

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "messages": [{"role": "user", "content": "Hello"}],
}
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}}
FUNCTION = {"name": "get_weather", "description": "Say the weather.", "parameters": PARAMETERS}


def converted(**changes: Any) -> dict[str, Any]:
    """Return the Messages request for a completion request, without what is always there."""
    request = CHAT.read({**ASK, **changes})
    always = {"model": "claude-sonnet-4-6", "max_tokens": 4_096, "messages": ASK["messages"]}
    return {key: value for key, value in request.items() if always.get(key) != value}


CONVERSIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"max_tokens": 5}, {"max_tokens": 5}),
    ({"max_completion_tokens": 6, "max_tokens": 5}, {"max_tokens": 6}),
    ({"stop": "END"}, {"stop_sequences": ["END"]}),
    ({"stop": ["END", "STOP"]}, {"stop_sequences": ["END", "STOP"]}),
    ({"stream": True}, {"stream": True}),
    ({"n": 1, "temperature": 1.7, "seed": 3, "logprobs": True, "presence_penalty": 1}, {}),
    ({"user": "Ann", "store": True, "reasoning_effort": "low", "response_format": {}}, {}),
    (
        {
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Hello"},
                {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
            ]
        },
        {"system": "Be brief.\nBe kind."},
    ),
    (
        {"tools": [{"type": "function", "function": FUNCTION}], "tool_choice": "required"},
        {
            "tools": [
                {
                    "name": "get_weather",
                    "description": "Say the weather.",
                    "input_schema": PARAMETERS,
                }
            ],
            "tool_choice": {"type": "any"},
        },
    ),
    (
        {
            "tools": [{"type": "function", "function": {"name": "get_time"}}],
            "tool_choice": {"type": "function", "function": {"name": "get_time"}},
        },
        {
            "tools": [{"name": "get_time", "input_schema": {"type": "object", "properties": {}}}],
            "tool_choice": {"type": "tool", "name": "get_time"},
        },
    ),
    (
        {
            "messages": [
                {"role": "user", "content": "Weather?"},
                {
                    "role": "assistant",
                    "content": "Let me look.",
                    "tool_calls": [
                        {"id": "a", "function": {"name": "f", "arguments": '{"city": "Rome"}'}},
                        {"id": "b", "function": {"name": "g", "arguments": ""}},
                    ],
                },
                {"role": "tool", "tool_call_id": "a", "content": "Sunny"},
                {"role": "tool", "tool_call_id": "b", "content": [{"type": "text", "text": "9"}]},
            ]
        },
        {
            "messages": [
                {"role": "user", "content": "Weather?"},
                {
                    "role": "assistant",
                    "content": [
                        {"type": "text", "text": "Let me look."},
                        {"type": "tool_use", "id": "a", "name": "f", "input": {"city": "Rome"}},
                        {"type": "tool_use", "id": "b", "name": "g", "input": {}},
                    ],
                },
                {
                    "role": "user",
                    "content": [{"type": "tool_result", "tool_use_id": "a", "content": "Sunny"}],
                },
                {
                    "role": "user",
                    "content": [{"type": "tool_result", "tool_use_id": "b", "content": "9"}],
                },
            ]
        },
    ),
    (
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "Which?"},
                        {"type": "input_audio", "input_audio": {"data": "AAAA"}},
                        {"type": "image_url", "image_url": {"url": "https://a.b/c.png"}},
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                    ],
                }
            ]
        },
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "Which?"},
                        {
                            "type": "image",
                            "source": {"type": "url", "url": "https://a.b/c.png"},
                        },
                        {
                            "type": "image",
                            "source": {
                                "type": "base64",
                                "media_type": "image/png",
                                "data": "AA==",
                            },
                        },
                    ],
                }
            ]
        },
    ),
]


@pytest.mark.parametrize(("changes", "expected"), CONVERSIONS, ids=range(len(CONVERSIONS)))
def test_a_request_is_converted_as_documented(
    changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    """System messages are hoisted, sampling and what has no counterpart is dropped."""
    assert converted(**changes) == expected


CALLS = {"role": "assistant", "tool_calls": []}
ODD: list[tuple[dict[str, Any], str]] = [
    ({"n": 2}, "n: only 1 is supported"),
    ({"model": None}, "model: Input should be a valid string"),
    ({"messages": "Hello"}, "messages: Input should be a valid array"),
    ({"messages": [None]}, "messages.0: Input should be an object"),
    ({"max_tokens": "many"}, "max_tokens: Input should be a valid integer"),
    ({"stop": 7}, "stop_sequences: Input should be a valid array"),
    ({"stream": "yes"}, "stream: Input should be a valid boolean"),
    ({"tools": {"a": 1}}, "tools: Input should be a valid array"),
    ({"tools": [7]}, "tools.0: Input should be an object"),
    ({"tools": [{"type": "function"}]}, "tools.0.function: Input should be an object"),
    (
        {"tools": [{"function": FUNCTION}], "tool_choice": "any"},
        "tool_choice: Input should be 'auto', 'required' or 'none'",
    ),
    (
        {"tools": [{"function": FUNCTION}], "tool_choice": {"type": "function"}},
        "tool_choice.function: Input should be an object",
    ),
    (
        {"messages": [{**CALLS, "tool_calls": "f"}]},
        "messages.0.tool_calls: Input should be a valid array",
    ),
    (
        {"messages": [{**CALLS, "tool_calls": ["f"]}]},
        "messages.0.tool_calls.0: Input should be an object",
    ),
    (
        {"messages": [{**CALLS, "tool_calls": [{"id": "a"}]}]},
        "messages.0.tool_calls.0.function: Input should be an object",
    ),
    (
        {"messages": [{**CALLS, "tool_calls": [{"function": {"arguments": {}}}]}]},
        "messages.0.tool_calls.0.function.arguments: Input should be a valid string",
    ),
    (
        {"messages": [{**CALLS, "tool_calls": [{"function": {"arguments": "{"}}]}]},
        "messages.0.tool_calls.0.function.arguments: not valid JSON",
    ),
    (
        {"messages": [{**CALLS, "tool_calls": [{"function": {"arguments": "[" * 5_000}}]}]},
        "messages.0.tool_calls.0.function.arguments: not valid JSON",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "a"}]}]},
        "messages.0.content.0.image_url: Input should be an object",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
        "messages.0.content.0.image_url.url: Input should be a valid string",
    ),
    (
        {"messages": [{"role": "tool", "content": "42"}]},
        "messages.0.content.0.tool_result.tool_use_id: Input should be a valid string",
    ),
]


@pytest.mark.parametrize(("changes", "message"), ODD, ids=range(len(ODD)))
def test_an_odd_request_is_a_400(
    post: Callable[..., Any], changes: dict[str, Any], message: str
) -> None:
    """Told where it is odd, in OpenAI's envelope."""
    reply = post({**ASK, **changes}, path="/v1/chat/completions")
    error = {"type": "invalid_request_error", "message": message, "param": None, "code": None}
    assert (reply.status, reply.body) == (400, {"error": error})


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (None, {"type": "auto", "disable_parallel_tool_use": True}),
        ("required", {"type": "any", "disable_parallel_tool_use": True}),
        ("none", {"type": "none"}),
    ],
)
def test_calls_one_at_a_time_stay_so(choice: Any, expected: Any) -> None:
    """Where no tool may be called there is nothing to say of it."""
    tools = [{"type": "function", "function": FUNCTION}]
    request = converted(tools=tools, tool_choice=choice, parallel_tool_calls=False)
    assert request["tool_choice"] == expected
