"""Look at every file of the downloads, and tell what was handed in from what is left, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.folders import NOTEBOOK
from grader.grading.hand_in_times import TIMESTAMP, Place, read_moment
from grader.grading.intake.clues import (
    CANVAS,
    CLONES,
    EXCHANGE,
    FOLDERS,
    MOODLE,
    Clue,
    Clues,
    stem_of,
)
from grader.grading.intake.walking import Item, Walk, is_other_archive
from grader.grading.intake.which_lesson import NotebookReader, Read
from grader.grading.intake.who import Named, who_is
from grader.grading.roster import Roster
from grader.look.inert import visible

_SHEET = "cheat_sheet"
_ENDS = (NOTEBOOK, ".ipynb.json", ".ipynb.txt")
_OUR_OWN = frozenset({TIMESTAMP, "submission_secret.txt"})
_MOST_TIME = 200
_MARK = b'"nbformat"'
_PROGRAMS = "left behind by a program, such as __MACOSX or .ipynb_checkpoints"
_NO_NOTEBOOK = "not a notebook"


@dataclass(frozen=True)
class HandedIn:
    """Hold one notebook that somebody handed in.

    at: when, with a zone, None if nothing says it. notes: what to know about it. read: what its
    bytes say.
    """

    student: str
    lesson: str
    item: Item
    clue: Clue
    read: Read
    at: datetime | None = None
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Return student and lesson."""
        return self.student, self.lesson


@dataclass(frozen=True)
class Left:
    """Hold a file that is left where it is, and why; is_trouble: whether a person has to look."""

    shown: str
    reason: str
    is_trouble: bool = True


@dataclass(frozen=True)
class Looked:
    """Hold all that was found; it can be read until the walk ends."""

    handed_in: tuple[HandedIn, ...]
    left: tuple[Left, ...]


def look_into(
    walk: Walk,
    lessons: Sequence[Lesson],
    course: Path,
    *,
    roster: Roster | None = None,
    lesson: str = "",
    student: str = "",
    on_read: Callable[[], object] = lambda: None,
) -> Looked:
    """Return what the downloads of a walk hold.

    course: the repository. lesson: the one to take, or "" for all; it also names those that
    nothing else names. student: whose all of it is, if that is known. on_read: called after each
    file that was read.
    Raises GradingError for a download that is not there or torn.
    """
    return _Looking(lessons, course, roster, lesson, student).look(walk, on_read)


