"""Token counts of texts: by ctok, in parts that add up, or by estimate."""

import builtins
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.tokens.estimate import estimate_tokens
from grader.simulator.tokens.text import (
    EXACT_LENGTH,
    Counter,
    Meter,
    choose_counter,
    count_by_parts,
    load_ctok,
    text_tokens,
)


def ones(text: str, tokenizer: str) -> int:
    """Count every text as one token."""
    return 1


def absent() -> None:
    """Find no ctok."""


@pytest.mark.parametrize("version", [(3, 12), (3, 13), (4, 0)])
def test_ctok_counts_on_the_pythons_it_is_published_for(version: tuple[int, int]) -> None:
    """Where it is installed; where it is not, texts are estimated."""
    assert choose_counter(version, lambda: ones) is ones
    assert choose_counter(version, absent) is estimate_tokens


def test_ctok_is_not_even_looked_for_on_an_older_python() -> None:
    """Although it may be installed there, as it is for these tests."""

    def load() -> None:
        raise AssertionError("ctok was looked for")

    assert choose_counter((3, 11), load) is estimate_tokens


def test_this_python_counts_as_it_should() -> None:
    """A word that is rare and long has other tokens than its estimate."""
    expected = choose_counter(sys.version_info[:2], load_ctok)
    for text in ("farewell", "internationalization", "What is the capital of France?"):
        assert text_tokens(text, "v3") == expected(text, "v3")


@pytest.mark.parametrize("module", ["ctok", "regex"])
def test_importing_the_simulator_loads_nothing_to_count_with(module: str) -> None:
    """ctok takes half a second to load, which the first count spends."""
    code = f"import sys, grader.simulator; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_request_is_counted_with_ctok_up_to_a_length() -> None:
    """What comes later is estimated, so that no body takes minutes."""
    measure = Meter("v3", ones)
    assert measure("x" * (EXACT_LENGTH - 5)) == 1
    assert measure("fives") == 1
    assert measure("two words") == 2


def test_the_same_prompt_counts_the_same_whatever_follows() -> None:
    """Texts are taken in the order of the prompt."""
    first, second = Meter("v3", ones), Meter("v3", ones)
    texts = ["x" * EXACT_LENGTH, "some more words"]
    counted = [first(text) for text in [*texts, "an end"]][:2]
    assert counted == [second(text) for text in texts] == [1, 3]


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
