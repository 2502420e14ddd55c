"""Patterns are matched and made without going back and forth."""

import re

import pytest

from grader.simulator.replies.values.patterns import examples, matches

PATTERNS = [
    r"^cust_\d+$",
    r"^[A-Z]{2}$",
    r"\d{3}-\d{4}",
    r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$",
    r"^(?:INV|ORD)-\d{4,6}$",
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)$",
    r"^#[0-9a-fA-F]{6}$",
    r"^.{3,}?\t\x2D?$".replace(r"\x2D", "-"),
    r"^\S+\s\w\W\D$",
    r"\bcat\b",
    r"^[\w.-]+é?$",
    "",
]
TEXTS = [
    "cust_123",
    "NY",
    "call 555-1234",
    "a@b.de",
    "INV-12345",
    "1.20",
    "#00ffAA",
    "a cat",
    "cats",
    "",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_python_says(pattern: str) -> None:
    """On texts of every kind, and wherever in the text it is found."""
    for text in [*TEXTS, *examples(pattern, 12)]:
        assert matches(pattern, text) == bool(re.search(pattern, text)), text


@pytest.mark.parametrize("pattern", [pattern for pattern in PATTERNS if pattern])
def test_the_first_example_matches(pattern: str) -> None:
    """It is as short as it can be."""
    assert re.search(pattern, next(examples(pattern)))


def test_an_example_grows_to_a_length() -> None:
    """Where the pattern lets it."""
    made = [text for text in examples(r"^[a-z]+-\d*$", 40) if len(text) == 40]
    assert made
    assert any(re.search(r"^[a-z]+-\d*$", text) for text in made)


@pytest.mark.parametrize(
    "pattern", [r"(?=a)b", r"(a)\1", "[", "(", "a{2", "a{3,2}", "a**", "^*", r"\p{L}", "x" * 501]
)
def test_what_is_not_read_is_no_restriction(pattern: str) -> None:
    """Nor is what would take too long to say."""
    assert matches(pattern, "abc") is None
    assert list(examples(pattern)) == []


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "^((a*)*)*$", "^(a|ab|b)*c$", "a*a*a*a*a*a*b$"]
)
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    """Expressions that would keep Python's own reader busy for years."""
    assert matches(pattern, "a" * 500 + "!") in (False, None)


def test_a_long_text_is_not_matched() -> None:
    """It may be anything."""
    assert matches("^a$", "b" * 1_001) is None
    assert matches(r"\d{4000}", "1") is None
