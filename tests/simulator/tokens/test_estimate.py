"""The estimate of a text's tokens: by the classes of its characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.tokens.estimate import text_tokens


@pytest.mark.parametrize(
    ("text", "older", "newer"),
    [
        ("", 0, 0),
        (" ", 1, 1),
        ("Hello", 1, 1),
        ("Hello, Claude", 3, 4),
        ("internationalization", 4, 9),
        ("camelCase", 2, 4),
        ("2026-11-22", 9, 9),
        ("snake_case_name", 5, 6),
        ("a\n\nb", 3, 4),
        ("    indented", 2, 2),
        ("été", 7, 8),
        ("世界", 1, 1),
        ("!!!", 1, 1),
        ("{}", 1, 1),
        ("🌍", 2, 2),
    ],
)
def test_each_class_of_characters_has_its_weight(text: str, older: int, newer: int) -> None:
    """On both generations of tokenizer."""
    assert (text_tokens(text), text_tokens(text, "v4.8")) == (older, newer)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(min_size=1))
def test_any_text_has_at_least_one_token(text: str) -> None:
    """And at most a handful a character."""
    for tokenizer in ("v3", "v4.7", "v4.8"):
        assert 1 <= text_tokens(text, tokenizer) <= 4 * len(text)
