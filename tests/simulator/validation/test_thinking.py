"""Validation of thinking: its kinds, which model does which, and its budget."""

from typing import Any

import pytest

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
                '"thinking.type.disabled" is not supported for this model. Use '
                '"thinking.type.between_tools" for the lowest thinking setting, or '
                '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
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
