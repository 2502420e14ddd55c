"""What an instructor says for a class besides the submissions: checked, and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from grader.errors import GradingError
from grader.grading.gathering import Class
from grader.grading.hand_in_times import Place, listed, shown_time
from grader.grading.journal import Journal
from grader.grading.late_penalty import read_late_penalty
from grader.grading.standing import read_attempts

_NONE = "none"


@dataclass(frozen=True)
class Agreed:
    """Hold what the instructor says for the class in this run; the journal remembers all of it.

    due: when lessons are due. times: when submissions were handed in. extensions: how much longer
    a student has, or until when. In these three, None takes back what was said before.
    attempts: which try counts, see `standing.ATTEMPTS`. late_penalty: such as 10%/day, or none.
    forget: students to take out, whose results were kept although their folder is gone.
    """

    due: Mapping[str, datetime | None] | None = None
    times: Mapping[Place, datetime | None] | None = None
    extensions: Mapping[Place, timedelta | datetime | None] | None = None
    attempts: str | None = None
    late_penalty: str | None = None
    forget: tuple[str, ...] = ()


def agree(said: Agreed, gathered: Class, journal: Journal) -> None:
    """Remember what was said, or raise GradingError and remember nothing if it is wrong."""
    if said.attempts is not None:
        read_attempts(said.attempts)
    rule = said.late_penalty
    if rule is not None and rule != _NONE:
        read_late_penalty(rule)
    for student in said.forget:
        _is_known(student, gathered, journal)
        here = {each.student for each in gathered.submissions}
        if student in here | {each.student for each in gathered.troubles}:
            raise GradingError(
                f"{student} can't be forgotten, because there's a folder "
                f"{gathered.folder / student}. Move it away first."
            )
    due = {**journal.due, **(said.due or {})}
    spans = {
        place: _span(place, given, due)
        for place, given in (said.extensions or {}).items()
        if _is_known(place[0], gathered, journal)
    }
    journal.keep_due(said.due or {})
    journal.keep_times(said.times or {})
    journal.keep_extensions(spans)
    if said.attempts is not None:
        journal.keep_attempts(said.attempts)
    if rule is not None:
        journal.keep_late_penalty("" if rule == _NONE else rule)


def _is_known(student: str, gathered: Class, journal: Journal) -> bool:
    """Return whether there is such a student; raises GradingError with the nearest names if not."""
    known = {each for each, _ in journal.places}
    known |= {each.student for each in gathered.submissions}
    known |= {each.student for each in gathered.troubles}
    if student in known:
        return True
    near = get_close_matches(student, known, n=3, cutoff=0.4)
    advice = f"Did you mean: {', '.join(near)}?" if near else f"See {gathered.folder}."
    raise GradingError(f"Nobody named {student!r} handed anything in. {advice}")


def _span(
    place: Place, given: timedelta | datetime | None, due: Mapping[str, datetime | None]
) -> timedelta:
    """Return how much longer a student has than others."""
    student, lesson = place
    if given is None:
        return timedelta()
    if isinstance(given, datetime):
        until = due.get(lesson)
        if until is None:
            raise GradingError(
                f"{lesson} has no due date, so {student} cannot have until {shown_time(given)}. "
                f"Say when it is due too: --due {lesson}=2026-12-01T23:59"
            )
        given = given - until
    if given <= timedelta():
        raise GradingError(
            f"An extension for {student} has to end after {lesson} is due. "
            f"Take one back with --extension {student}/{lesson}=none"
        )
    return given


def notes_on(journal: Journal) -> tuple[str, ...]:
    """Return notes on what was said about files that are not there, a sentence each."""
    notes = []
    if journal.gone:
        names = sorted({student for student, _ in journal.gone})
        notes.append(
            f"These students' folders are gone; their results are kept: {', '.join(names[:5])}"
            f"{f' and {len(names) - 5} more' if len(names) > 5 else ''}. To take somebody out: "
            f"--forget {names[0]!r}"
        )
    for what, places in (("time", journal.times), ("extension", journal.extensions)):
        if places:
            notes.append(
                f"Kept for later, until something that can be graded arrives: the {what} of "
                f"{listed(places)}."
            )
    lessons = {lesson for _, lesson in journal.extensions} - {
        lesson for lesson, due in journal.due.items() if due is not None
    }
    if lessons:
        notes.append(
            f"An extension counts from a due date, and {', '.join(sorted(lessons))} has none. "
            f"Say when it is due: --due {min(lessons)}=2026-12-01"
        )
    return tuple(notes)
