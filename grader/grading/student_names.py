"""The names of students' folders: which can be a student's id, and which look the same."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize

from grader.look.inert import holds_hidden, looks_of, visible

_MAX_BYTES = 200
_MOST_SHOWN = 60


def student_of(name: str) -> str:
    """Return the student's id from a folder's name, in NFC, as class lists are written."""
    return normalize("NFC", name)


def objection_to_name(name: str) -> str:
    """Return why a folder's name cannot be a student's id, with the fix, or ""."""
    shown = visible(name[:_MOST_SHOWN])
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return f"{shown} is not UTF-8, so it cannot be a student's id. Rename it."
    if size > _MAX_BYTES:
        return f"{shown}… has {size} bytes; {_MAX_BYTES} is the most. Rename it."
    if holds_hidden(name):
        return f"{shown} holds characters that nobody sees, shown here by their codes. Rename it."
    # nbgrader strips spaces and reads *, ? and [ as patterns; it would find no such folder.
    if not name or name.startswith(".") or name != name.strip() or set(name) & set("/\\*?["):
        return (
            f"'{shown}' cannot be a student's id: a leading dot, spaces at the ends, slashes and "
            "any of *?[ are not allowed. Rename it."
        )
    return ""


def doubled_names(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names that look like another one, by the id that they would share."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(looks_of(name), []).append(name)
    return {student_of(each[0]): each for each in alike.values() if len(each) > 1}
