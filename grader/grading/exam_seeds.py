"""What an exam's data is drawn from, and what a learner's own draws start from."""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import lru_cache


def seed_of(seed: str, exercise: str, *, student: str = "", digest: str = "") -> int:
    """Return the seed of one exercise's exam, a number of 256 bits.

    seed: the class's. digest: that of the file handed in. Whoever hands in again, or copies from a
    feedback page, is examined with other data, and a submission that is graded again with the same.
    It is an HMAC: from what one exam drew nobody finds the class's seed, unless that can be
    guessed. Each guess takes the time of `_key_of`, which is no help where the seed is "2026".
    """
    told = json.dumps(["exam", student, digest, exercise]).encode()
    return int.from_bytes(hmac.digest(_key_of(seed), told, "sha256"))


def chance_of(exercise: str, *, digest: str) -> str:
    """Return what a learner's own draws start from in one exam.

    It is seen by their code, so it comes from nothing but what they have: the class's seed is no
    part of it.
    """
    return hashlib.sha256(json.dumps(["chance", digest, exercise]).encode()).hexdigest()


@lru_cache
def _key_of(seed: str) -> bytes:
    """Return the key that a class's seed stands for; slow, so that few seeds can be tried."""
    return hashlib.pbkdf2_hmac("sha256", seed.encode(), b"grader: the data of exams", 200_000)
