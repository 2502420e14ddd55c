"""Derive the seeds of an exam's data and of a learner's own random draws."""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import lru_cache


def seed_of(seed: str, exercise: str, *, student: str = "", digest: str = "") -> int:
    """Return the seed of one exercise's exam, a number of 256 bits.

    seed: the class's. digest: that of the file handed in. Handing in again, or copying from a
    feedback page, gives other data; grading the same submission again gives the same.
    It is an HMAC: one exam's data does not reveal the class's seed, unless that can be guessed.
    `_key_of` makes each guess slow, which does not help if the seed is "2026".
    """
    told = json.dumps(["exam", student, digest, exercise]).encode()
    return int.from_bytes(hmac.digest(_key_of(seed), told, "sha256"))


def chance_of(exercise: str, *, digest: str) -> str:
    """Return the seed of a learner's own random draws in one exam.

    Their code can see it, so it is made only from what they have, without the class's seed.
    """
    return hashlib.sha256(json.dumps(["chance", digest, exercise]).encode()).hexdigest()


@lru_cache
def _key_of(seed: str) -> bytes:
    """Return the key derived from a class's seed; slow, so that few seeds can be tried."""
    return hashlib.pbkdf2_hmac("sha256", seed.encode(), b"grader: the data of exams", 200_000)
