"""Validation of sampling on the older version of the API."""

from typing import Any

import pytest

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
