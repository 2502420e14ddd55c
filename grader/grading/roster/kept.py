"""A class's roster, kept beside its results, and what counts for who handed in nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from grader.errors import GradingError
from grader.grading.roster.people import Enrolled, Roster
from grader.grading.roster.reading import roster_from_table, table_of
from grader.grading.whole_file import write_whole

Missing = Literal["missing", "0"]
ZERO: Missing = "0"
MISSING: tuple[Missing, ...] = ("missing", ZERO)
"""What counts for who handed in nothing: no result at all, or 0 points."""

_NAME = "roster.json"
_VERSION = 1
_MOST_NAMED = 5


@dataclass(frozen=True)
class ClassList:
    """Hold who is in a class; missing: what counts for who handed in nothing, of MISSING."""

    roster: Roster | None = None
    missing: Missing = "missing"

    def shown(self, student: str) -> str:
        """Return a student's name and id for people, or the id alone."""
        return self.roster.shown(student) if self.roster else student

    def name_of(self, student: str) -> str:
        """Return a student's name, or ""."""
        found = self.roster.get(student) if self.roster else None
        return found.name if found else ""

    def section_of(self, student: str) -> str:
        """Return a student's section, or ""."""
        found = self.roster.get(student) if self.roster else None
        return found.section if found else ""

    def strangers(self, students: Iterable[str]) -> tuple[str, ...]:
        """Return a sentence about students who are not in the roster, if there are any."""
        if self.roster is None:
            return ()
        found = sorted({each for each in students if each and each not in self.roster})
        if not found:
            return ()
        more = len(found) - _MOST_NAMED
        rest = f" and {more} more" if more > 0 else ""
        sentence = (
            f"Not in {self.roster.name}, so in no file for Canvas or Moodle: "
            f"{', '.join(found[:_MOST_NAMED])}{rest}. Rename their folders to a login of the "
            "roster, or add them to it."
        )
        return (sentence,)

    def without(self, students: Iterable[str]) -> tuple[Enrolled, ...]:
        """Return who of the roster is not among these students."""
        here = set(students)
        return tuple(
            each for each in (self.roster.people if self.roster else ()) if each.student not in here
        )


def read_class_list(folder: Path) -> ClassList:
    """Return what is remembered in a folder of results; raises GradingError if it is broken."""
    path = folder / _NAME
    if not path.is_file():
        return ClassList()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        missing, text = told["missing"], told["text"]
        if told["roster"] != _VERSION or missing not in MISSING:
            raise ValueError("it is from another version")
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise GradingError(
            f"{path} cannot be read ({error}). Remove it, and give the roster again: --roster CSV"
        ) from error
    roster = roster_from_table(table_of(text, told["name"]), told["name"]) if text else None
    return ClassList(roster, missing)


def keep_class_list(
    folder: Path, roster: Roster | None = None, *, missing: str | None = None
) -> ClassList:
    """Remember a roster and what counts for who is missing; return what holds now.

    What is None stays as it was. Raises GradingError for a word that is not one of MISSING.
    """
    before = read_class_list(folder)
    now = replace(before, roster=roster or before.roster)
    if missing is not None:
        found = next((each for each in MISSING if each == missing), None)
        if found is None:
            raise GradingError(
                f"{missing!r} is not what a missing submission can count as. Give one of "
                f"{', '.join(MISSING)}."
            )
        now = replace(now, missing=found)
    if now != before:
        text = io.StringIO()
        csv.writer(text).writerows(now.roster.table if now.roster else ())
        told = {
            "roster": _VERSION,
            "name": now.roster.name if now.roster else "",
            "missing": now.missing,
            "text": text.getvalue(),
        }
        # It holds names and e-mail addresses.
        write_whole(folder / _NAME, (json.dumps(told, indent=1) + "\n").encode(), mode=0o600)
    return now
