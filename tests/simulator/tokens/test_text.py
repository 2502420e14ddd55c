"""Which way a text is counted: with ctok where it can be, else by estimate."""

import subprocess
import sys

import pytest

from grader.simulator.tokens.estimate import estimate_tokens
from grader.simulator.tokens.exact import load_ctok
from grader.simulator.tokens.text import EXACT_LENGTH, Meter, choose_counter, text_tokens


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