class _Looking:
    def __init__(
        self,
        lessons: Sequence[Lesson],
        course: Path,
        roster: Roster | None,
        lesson: str,
        student: str,
    ) -> None:
        self._names = {each.name for each in lessons}
        self._reader = NotebookReader(lessons, course)
        self._roster = roster
        self._lesson = lesson
        self._student = student
        self._left: list[Left] = []
        self._others: list[Item] = []

    def look(self, walk: Walk, on_read: Callable[[], object]) -> Looked:
        """Read while walking: what a walk counts against bombs is what it reads."""
        items: list[tuple[Item, Read]] = []
        stamps: dict[tuple[str, ...], datetime] = {}
        for item in walk.items():
            read = self._read(item, stamps)
            if read is not None:
                items.append((item, read))
                on_read()
        clues = Clues([item for item, _ in items], self._others)
        found = list(self._known(items, clues, stamps))
        self._leave_others(clues, {each.student for each in found})
        return Looked(tuple(self._without_namesakes(found)), tuple(self._left))

    def _leave(self, item: Item, reason: str, *, is_trouble: bool = True) -> None:
        self._left.append(Left(item.shown, reason, is_trouble))

    def _read(self, item: Item, stamps: dict[tuple[str, ...], datetime]) -> Read | None:
        """Return what a file says; None if it is left, or is a time."""
        name = item.parts[-1]
        if item.is_leftover:
            self._leave(item, _PROGRAMS, is_trouble=False)
        elif item.objection:
            self._leave(item, item.objection)
        elif name in _OUR_OWN:
            # A student's archive could hold one: only a folder of nbgrader's own is believed.
            if name == TIMESTAMP and not item.archives and item.clone < 0:
                self._stamp(item, stamps)
        elif name.casefold().endswith(_ENDS):
            return self._read_notebook(item)
        elif item.clone < 0 and _may_be_a_notebook(name):
            return self._read_notebook(item, is_sure=False)
        elif is_other_archive(name):
            self._leave(item, "an archive that is no zip. Unpack it, and collect again.")
        else:
            self._others.append(item)
        return None

    def _read_notebook(self, item: Item, *, is_sure: bool = True) -> Read | None:
        """Return what a file says; is_sure: whether its name says that it is a notebook."""
        try:
            data = item.read()
        except GradingError as error:
            self._leave(item, str(error))
            return None
        if not is_sure and not (data.lstrip().startswith(b"{") and _MARK in data):
            self._others.append(item)
            return None
        return self._reader.read(visible(item.parts[-1]), data)

    def _leave_others(self, clues: Clues, students: set[str]) -> None:
        """Leave what is no notebook; who handed in nothing else has to be asked again."""
        for item in self._others:
            clue = clues.of(item)
            # In a folder of any other kind a file may be nobody's.
            is_somebodys = clue.system in (CANVAS, MOODLE, EXCHANGE) or self._roster is not None
            who = who_is(clue, self._roster).student if is_somebodys else ""
            if who and who not in students:
                reason = f"{_NO_NOTEBOOK}, and {visible(who)} handed in no other. Ask for theirs."
                self._leave(item, reason)
            else:
                self._leave(item, _NO_NOTEBOOK, is_trouble=False)

    def _stamp(self, item: Item, stamps: dict[tuple[str, ...], datetime]) -> None:
        try:
            text = item.read()[:_MOST_TIME].decode("utf-8-sig").strip()
        except (GradingError, UnicodeDecodeError):
            return
        when = read_moment(text)
        if when is not None:
            stamps[item.parts[:-1]] = when

    def _known(
        self,
        items: Iterable[tuple[Item, Read]],
        clues: Clues,
        stamps: dict[tuple[str, ...], datetime],
    ) -> Iterator[HandedIn]:
        for item, read in items:
            clue = clues.of(item)
            reason = self._not_handed_in(item, read, clue)
            if reason:
                self._leave(item, reason, is_trouble=False)
                continue
            lesson = read.lesson or clue.lesson or self._lesson
            if not lesson:
                self._leave(item, read.trouble or "nothing in it, nor its name, says which lesson.")
                continue
            if self._lesson and lesson != self._lesson:
                self._leave(
                    item, f"it is of {lesson}, and --lesson asks for another one", is_trouble=False
                )
                continue
            named = Named(self._student) if self._student else who_is(clue, self._roster)
            if not named.student:
                self._leave(item, named.objection)
                continue
            at = clue.at or named.at or self._stamped(item, clue, stamps)
            yield HandedIn(
                named.student, lesson, item, clue, read, at, tuple(_notes(read, clue, lesson))
            )

    def _stamped(
        self, item: Item, clue: Clue, stamps: dict[tuple[str, ...], datetime]
    ) -> datetime | None:
        return stamps.get(item.parts[:-1]) if clue.system == FOLDERS else None

    def _not_handed_in(self, item: Item, read: Read, clue: Clue) -> str:
        """Return why a notebook of the course is no student's work, or ""."""
        if stem_of(item.parts[-1]).startswith(_SHEET):
            return "the cheat sheet is not graded"
        if clue.system != CLONES and len(item.parts) < 4:
            return ""
        # What comes with every clone of the course.
        if read.is_solution and "solutions" in item.parts[:-1]:
            return "the course's own solution"
        if read.is_untouched and clue.system == CLONES and not self._student:
            return "as the course gives it: nothing was done in it"
        return ""

    def _without_namesakes(self, found: Sequence[HandedIn]) -> Iterator[HandedIn]:
        """Yield all but those of students whom Moodle tells apart, and a name alone does not."""
        numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for each in found:
            if each.clue.system == MOODLE and self._roster is None and not self._student:
                numbers[each.item.parts[0], each.student].add(each.clue.number)
        for each in found:
            if len(numbers.get((each.item.parts[0], each.student), ())) > 1:
                reason = (
                    f"several students are named {visible(each.student)}. Give Moodle's grading "
                    "worksheet as the roster: it has their numbers."
                )
                self._leave(each.item, reason)
            else:
                yield each


def _may_be_a_notebook(name: str) -> bool:
    """Return whether a file may be a notebook under another name: browsers add and drop endings."""
    _, dot, end = name.rpartition(".")
    return not dot or end.casefold() in ("json", "txt") or " " in end


def _notes(read: Read, clue: Clue, lesson: str) -> Iterator[str]:
    if read.lesson and clue.lesson and clue.lesson != lesson:
        yield f"its name says {clue.lesson}, its cells {lesson}"
    if clue.is_late:
        yield f"{clue.system} calls it late"
    if read.trouble:
        yield f"it cannot be graded: {read.trouble}"
    elif read.is_untouched:
        yield "nothing was done in it"
