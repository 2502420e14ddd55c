"""Count the tokens of a text: with ctok where it can be, else by estimate."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from grader.simulator.tokens.estimate import estimate_tokens
from grader.simulator.tokens.exact import Counter, load_ctok

# The oldest Python that ctok is published for.
_CTOK_SINCE = (3, 12)
EXACT_LENGTH = 200_000
"""How many characters of one request are counted with ctok: at worst a second's work.

What it has not counted before takes it up to 5 ms a kilobyte, and a body may have 32 megabytes.
"""


def choose_counter(version: tuple[int, int], load: Callable[[], Counter | None]) -> Counter:
    """Return what counts texts on a version of Python.

    load: gives what counts with ctok, None where that is not installed; not called where ctok is
    not published for the version.
    """
    exact = load() if version >= _CTOK_SINCE else None
    return exact or estimate_tokens


@cache
def _chosen() -> Counter:
    return choose_counter(sys.version_info[:2], load_ctok)


def text_tokens(text: str, tokenizer: str) -> int:
    """Return the number of tokens of a text, without any framing; ctok is loaded at the first.

    tokenizer: "v3", "v4.7" or "v4.8", as the catalog's cards name it.
    """
    return _chosen()(text, tokenizer)


@dataclass
class Meter:
    """Count the texts of one request in their order: from a certain length on by estimate.

    So a text counts the same in every request in which the same prompt precedes it.
    """

    tokenizer: str
    counter: Counter = text_tokens
    left: int = EXACT_LENGTH

    def __call__(self, text: str) -> int:
        """Return the number of tokens of the next text."""
        self.left -= len(text)
        counter = self.counter if self.left >= 0 else estimate_tokens
        return counter(text, self.tokenizer)
