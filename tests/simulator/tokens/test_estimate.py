"""The estimate of a text's tokens: by the class and the shape of its pieces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.tokens.estimate import estimate_tokens


def estimated(text: str) -> tuple[int, int]:
    """Return the estimates for the older and the newer generation of tokenizer."""
    return estimate_tokens(text, "v3"), estimate_tokens(text, "v4.8")


@pytest.mark.parametrize(
    ("text", "older", "newer"),
    [
        ("", 0, 0),
        ("Hello", 1, 2),
        ("What is the capital of France?", 7, 10),
        ("internationalization", 7, 9),
        ("camelCase", 3, 6),
        ("HTTP", 2, 4),
        ("it's", 2, 2),
        ("'s", 1, 1),
        ("snake_case_name", 5, 6),
        ("say 'foo'", 5, 5),
        ("été", 2, 2),
        ("Straße", 4, 5),
        ("Привет", 3, 3),
        ("カタカナ", 3, 3),
        ("世界", 2, 2),
        ("안녕", 2, 2),
        ("—", 1, 1),
        ("🌍", 3, 3),
        ("!!!", 1, 1),
        ("}}, ", 2, 2),
        ("∀", 2, 2),
    ],
)
def test_each_class_of_pieces_has_its_weight(text: str, older: int, newer: int) -> None:
    """On both generations of tokenizer."""
    assert estimated(text) == (older, newer)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", 1),
        ("123", 1),
        ("1234", 2),
        ("2026-11-22", 6),
        ("a 5 b", 5),
        ("a b", 2),
        ("a\n\n\nb", 3),
        ("a\r\n\r\nb", 3),
        ("a" + " " * 16 + "b", 3),
        ("a" + " " * 17 + "b", 3),
        ("a" + " " * 18 + "b", 4),
        ("a\n\tb", 4),
        ("世 界", 3),
    ],
)
def test_digits_and_spaces_are_counted_by_rule(text: str, expected: int) -> None:
    """As ctok has it: three digits, a run of newlines or sixteen spaces are one token.

    A single space is one beside a digit or an ideograph only.
    """
    assert estimate_tokens(text, "v3") == expected


@settings(max_examples=150)
@given(st.text(min_size=1))
def test_any_text_has_at_least_one_token(text: str) -> None:
    """And at most a handful a character."""
    for tokenizer in ("v3", "v4.7", "v4.8"):
        assert 1 <= estimate_tokens(text, tokenizer) <= 5 * len(text)


def test_halves_of_surrogate_pairs_are_estimated() -> None:
    """They are no text, but may stand in a Python string."""
    assert estimated("\ud800") == (2, 2)


def test_a_word_without_end_is_estimated_piece_by_piece() -> None:
    """So that no long text is kept."""
    assert estimate_tokens("a" * 80, "v3") == pytest.approx(2 * estimate_tokens("a" * 40, "v3"), 1)
