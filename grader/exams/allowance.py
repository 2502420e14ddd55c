"""How much of what a learner's code sends one exam takes in: one allowance for all of it.

An exam keeps requests and values until its check has judged them, in the process that grades. What
is sent may be forged, so it is weighed before it is read: a text by its length, and whatever would
become an object of its own by what that takes in memory. Two more bounds are on work. Numbers of
many digits can be chosen so that all of them have one hash, and a set of such items, or a dict with
such keys, takes time that grows with the square of their number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_RECEIVED = 64 * 2**20
"""How many bytes one exam takes in, all requests, values and printed text together."""
LONG_NUMBER = 19
"""How many digits make a number long: with fewer, too few numbers have the same hash."""
MAX_LONG_NUMBERS = 1_000
"""How many long numbers one exam takes in."""
MAX_HASHED = 10_000
"""How many parts of sets, and of keys that are no plain text, one exam takes in."""
_OBJECT = 64
_LONG_NUMBERS = re.compile(rb"[0-9]{%d,}" % LONG_NUMBER)


class TooMuch(Exception):
    """Say that an exam takes in no more."""


@dataclass
class Allowance:
    """Keep what is left for one exam; each method raises TooMuch when it is used up."""

    received: int = MAX_RECEIVED
    long_numbers: int = MAX_LONG_NUMBERS
    hashed: int = MAX_HASHED

    def take_text(self, length: int) -> None:
        """Take in a text of so many characters."""
        self.received -= length
        if self.received < 0:
            raise TooMuch

    def take_object(self) -> None:
        """Take in one value or one container."""
        self.take_text(_OBJECT)

    def take_long_numbers(self, count: int) -> None:
        """Take in numbers of so many digits that they can be chosen to have one hash."""
        self.long_numbers -= count
        if self.long_numbers < 0:
            raise TooMuch

    def take_hashed(self) -> None:
        """Take in a part of what is put in a set, or of a key."""
        self.hashed -= 1
        if self.hashed < 0:
            raise TooMuch

    def take_request(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take in a request before anybody reads it."""
        told = "".join((path, *headers, *headers.values()))
        self.take_text(_OBJECT * (len(headers) + told.count(",")) + len(told))
        self.take_text(_OBJECT * count_objects(body) + len(body))
        self.take_long_numbers(sum(1 for _ in _LONG_NUMBERS.finditer(body)))


def count_objects(written: bytes) -> int:
    """Return how many objects JSON text may turn into: never fewer, for it looks at marks alone."""
    return written.count(b",") + written.count(b"[") + written.count(b"{")
