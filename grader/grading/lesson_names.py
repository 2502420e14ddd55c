"""Which lesson a name means, however a person or a program spelt it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

_NEAR = 0.8
_NUMBER = re.compile(r"\d\d(?!\d)")
_WORDS = re.compile(r"[^\w]+|_+")


def lesson_like(name: str, known: Iterable[str]) -> str:
    """Return the lesson that a misspelt name means, by likeness or number, or ""."""
    small = name.casefold()
    near = get_close_matches(small, sorted(known), n=1, cutoff=_NEAR)
    number = _NUMBER.match(small)
    numbered = [each for each in sorted(known) if number and each.startswith(f"{number[0]}_")]
    return next(iter([*near, *numbered]), "")


@cache
def is_lesson_name(name: str) -> bool:
    """Return whether a name means one of the course's lessons and nothing else."""
    from grader.exercises import COURSE

    said = _spaced(name)
    if any(said == _spaced(form) for each in COURSE for form in (each.name, each.title)):
        return True
    return bool(lesson_like(said.replace(" ", "_"), [each.name for each in COURSE]))


@cache
def lesson_titled(title: str) -> str:
    """Return the course's lesson that a title names, such as 03: Tool use, or "".

    The lesson's own name and title count wherever they stand in it; two lessons are none.
    """
    from grader.exercises import COURSE

    words = f" {_spaced(title)} "
    found = {
        each.name
        for each in COURSE
        for form in (each.name, each.name.partition("_")[2], each.title)
        if f" {_spaced(form)} " in words
    }
    if len(found) > 1:
        # 00_start_here: how agents start, and the like: the whole name is the surest.
        whole = {each for each in found if f" {_spaced(each)} " in words}
        found = whole or found
    if not found:
        near = lesson_like(_spaced(title).replace(" ", "_"), [each.name for each in COURSE])
        found = {near} - {""}
    return found.pop() if len(found) == 1 else ""


def _spaced(text: str) -> str:
    return _WORDS.sub(" ", text.casefold()).strip()
