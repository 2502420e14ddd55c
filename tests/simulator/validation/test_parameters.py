"""Parameters one by one, thinking, the output config and sampling."""

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


BUDGET_HELP = (
    "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation "
    "at https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
    "#max-tokens-and-context-window-size"
)
USE_ADAPTIVE = (
    'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
)

BAD_THINKING: list[tuple[Any, str]] = [
    (True, "thinking: Input should be an object"),
    (None, "thinking: Input should be an object"),
    ({"budget_tokens": 1_024}, "thinking.type: Field required"),
    (
        {"type": "on"},
        (
            "thinking: Input tag 'on' found using 'type' does not match any of the expected tags: "
            "'adaptive', 'between_tools', 'disabled', 'enabled'"
        ),
    ),
    ({"type": "enabled"}, "thinking.enabled.budget_tokens: Field required"),
    (
        {"type": "enabled", "budget_tokens": "1024"},
        "thinking.enabled.budget_tokens: Input should be a valid integer",
    ),
    (
        {"type": "enabled", "budget_tokens": 1_023},
        "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    ),
    ({"type": "enabled", "budget_tokens": 2_000}, BUDGET_HELP),
    (
        {"type": "adaptive", "budget_tokens": 1_024},
        "thinking.adaptive.budget_tokens: Extra inputs are not permitted",
    ),
    (
        {"type": "disabled", "display": "omitted"},
        "thinking.disabled.display: Extra inputs are not permitted",
    ),
    (
        {"type": "adaptive", "display": "full"},
        "thinking.adaptive.display: Input should be 'summarized' or 'omitted'",
    ),
]


@pytest.mark.parametrize(("thinking", "message"), BAD_THINKING, ids=range(len(BAD_THINKING)))
def test_bad_thinking_is_told_with_its_kind(refusal, thinking: Any, message: str) -> None:
    """The path goes on with the kind, then the key."""
    assert refusal({"thinking": thinking}) == message


@pytest.mark.parametrize(
    ("model", "kind", "message"),
    [
        ("claude-haiku-4-5", "adaptive", "adaptive thinking is not supported on this model"),
        (
            "claude-opus-4-7",
            "enabled",
            f'"thinking.type.enabled" is not supported for this model. {USE_ADAPTIVE}',
        ),
        (
            "claude-opus-5-5",
            "disabled",
            f'"thinking.type.disabled" is not supported for this model. {USE_ADAPTIVE}',
        ),
        (
            "claude-sonnet-5-5",
            "disabled",
            (
                'To turn thinking off on this model, send "thinking": {"type": "between_tools"} '
                'instead of {"type": "disabled"}. The model does not think before responding. The '
                "short updates it writes between tool calls come back as thinking blocks."
            ),
        ),
        (
            "claude-sonnet-4-6",
            "between_tools",
            '"thinking.type.between_tools" is not supported for this model.',
        ),
        ("claude-opus-5", "disabled", ""),
        ("claude-sonnet-5-5", "between_tools", ""),
        ("claude-opus-5-5", "adaptive", ""),
    ],
)
def test_each_model_takes_its_own_kinds(refusal, model: str, kind: str, message: str) -> None:
    """What it takes instead is named."""
    budget = {"budget_tokens": 1_024} if kind == "enabled" else {}
    assert refusal({"model": model, "thinking": {"type": kind, **budget}}) == message


def test_thinking_between_tools_has_no_options(refusal) -> None:
    """Not even what to show of it."""
    thinking = {"type": "between_tools", "display": "omitted"}
    message = "thinking.between_tools.display: Extra inputs are not permitted"
    assert refusal({"model": "claude-sonnet-5-5", "thinking": thinking}) == message


OPEN_SCHEMA = {"type": "object", "properties": {}}


def formatted(schema: Any) -> dict[str, Any]:
    """Return a configuration that asks for JSON of a schema."""
    return {"format": {"type": "json_schema", "schema": schema}}


BAD_OUTPUT: list[tuple[Any, str]] = [
    ("low", "output_config: Input does not match the expected shape."),
    (None, "output_config: Input does not match the expected shape."),
    ({"efort": "low"}, "output_config.efort: Extra inputs are not permitted"),
    (
        {"effort": "extreme"},
        "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
    ),
    ({"format": "json"}, "output_config.format: Input should be an object"),
    (
        {"format": {"type": "json_object"}},
        (
            "output_config.format: Input tag 'json_object' found using 'type' does not match any "
            "of the expected tags: 'json_schema'"
        ),
    ),
    ({"format": {"type": "json_schema"}}, "output_config.format.schema: Field required"),
    (
        formatted({"type": "object", "properties": []}),
        (
            "output_config.format.schema: JSON schema is invalid. It must match JSON Schema draft "
            "2020-12 (https://json-schema.org/draft/2020-12)."
        ),
    ),
    (
        formatted({"type": "array", "items": OPEN_SCHEMA}),
        (
            "output_config.format.schema: For 'object' type, 'additionalProperties' must be "
            "explicitly set to false"
        ),
    ),
]


@pytest.mark.parametrize(("config", "message"), BAD_OUTPUT, ids=range(len(BAD_OUTPUT)))
def test_a_bad_configuration_is_told_with_its_place(refusal, config: Any, message: str) -> None:
    """The effort, then the format."""
    assert refusal({"output_config": config}) == message


@pytest.mark.parametrize(
    ("model", "effort", "message"),
    [
        ("claude-haiku-4-5", "low", "This model does not support the effort parameter."),
        (
            "claude-opus-4-6",
            "xhigh",
            (
                "This model does not support effort level 'xhigh'. Supported levels: high, low, "
                "max, medium."
            ),
        ),
        ("claude-opus-4-6", "max", ""),
        ("claude-opus-4-7", "xhigh", ""),
    ],
)
def test_each_model_has_its_own_efforts(refusal, model: str, effort: str, message: str) -> None:
    """Some have none."""
    assert refusal({"model": model, "output_config": {"effort": effort}}) == message


@pytest.mark.parametrize(
    ("model", "kind"), [("claude-opus-5", "disabled"), ("claude-sonnet-5-5", "between_tools")]
)
def test_the_highest_efforts_need_thinking(refusal, model: str, kind: str) -> None:
    """Two models refuse them without; with adaptive thinking, and below, all is well."""

    def asked(kind: str, effort: str) -> str:
        config = {"thinking": {"type": kind}, "output_config": {"effort": effort}}
        return refusal({"model": model, **config})

    for effort in ("xhigh", "max"):
        assert asked(kind, effort) == (
            f"output_config.effort '{effort}' is not supported when thinking is disabled on this "
            "model. Use effort 'high' or below, or enable thinking."
        )
        assert asked("adaptive", effort) == ""
    assert asked(kind, "high") == ""


ENABLED = {"type": "enabled", "budget_tokens": 1_024}
ADAPTIVE = {"type": "adaptive"}
OR_ADAPTIVE = (
    "when thinking is enabled or in adaptive mode. Please consult our documentation at "
    "https://platform.claude.com/docs/en/build-with-claude/extended-thinking"
)

BAD_SAMPLING: list[tuple[dict[str, Any], str]] = [
    ({"temperature": "0"}, "temperature: Input should be a valid number"),
    ({"temperature": None}, "temperature: Input should be a valid number"),
    ({"temperature": 2}, "temperature: range: 0..1"),
    ({"temperature": -0.1}, "temperature: range: 0..1"),
    ({"top_k": 0.5}, "top_k: Input should be a valid integer"),
    ({"top_p": 1.5}, "top_p: range: 0..1"),
    (
        {"temperature": 0.5, "top_p": 0.5},
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    ),
    (
        {"temperature": 0.5, "thinking": ENABLED},
        "`temperature` may only be set to 1 when thinking is enabled",
    ),
    (
        {"temperature": 0, "thinking": ADAPTIVE},
        f"`temperature` may only be set to 1 {OR_ADAPTIVE}",
    ),
    ({"top_k": 5, "thinking": ENABLED}, "`top_k` must be unset when thinking is enabled"),
    (
        {"top_p": 0.9, "thinking": ENABLED},
        "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled",
    ),
    # Told before what the model says of it: measured on claude-opus-4-8.
    (
        {"model": "claude-opus-4-8", "temperature": 0, "thinking": ADAPTIVE},
        f"`temperature` may only be set to 1 {OR_ADAPTIVE}",
    ),
    (
        {"model": "claude-opus-4-7", "temperature": 0.5},
        "`temperature` is deprecated for this model.",
    ),
    ({"model": "claude-sonnet-5", "top_k": 5}, "`top_k` is deprecated for this model."),
    ({"model": "claude-sonnet-5", "top_p": 0.9}, "`top_p` is deprecated for this model."),
]


@pytest.mark.parametrize(("changes", "message"), BAD_SAMPLING, ids=range(len(BAD_SAMPLING)))
def test_bad_sampling_is_told_in_the_apis_words(refusal, changes, message: str) -> None:
    """The value, then what rules it out."""
    assert refusal(changes) == message


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "claude-sonnet-5", "temperature": 1},
        {"model": "claude-opus-4-7", "top_p": 1},
        {"temperature": 1, "thinking": ADAPTIVE},
        {"top_p": 0.95, "thinking": ENABLED},
        {"temperature": 0.5, "thinking": {"type": "disabled"}},
        {"temperature": 0.5, "top_k": 5},
    ],
    ids=range(6),
)
def test_sampling_that_changes_nothing_or_that_fits_is_accepted(refusal, changes) -> None:
    """Models without sampling take its default values, says the documentation."""
    assert refusal(changes) == ""
