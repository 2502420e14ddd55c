"""The students of a class, and how to find one by what a system or a file calls them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from grader.grading.hand_in_times import Place

Kind = Literal["", "canvas", "moodle"]
"""Whose export a roster is: Canvas's gradebook, Moodle's grading worksheet, or anything else."""


@dataclass(frozen=True)
class Enrolled:
    """Hold one student of a roster.

    student: the id here, which names the folder. name: for people, such as Jane Doe. Each of the
    others is as a system has it, "" if the roster does not say: sortable, such as Doe, Jane;
    number, the school's own; canvas, Canvas's id; participant, Moodle's number in one assignment;
    handed_in, when Moodle says that was handed in. line: where it stands in the file.
    """

    student: str
    name: str = ""
    sortable: str = ""
    login: str = ""
    email: str = ""
    number: str = ""
    canvas: str = ""
    participant: str = ""
    github: str = ""
    section: str = ""
    handed_in: str = ""
    line: int = 0

    @property
    def shown(self) -> str:
        """Return name and id for people."""
        return f"{self.name} ({self.student})" if self.name not in ("", self.student) else self.name

    @property
    def first_and_last(self) -> tuple[str, str]:
        """Return first and last names; the last word of a name is taken for the last one."""
        last, comma, first = self.sortable.partition(",")
        if not comma:
            first, _, last = self.name.rpartition(" ")
        return first.strip(), last.strip()

    def exact(self) -> Iterator[str]:
        """Yield what names this student and nobody else."""
        local, at, _ = self.email.partition("@")
        for each in (self.student, self.login, self.email, self.number, self.github):
            if each:
                yield folded(each)
        if at:
            yield folded(local)

    def names(self) -> Iterator[str]:
        """Yield the forms that the name takes in downloads, which others may share."""
        last, comma, first = self.sortable.partition(",")
        spoken = f"{first.strip()} {last.strip()}" if comma else self.name
        for each in (self.name, self.sortable, spoken, _reversed(self.name)):
            yield from squashed(each)


@dataclass(frozen=True)
class Roster:
    """Hold a class, in the order of its file.

    name: the file's. columns: under which title the file has a lesson's grades. excused: who is
    excused from which lesson. table: all cells of the file, the header first.
    """

    people: tuple[Enrolled, ...]
    name: str = "the roster"
    kind: Kind = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    excused: frozenset[Place] = frozenset()
    table: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        """Return how many students there are."""
        return len(self.people)

    def __contains__(self, student: object) -> bool:
        """Return whether there is a student of this id."""
        return student in self._by_id

    def get(self, student: str) -> Enrolled | None:
        """Return the student of this id, or None."""
        return self._by_id.get(student)

    def shown(self, student: str) -> str:
        """Return a student's name and id for people, or the id alone."""
        found = self._by_id.get(student)
        return found.shown if found and found.shown else student

    def by_canvas(self, number: str) -> Enrolled | None:
        """Return the student whom Canvas knows by a number, or None."""
        return self._by_canvas.get(number)

    def by_participant(self, number: str) -> Enrolled | None:
        """Return the student whom Moodle knows by a number in this assignment, or None."""
        return self._by_participant.get(number)

    def find(self, word: str) -> tuple[Enrolled, ...]:
        """Return whom a word may mean: one student by id, login or e-mail, or all of a name."""
        found = self._exact.get(folded(word))
        if found:
            return found
        alike = {each for form in squashed(word) for each in self._by_name.get(form, ())}
        return tuple(each for each in self.people if each in alike)

    @cached_property
    def _by_id(self) -> Mapping[str, Enrolled]:
        return {each.student: each for each in self.people}

    @cached_property
    def _by_canvas(self) -> Mapping[str, Enrolled]:
        return {each.canvas: each for each in self.people if each.canvas}

    @cached_property
    def _by_participant(self) -> Mapping[str, Enrolled]:
        return {each.participant: each for each in self.people if each.participant}

    @cached_property
    def _exact(self) -> Mapping[str, tuple[Enrolled, ...]]:
        return _grouped((form, each) for each in self.people for form in each.exact())

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Enrolled, ...]]:
        return _grouped((form, each) for each in self.people for form in each.names())


def folded(text: str) -> str:
    """Return a form that is equal for texts that differ in case, or in how letters are stored."""
    return unicodedata.normalize("NFC", text.strip().casefold())


def squashed(text: str) -> frozenset[str]:
    """Return the forms of a name with letters and digits alone, such as doejane for Doe, Jane.

    Systems treat letters beyond ASCII in three ways: they keep them, drop them or drop their
    accents. A name has all three forms, unless one of them is empty.
    """
    whole = unicodedata.normalize("NFC", text.casefold())
    kept = "".join(filter(str.isalnum, whole))
    dropped = "".join(filter(str.isascii, kept))
    apart = unicodedata.normalize("NFD", whole)
    plain = "".join(each for each in apart if each.isalnum() and each.isascii())
    return frozenset({kept, plain} | ({dropped} if len(dropped) > 2 else set())) - {""}


def _reversed(name: str) -> str:
    """Return a name with its last word first, as lists are sorted."""
    first, _, last = name.rpartition(" ")
    return f"{last} {first}"


def _grouped(pairs: Iterable[tuple[str, Enrolled]]) -> Mapping[str, tuple[Enrolled, ...]]:
    found: dict[str, dict[Enrolled, None]] = {}
    for form, each in pairs:
        found.setdefault(form, {})[each] = None
    return {form: tuple(each) for form, each in found.items()}
