"""Find the student whom a path means: by the roster if there is one, else by the path's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from grader.grading.intake.clues import CANVAS, CLONES, MOODLE, Clue, is_blind
from grader.grading.roster import Enrolled, Roster
from grader.grading.student_names import objection_to_name, student_of
from grader.look.inert import visible

_BRANCHES = ("-main", "-master")
_MOST_NAMED = 3


@dataclass(frozen=True)
class Named:
    """Hold who handed a file in; student: the id, "" if that is unknown.

    at: when the roster says that it was handed in. objection: why the student is unknown, or "".
    """

    student: str
    at: datetime | None = None
    objection: str = ""


def who_is(clue: Clue, roster: Roster | None) -> Named:
    """Return the student whom a clue means."""
    return _without_roster(clue) if roster is None else _in_roster(clue, roster)


def _without_roster(clue: Clue) -> Named:
    if not clue.words:
        return Named(
            "", objection="nothing says whose it is. Put it into a folder with their name."
        )
    word = clue.words[0].strip()
    # Canvas's word is no name of its own: two students can share it, but not the number.
    is_numbered = clue.system == CANVAS or (clue.system == MOODLE and is_blind(word))
    student = student_of(f"{word}_{clue.number}" if is_numbered else word)
    objection = objection_to_name(student)
    return Named("", objection=objection) if objection else Named(student)


def _in_roster(clue: Clue, roster: Roster) -> Named:
    if clue.system == CANVAS:
        found = roster.by_canvas(clue.number)
        if found:
            return Named(found.student)
    if clue.system == MOODLE:
        found = roster.by_participant(clue.number)
        if found:
            return Named(found.student, _moodle_time(found))
    for word in clue.words:
        for form in _forms(clue, word):
            many = roster.find(form)
            if len(many) == 1:
                return Named(many[0].student)
            if many:
                return Named("", objection=_ambiguous(form, many, roster))
    return Named("", objection=_unknown(clue, roster))


def _forms(clue: Clue, word: str) -> Iterator[str]:
    """Yield a word, and what of it may be a login: the last parts of a clone's name."""
    yield word
    for branch in _BRANCHES:
        word = word.removesuffix(branch)
    yield word
    if clue.system != MOODLE:
        parts = word.split("-")
        yield from ("-".join(parts[place:]) for place in range(1, len(parts)))


def _moodle_time(found: Enrolled) -> datetime | None:
    """Return the time in Moodle's worksheet, such as Wednesday, 10 June 2026, 2:14 PM.

    It is that of the person who exported it: this machine's zone.
    """
    from dateutil import parser  # type: ignore[import-untyped]

    if not any(map(str.isdigit, found.handed_in)):
        return None
    try:
        when: datetime = parser.parse(found.handed_in)
        return when.astimezone()
    except (ValueError, OverflowError, TypeError):
        return None


def _ambiguous(word: str, many: tuple[Enrolled, ...], roster: Roster) -> str:
    names = ", ".join(visible(each.student) for each in many[:_MOST_NAMED])
    return (
        f"{len(many)} students of {roster.name} could be {visible(word)}: {names}. Put it into a "
        "folder named after one of them, or give a roster with the system's own numbers."
    )


def _unknown(clue: Clue, roster: Roster) -> str:
    if not clue.words:
        return "nothing says whose it is. Put it into a folder with their login or name."
    word = clue.words[0]
    known = {each.name.casefold(): each for each in roster.people if each.name}
    known |= {each.student.casefold(): each for each in roster.people}
    near = get_close_matches(word.casefold(), known, n=1)
    meant = f"; did you mean {known[near[0]].shown}?" if near else "."
    whose = f"{visible(word)} ({clue.number})" if clue.number else visible(word)
    kind = "login" if clue.system == CLONES else "name"
    return f"nobody of {roster.name} has the {kind} {whose}{meant} Add a line to the roster."
