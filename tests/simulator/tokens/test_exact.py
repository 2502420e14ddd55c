"""Counting with ctok: part by part, and to the token as ctok counts the whole."""

import builtins
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.tokens.exact import Counter, count_by_parts, load_ctok

VERSIONS = {"v3": "3.0", "v4.7": "4.7", "v4.8": "4.8"}
SPACES = st.sampled_from([" ", " ", " ", "  ", "\n", "\n\n    ", "\t", "", "'", " '"])
TEXTS = st.lists(
    st.tuples(st.text(st.sampled_from("aebtTHM.,:;()[]{}\"'-_=#*/1290é世🌍\u0301\0")), SPACES),
    max_size=12,
).map(lambda parts: "".join(word + space for word, space in parts))


@pytest.fixture(scope="module")
def token_count() -> Callable[[str, str], int]:
    """Return ctok's own function; it is there wherever `.ci/setup test` ran."""
    return pytest.importorskip("ctok").token_count


@pytest.fixture(scope="module")
def count(token_count) -> Counter:
    """Return what counts with ctok."""
    loaded = load_ctok()
    assert loaded is not None
    return loaded


@pytest.mark.parametrize(
    ("text", "tokenizer", "expected"),
    [
        ("", "v3", 0),
        ("What is the capital of France?", "v3", 14 - 7),
        ("The quick brown fox jumps over the lazydog.", "v3", 19 - 7),
        ("Say 'foo'", "v3", 12 - 7),
        ("What is 2+2?", "v3", 14 - 7),
        ("What is 2+2?", "v4.7", 18 - 11),
        ("What is 2+2?", "v4.8", 13 - 6),
        ("Repeat the following phrase: Dogs are cool", "v4.8", 23 - 6),
    ],
)
def test_a_text_has_the_tokens_that_the_api_counted(
    count: Counter, text: str, tokenizer: str, expected: int
) -> None:
    """Recorded, the frame of one message taken off."""
    assert count(text, tokenizer) == expected


@settings(max_examples=300)
@given(text=TEXTS)
def test_parts_add_up_to_the_whole(count: Counter, token_count, text: str) -> None:
    """Wherever a text is cut, on each generation of tokenizer."""
    for tokenizer, version in VERSIONS.items():
        frame = token_count("a", version) - 1
        assert count(text, tokenizer) == (token_count(text, version) - frame if text else 0)


@settings(max_examples=200)
@given(text=st.text(st.characters()))
def test_any_text_is_counted(count: Counter, text: str) -> None:
    """Halves of surrogate pairs, control characters and unassigned ones among them."""
    for tokenizer in VERSIONS:
        assert count(text, tokenizer) >= 0


def test_a_part_is_counted_once() -> None:
    """The count of a short one is remembered, for each version; that of a long one is not."""
    asked: list[tuple[str, str]] = []

    def words(text: str, version: str) -> int:
        asked.append((text, version))
        return len(text.split()) + 7

    counter = count_by_parts(words)
    assert [counter("one two one two", "v3") for _ in range(3)] == [4, 4, 4]
    assert sorted(asked) == [
        ("a", "3.0"),
        ("a one a", "3.0"),
        ("a two", "3.0"),
        ("a two a", "3.0"),
        ("one a", "3.0"),
    ]
    assert counter("one two one two", "v4.8") == 4
    assert len(asked) == 10
    assert [counter("x" * 600, "v3") for _ in range(3)] == [1, 1, 1]
    assert len(asked) == 13


def test_without_ctok_there_is_no_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its absence is no error."""
    real = builtins.__import__

    def absent(name: str, *args, **kwargs):
        if name == "ctok":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "ctok", raising=False)
    monkeypatch.setattr(builtins, "__import__", absent)
    assert load_ctok() is None
