"""The version of the course: a digest of what decides whether an exercise is passed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import grader

_ROOMS = ("catalog", "certificates", "exams", "exercises", "look", "simulator")
"""The parts of the package that decide on a verdict, or draw a certificate."""
_TEXTS = (".css", ".md", ".py", ".toml")
_DIGITS = 12
NOTED = "certificates/version.txt"
"""Where the version is noted in a package whose sources were compiled, as for a browser."""


@cache
def course_version(package: Path = Path(grader.__file__).parent) -> str:
    """Return the version of a course: 12 hex digits; package: the folder of `grader`.

    Copies with other line ends have the same one.
    """
    noted = package / NOTED
    if noted.is_file():
        return noted.read_text(encoding="utf-8").strip()
    digest = hashlib.sha256()
    files = (file for room in _ROOMS for file in (package / room).rglob("*"))
    for file in sorted(files, key=lambda each: each.relative_to(package).as_posix()):
        if file.suffix in _TEXTS and file.is_file():
            content = file.read_bytes().replace(b"\r\n", b"\n")
            name = file.relative_to(package).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:_DIGITS]
