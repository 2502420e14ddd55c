"""The journal's index: which line has which result; it's read from there when it's asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from sys import intern
from typing import Any

from grader.grading.hand_in_times import Place
from grader.grading.result import Result, Run, result_from_json, result_to_json

Json = Any


@dataclass(frozen=True)
class Entry:
    """Hold one result with its key, and how it was found."""

    key: str
    result: Result
    run: Run

    @property
    def place(self) -> Place:
        """Return student and lesson."""
        return self.result.student, self.result.lesson


class Entries:
    """Find results by key or by file, and know which a gradebook and a page show.

    read: returns the line at a place in the journal. A class of 45,000 takes about 35 MB here,
    however much its results hold.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._at: dict[str, tuple[int, Place]] = {}
        self._latest: dict[tuple[str, str, str], str] = {}
        self._written: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._page: dict[Place, tuple[str, str]] = {}
        self._last: Entry | None = None

    def __contains__(self, key: str) -> bool:
        """Return whether there is a result with a key."""
        return key in self._at

    def find(self, key: str) -> Entry | None:
        """Return the entry with a key, or None if there is none yet."""
        if key not in self._at:
            return None
        # What counts is asked for several times in a row.
        if self._last is None or self._last.key != key:
            self._last = entry_from_json(json.loads(self._read(self._at[key][0])))
        return self._last

    def of_file(self, place: Place, digest: str) -> Entry | None:
        """Return the latest result of a file, or None."""
        key = self._latest.get((*place, digest))
        return None if key is None else self.find(key)

    def line_of(self, place: Place, digest: str) -> int | None:
        """Return where the line of a file's latest result begins, or None if it has none."""
        key = self._latest.get((*place, digest))
        return None if key is None else self._at[key][0]

    def note(self, key: str, place: Place, digest: str, at: int) -> None:
        """Note where the line of a result begins, and make it the current one of its file."""
        self._at[intern(key)] = at, (intern(place[0]), intern(place[1]))
        self.use(key, place, digest)

    def place_of(self, key: str) -> Place:
        """Return student and lesson of a result; raises KeyError if there is none with this key."""
        return self._at[key][1]

    def use(self, key: str, place: Place, digest: str) -> None:
        """Make a result the current one of its file."""
        self._latest[intern(place[0]), intern(place[1]), intern(digest)] = intern(key)

    def written_to(self, place: Place, gradebook: str) -> Entry | None:
        """Return the result last written to a gradebook, known by its digest, for a place."""
        written = self._written.get((*place, gradebook))
        return None if written is None else self.find(written[0])

    def is_written(self, entry: Entry, gradebook: str, shown: str) -> bool:
        """Return whether a gradebook, known by its digest, last got a result as `shown`."""
        return self._written.get((*entry.place, gradebook)) == (entry.key, shown)

    def is_on_page(self, entry: Entry, shown: str) -> bool:
        """Return whether the feedback page was last written from a result as `shown`."""
        return self._page.get(entry.place) == (entry.key, shown)

    def mark(self, key: str, place: Place, gradebook: str, shown: str) -> None:
        """Note that a gradebook, known by its digest, and the page have a result as `shown`."""
        student, lesson = intern(place[0]), intern(place[1])
        said = intern(key), shown
        self._written[student, lesson, intern(gradebook)] = said
        self._page[student, lesson] = said

    def forget(self, student: str) -> None:
        """Forget what a student's pages show."""
        for place in [each for each in self._page if each[0] == student]:
            del self._page[place]


def entry_to_json(entry: Entry) -> Json:
    """Return an entry as a line of the journal holds it."""
    return {"key": entry.key, "result": result_to_json(entry.result), "run": asdict(entry.run)}


def entry_from_json(written: Json) -> Entry:
    """Return what `entry_to_json` wrote."""
    run = Run(written["run"]["level"], written["run"]["seconds"])
    return Entry(written["key"], result_from_json(written["result"]), run)


def first_seen_of(written: Json) -> datetime | None:
    """Return when the file of an entry was first seen, which only version 1 says there."""
    at = written.get("handed_in")
    return None if at is None else datetime.fromisoformat(at)
