"""A limit on what one exam accepts from a learner's code: one allowance for everything it sends.

The grading process keeps requests and values until the check has judged them. A learner's code can
forge what it sends, so we weigh it before reading it: a text by its length, and anything that would
become a Python object by the memory that object takes. Two more bounds limit work. Somebody can
choose numbers of many digits that share one hash, and then a set of them, or a dict with such keys,
takes time that grows with the square of their number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_RECEIVED = 64 * 2**20
"""How many bytes one exam accepts: requests, values and printed text together."""
LONG_NUMBER = 19
"""How many digits make a number long: among shorter ones, too few share a hash."""
MAX_LONG_NUMBERS = 1_000
"""How many long numbers one exam accepts."""
MAX_HASHED = 10_000
"""How many parts of sets, and of keys that aren't plain text, one exam accepts."""
_OBJECT = 64
_LONG_NUMBERS = re.compile(rb"[0-9]{%d,}" % LONG_NUMBER)


class TooMuch(Exception):
    """Signal that an exam accepts no more."""


@dataclass
class Allowance:
    """Track what one exam may still accept; each method raises TooMuch when that is used up."""

    received: int = MAX_RECEIVED
    long_numbers: int = MAX_LONG_NUMBERS
    hashed: int = MAX_HASHED

    def take_text(self, length: int) -> None:
        """Accept a text of this many characters."""
        self.received -= length
        if self.received < 0:
            raise TooMuch

    def take_object(self) -> None:
        """Accept one value or one container."""
        self.take_text(_OBJECT)

    def take_long_numbers(self, count: int) -> None:
        """Accept numbers so long that somebody could choose them to share a hash."""
        self.long_numbers -= count
        if self.long_numbers < 0:
            raise TooMuch

    def take_hashed(self) -> None:
        """Accept a part of a set's item or of a dict's key."""
        self.hashed -= 1
        if self.hashed < 0:
            raise TooMuch

    def take_request(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Accept a request, before anybody reads it."""
        told = "".join((path, *headers, *headers.values()))
        self.take_text(_OBJECT * (len(headers) + told.count(",")) + len(told))
        self.take_text(_OBJECT * count_objects(body) + len(body))
        self.take_long_numbers(sum(1 for _ in _LONG_NUMBERS.finditer(body)))


def count_objects(written: bytes) -> int:
    """Return an upper bound on the objects in a JSON text: it only counts punctuation."""
    return written.count(b",") + written.count(b"[") + written.count(b"{")
