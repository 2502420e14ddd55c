"""Validation of `output_config`: efforts, and schemas of structured outputs."""

from typing import Any

import pytest

SCHEMA = {"type": "object", "properties": {}}


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
        formatted({"type": "array", "items": SCHEMA}),
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
