"""Count the tokens of a text: with ctok where it can be, else by estimate.

ctok reconstructs Claude's counts and is unofficial: it knows which pieces of text the live API was
measured to count as one token. Of the recorded requests without tools, among 3,504, it gave the
number of tokens for 89 %, and was within one for 98 %; all 65 of text alone in the conformance
tests come out to the token.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from grader.simulator.tokens.estimate import estimate_tokens

Counter = Callable[[str, str], int]
"""What counts the tokens of a text; its second argument is the tokenizer, as a card names it."""

_VERSIONS: Mapping[str, str] = {"v3": "3.0", "v4.7": "4.7", "v4.8": "4.8"}
# No piece of ctok's reaches across a single space between ASCII letters or marks, so the counts of
# the parts before and behind it add up. Parts come again and again, and so does their count.
_SEAM = re.compile(r"(?<=[!-/:-~]) (?=[!-/:-~])")
_KEPT = 4_096
_LONGEST_KEPT = 512


def load_ctok() -> Counter | None:
    """Return what counts with ctok, or None where it is not installed; takes half a second."""
    try:
        from ctok import token_count
    except ImportError:
        return None
    return count_by_parts(token_count)


def count_by_parts(token_count: Counter) -> Counter:
    """Return what counts a text as ctok's own function does, part by part and without its frame.

    token_count: counts a text as the one message of a request; its second argument is the version.
    """

    @cache
    def frame(version: str) -> int:
        return token_count("a", version) - 1

    def measure(part: str, version: str) -> int:
        return token_count(part, version) - frame(version)

    remembered = lru_cache(maxsize=_KEPT)(measure)

    def count_part(part: str, version: str) -> int:
        return (remembered if len(part) <= _LONGEST_KEPT else measure)(part, version)

    def count(text: str, tokenizer: str) -> int:
        if not text:
            return 0
        version = _VERSIONS[tokenizer]
        first, *rest = _SEAM.split(text)
        if not rest:
            return count_part(first, version)
        *middle, last = rest
        # A part has the same markers between two words of one token as it has in its text.
        inside = sum(count_part(f"a {part} a", version) - 2 for part in middle)
        return count_part(f"{first} a", version) + inside + count_part(f"a {last}", version) - 2

    return count


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
            return "Token counts are estimates."
        if sys.version_info[:2] >= _CTOK_SINCE:
            return f"Token counts are estimates: {self.ctok} can't be imported."
        oldest = ".".join(map(str, _CTOK_SINCE))
        return f"Token counts are estimates. On Python {oldest} or newer, {self.ctok} counts them."


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
