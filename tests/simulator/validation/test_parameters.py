"""Validation of the parameters that stand alone."""

from typing import Any

import pytest

BAD_PARAMETERS: list[tuple[dict[str, Any], str]] = [
    ({"max_tokens": None}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": "100"}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": True}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": 1.5}, "max_tokens: Input should be a valid integer"),
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
    ({"metadata": "Ann"}, "metadata: Input does not match the expected shape."),
    ({"metadata": {"user": "Ann"}}, "metadata.user: Extra inputs are not permitted"),
    ({"metadata": {"user_id": 7}}, "metadata.user_id: Input should be a valid string"),
    (
        {"metadata": {"user_id": "u" * 257}},
        "metadata.user_id: String should have at most 256 characters",
    ),
    ({"stop_sequences": "END"}, "stop_sequences: Input should be a valid array"),
    ({"stop_sequences": [1]}, "stop_sequences.0: Input should be a valid string"),
    (
        {"stop_sequences": ["END", "\n"]},
        "stop_sequences: each stop sequence must contain non-whitespace",
    ),
    (
        {"stop_sequences": [""]},
        "stop_sequences: each stop sequence must contain non-whitespace",
    ),
    ({"service_tier": "fast"}, "service_tier: Input should be 'auto' or 'standard_only'"),
    ({"stream": "yes"}, "stream: Input should be a valid boolean"),
    ({"container": 7}, "container.ContainerParams: Input does not match the expected shape."),
    (
        {"container": "container_01"},
        "container: Container identifier can only be provided when using the code execution tool",
    ),
    ({"inference_geo": 7}, "inference_geo: Input should be a valid string"),
    ({"inference_geo": "eu"}, "inference_geo: must be one of ['global', 'us']"),
    ({"speed": "slow"}, "speed: Input should be 'standard' or 'fast'"),
    ({"speed": 1}, "speed: Input should be 'standard' or 'fast'"),
    ({"diagnostics": True}, "diagnostics: Input should be an object"),
    (
        {"diagnostics": {"previous_message_id": 7}},
        "diagnostics.previous_message_id: Input should be a valid string",
    ),
    ({"diagnostics": {"message_id": ""}}, "diagnostics.message_id: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("changes", "message"), BAD_PARAMETERS, ids=range(len(BAD_PARAMETERS)))
def test_a_bad_parameter_is_told_in_the_apis_words(refusal, changes, message: str) -> None:
    """Its name, and what was expected."""
    assert refusal(changes) == message


SCHEMA = {"type": "object", "additionalProperties": False}
TOOLS = [{"name": "get_time", "input_schema": {"type": "object"}}]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"stream": True}, "`stream` is true"),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
            "`output_config.format` is set",
        ),
        ({"tools": TOOLS, "tool_choice": {"type": "any"}}, "tool_choice forces tool use"),
        (
            {"tools": TOOLS, "tool_choice": {"type": "tool", "name": "get_time"}},
            "tool_choice forces tool use",
        ),
    ],
    ids=range(4),
)
def test_a_request_for_no_output_is_simple(refusal, changes: dict[str, Any], what: str) -> None:
    """It warms the cache; what asks for output of some kind is refused, in words of ours."""
    assert (
        refusal({"max_tokens": 0, **changes}) == f"max_tokens: must be greater than 0 when {what}"
    )
    assert refusal({"max_tokens": 1, **changes}) == ""


def test_a_request_for_no_output_may_have_tools_and_not_stream(refusal) -> None:
    """Both are part of what is cached, or say nothing."""
    changes = {"tools": TOOLS, "tool_choice": {"type": "auto"}, "stream": False}
    assert refusal({"max_tokens": 0, **changes}) == ""
