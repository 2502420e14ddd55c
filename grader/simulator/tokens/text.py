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


@dataclass(frozen=True)
class InstalledCounter:
    """Hold what counts texts on this Python.

    ctok: "ctok" with its version, "" where it is not installed. is_used: whether it counts.
    """

    count: Counter
    ctok: str
    is_used: bool

    @property
    def statement(self) -> str:
        """Return one sentence that says what counts, and what could and does not."""
        if self.is_used:
            return f"Tokens are counted by {self.ctok}."
        if not self.ctok:
            return "Tokens are estimated."
        oldest = ".".join(map(str, _CTOK_SINCE))
        is_old = sys.version_info[:2] < _CTOK_SINCE
        why = f"is made for Python {oldest} and later" if is_old else "cannot be imported"
        return f"Tokens are estimated: {self.ctok} is installed, but {why}."


@cache
def installed_counter() -> InstalledCounter:
    """Return what counts texts on this Python; the first call loads ctok, for half a second."""
    count = choose_counter(sys.version_info[:2], load_ctok)
    is_used = count is not estimate_tokens
    return InstalledCounter(count, _find_ctok() or ("ctok" if is_used else ""), is_used)


def _find_ctok() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"ctok {version('ctok')}"
    except PackageNotFoundError:
        return ""


def text_tokens(text: str, tokenizer: str) -> int:
    """Return the number of tokens of a text, without any framing; ctok is loaded at the first.

    tokenizer: "v3", "v4.7" or "v4.8", as the catalog's cards name it.
    """
    return installed_counter().count(text, tokenizer)


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
