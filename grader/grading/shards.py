"""A part of a class: what one of several machines grades, when there is no cluster.

A student belongs to the same part on every machine and in every run, whoever else hands in.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass

from grader.errors import GradingError


@dataclass(frozen=True)
class Shard:
    """Name a part of a class; number: from 1 to `of`."""

    number: int
    of: int

    def __contains__(self, student: str) -> bool:
        """Return whether a student belongs to it; what is no student's belongs to the first."""
        if not student:
            return self.number == 1
        digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest) % self.of == self.number - 1

    def __str__(self) -> str:
        """Return it as it's written: 2/8."""
        return f"{self.number}/{self.of}"


WHOLE = Shard(1, 1)
"""All of a class."""


def read_shard(text: str) -> Shard:
    """Return the part that an instructor named, such as 2/8; raises GradingError for no such."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip(), re.ASCII)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise GradingError(
            f"{text!r} is no part of a class. On the second of eight machines give --shard 2/8"
        )
    return Shard(int(found[1]), int(found[2]))


def refuse_own_seed(shard: Shard) -> None:
    """Raise GradingError for a part of a class: one with a seed of its own could not be merged."""
    if shard.of == 1:
        return
    raise GradingError(
        f"Part {shard} needs the seed of the whole class, so that the parts can be merged. Give "
        f"all machines the same one, such as this new one: --seed {os.urandom(16).hex()}"
    )
