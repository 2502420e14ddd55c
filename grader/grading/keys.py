"""Keys: what a result depends on, as one hash. The same key means the same result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import grader
from grader.grading.result import canonical


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def key_of(student: str, lesson: str, digest: str, *, course: str, seed: str) -> str:
    """Return the key of a submission's result.

    digest: that of the file handed in. course: that of the lesson's notebook. seed: the class's.
    The grader's own code is part of it: after a change of a check everything is graded anew.
    """
    parts = [student, lesson, digest, course, seed, grader_digest()]
    return digest_of(canonical(parts).encode())


@cache
def grader_digest() -> str:
    """Return the digest of the installed grader: every Python and TOML file of it."""
    root = Path(grader.__file__).parent
    files = (*root.rglob("*.py"), *root.rglob("*.toml"))
    return digest_of(canonical(list(_described(root, sorted(files)))).encode())


def _described(root: Path, files: Iterable[Path]) -> Iterable[tuple[str, str]]:
    for file in files:
        yield file.relative_to(root).as_posix(), digest_of(file.read_bytes())
