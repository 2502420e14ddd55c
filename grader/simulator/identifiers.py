"""Draw ids of the API's form: a prefix, `01`, and 22 characters of base 58.

All else of a reply that comes by chance is drawn here too, so that one seed repeats it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

_Option = TypeVar("_Option")

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LETTERS = len(_ALPHABET)


class Identifiers:
    """Draw ids from a seed, so that one seed always gives the same ids in the same order."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)

    def draw(self, prefix: str) -> str:
        """Return a fresh id such as `msg_01…`; prefix: `msg`, `toolu`, `req`."""
        return f"{prefix}_01{self.characters(22)}"

    def characters(self, count: int) -> str:
        """Return so many characters of the alphabet."""
        draw = self._random.random
        # As random.choices does it, which is slower, and every request draws two ids.
        return "".join([_ALPHABET[int(draw() * _LETTERS)] for _ in range(count)])

    def choose(self, options: Sequence[_Option]) -> _Option:
        """Return one of the options, each as likely as the others."""
        # Three times as fast as random.choice, and drawn for every event of a stream.
        return options[int(self._random.random() * len(options))]

    def branch(self) -> Identifiers:
        """Return another source, whose ids don't depend on what this one draws meanwhile."""
        return Identifiers(self._random.getrandbits(64))

    def padding(self) -> int:
        """Return how many spaces pad an event's line: 0 to 15, as recorded."""
        return self._random.getrandbits(4)
