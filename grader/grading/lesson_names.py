"""Which lesson a name means, however a person or a program spelt it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

_NEAR = 0.8
_NUMBER = re.compile(r"\d\d(?!\d)")
_EDGES = " _-.,()"
_WORDS = re.compile(r"[^\w]+|_+")


def lesson_like(name: str, known: Iterable[str]) -> str:
    """Return the lesson that a misspelt name means, by likeness or number, or ""."""
    small = name.casefold()
    near = get_close_matches(small, sorted(known), n=1, cutoff=_NEAR)
    number = _NUMBER.match(small)
    numbered = [each for each in sorted(known) if number and each.startswith(f"{number[0]}_")]
    return next(iter([*near, *numbered]), "")


def beside_lesson(name: str) -> str:
    """Return what a name has besides a lesson's, such as ada of 00_start_here_ada; "" if nothing.

    A lesson's name may be misspelt if nothing is beside it, or be its number alone.
    """
    from grader.exercises import COURSE

    said = _spaced(name)
    for each in COURSE:
        for form in (each.name, each.title, each.name.partition("_")[2]):
            words = _spaced(form).split()
            if len(words) < 2:
                # Agents, or Port: that may be somebody's name.
                continue
            rest, found = _apart(tuple(words)).subn(" ", name, count=1)
            if found:
                return rest.strip(_EDGES)
    lesson = lesson_like(said.replace(" ", "_"), [each.name for each in COURSE])
    if not lesson:
        return name
    number = _NUMBER.match(name)
    rest = name[2:].strip(_EDGES) if number else ""
    is_near = bool(get_close_matches(said.replace(" ", "_"), [lesson], cutoff=_NEAR))
    has_its_words = not set(_spaced(rest).split()).isdisjoint(lesson.split("_"))
    return "" if is_near or has_its_words else rest


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


@cache
def _apart(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds words one after the other, with anything but letters between them."""
    joined = r"[\W_]*".join(map(re.escape, words))
    return re.compile(rf"(?<![^\W_]){joined}(?![^\W_])", re.IGNORECASE)


def _spaced(text: str) -> str:
    return _WORDS.sub(" ", text.casefold()).strip()
