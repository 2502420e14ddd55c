"""Put a student's files of one lesson in the order in which they came, if anything says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from grader.grading.intake.looking import HandedIn, Left


def in_order(found: Sequence[HandedIn]) -> tuple[tuple[HandedIn, ...], tuple[Left, ...]]:
    """Return the tries that count, the newest last, and the files that do not count.

    found: of one student and lesson. If nothing says which is the newest, none is taken.
    """
    left: list[Left] = []
    tries = _once(found, left)
    tries = _better(tries, left, lambda each: not each.read.trouble, _torn)
    tries = _better(tries, left, lambda each: not each.read.is_untouched, _untouched)
    if len(tries) < 2:
        return tuple(tries), tuple(left)
    for evidence in (_by_time, _by_system, _by_number):
        keys = [evidence(each, tries) for each in tries]
        if None not in keys and len(set(keys)) == len(keys):
            ordered = sorted(zip(keys, tries, strict=True), key=lambda pair: pair[0])
            return tuple(each for _, each in ordered), tuple(left)
    others = " and ".join(each.item.shown for each in tries)
    reason = (
        f"{len(tries)} different notebooks of {tries[0].student} for {tries[0].lesson}, and "
        "nothing says which is the newest. Remove all but one from the download."
    )
    return (), (*left, Left(others, reason))


def _once(found: Sequence[HandedIn], left: list[Left]) -> list[HandedIn]:
    """Return the files with different bytes; of equal ones the first that came."""
    kept: dict[str, HandedIn] = {}
    for each in sorted(found, key=lambda one: (one.at is None, one.at and one.at.timestamp())):
        before = kept.setdefault(each.read.digest, each)
        if before is not each:
            reason = "the same file as another one of this student"
            left.append(Left(each.item.shown, reason, is_trouble=False))
    return list(kept.values())


def _better(
    tries: list[HandedIn],
    left: list[Left],
    is_good: Callable[[HandedIn], bool],
    why: Callable[[HandedIn], Left],
) -> list[HandedIn]:
    good = [each for each in tries if is_good(each)]
    if not good:
        return tries
    left += [why(each) for each in tries if not is_good(each)]
    return good


def _torn(each: HandedIn) -> Left:
    return Left(each.item.shown, f"{each.read.trouble} Another file of this student is taken.")


def _untouched(each: HandedIn) -> Left:
    reason = "nothing was done in it, and the student has another file of the lesson"
    return Left(each.item.shown, reason, is_trouble=False)


def _by_time(each: HandedIn, _tries: Sequence[HandedIn]) -> Any:
    return each.at.timestamp() if each.at else None


def _by_system(each: HandedIn, tries: Sequence[HandedIn]) -> Any:
    """Return the system's own number of the file, which rises."""
    systems = {one.clue.system for one in tries}
    return each.clue.order if each.clue.order and len(systems) == 1 else None


def _by_number(each: HandedIn, tries: Sequence[HandedIn]) -> Any:
    """Return the number that a browser or Canvas adds to a name that is there already."""
    bases = {one.clue.base for one in tries}
    return each.clue.copy if len(bases) == 1 else None


def grouped(found: Sequence[HandedIn]) -> Iterator[list[HandedIn]]:
    """Yield the files of each student and lesson, in the order of both."""
    places: dict[tuple[str, str], list[HandedIn]] = {}
    for each in found:
        places.setdefault(each.place, []).append(each)
    for place in sorted(places):
        yield places[place]
