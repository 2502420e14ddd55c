"""The journal: every result as soon as it is found, on disk before anything else happens to it.

Results stay there: of each, memory holds only where its line begins. One JSON object a line. The
first names the class's seed; a result's line has its key. If a crash tears a line, `LineFile` cuts
it off, and its submission is graded again.

    {"journal": 2, "seed": "…"}
    {"seen": ["ada", "03_tool_use", "digest"], "at": time, "stamped": …, "given": …, "remark": ""}
    {"key": "…", "result": {…}, "run": {…}}
    {"written": "key", "gradebook": "…", "as": "…"}    the gradebook and the page show it as that
    {"due": {"03_tool_use": "2026-12-01T22:59:59+00:00"}}    null: it's no longer due
    {"attempts": "best"}, {"late_penalty": "10%/day"}    what was said last
    {"times": [["ada", "03_tool_use", time]]}    given before the file was seen; null: used
    {"extensions": [["ada", "03_tool_use", seconds]]}    not in the gradebook yet; null: it is
    {"troubles": [["eve", "03_tool_use", sentence, digest]]}    everything without a result now
    {"gone": [["ada", "03_tool_use"]]}    places with nothing in the folder now
    {"forgotten": "ada"}    the lines above about this student no longer count

Version 1 had "handed_in" in a result's line, which is when the file was first seen, and "due" for
"as". Both versions are read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.errors import GradingError
from grader.grading.entries import Entries, Entry, entry_to_json, first_seen_of
from grader.grading.hand_in_times import HandIn, Place
from grader.grading.keys import digest_of
from grader.grading.result import canonical
from grader.grading.whole_file import LineFile

__all__ = ["Entry", "Journal", "NoResult"]

Json = Any

_VERSION = 2
_READ = (1, 2)
_READ_TIME = datetime.fromisoformat


@dataclass(frozen=True)
class NoResult:
    """Say why what lies in a place now has no result."""

    student: str
    lesson: str
    sentence: str
    digest: str = ""


class Journal:
    """Append results to a file, and look up those that are in it.

    seed: draws the class's fresh data; once chosen, it stays. Use as a context manager.
    """

    def __init__(self, path: Path, *, seed: str | None = None) -> None:
        """Open a journal, or begin one; raises GradingError when the file is something else."""
        self._path = path
        self._file = LineFile(path)
        self._entries = Entries(self._file.line_at)
        self._tries: dict[Place, dict[str, HandIn]] = {}
        self._due: dict[str, datetime | None] = {}
        self._times: dict[Place, datetime] = {}
        self._extensions: dict[Place, timedelta] = {}
        self.troubles: tuple[NoResult, ...] = ()
        self.gone: frozenset[Place] = frozenset()
        self.attempts = ""
        self.late_penalty = ""
        found = self._read()
        if found is not None and seed not in (None, found):
            raise GradingError(
                f"{path} was begun with the seed {found}, and a class keeps its seed. "
                "Leave --seed out, or choose another folder with --out."
            )
        self._file.open()
        self.seed: str = found or seed or os.urandom(8).hex()
        if found is None:
            self._append({"journal": _VERSION, "seed": self.seed})

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __contains__(self, key: str) -> bool:
        """Return whether there is a result with a key."""
        return key in self._entries

    def find(self, key: str) -> Entry | None:
        """Return the entry with a key, or None if there is none yet."""
        with self._as_written():
            return self._entries.find(key)

    def use(self, key: str, place: Place, digest: str) -> None:
        """Make a known result the current one of its file."""
        self._entries.use(key, place, digest)

    def add(self, entry: Entry) -> None:
        """Append a result; once this returns, the result survives a crash of the machine."""
        at = self._append(entry_to_json(entry))
        self._entries.note(entry.key, entry.place, entry.result.digest, at)

    @property
    def places(self) -> Iterable[Place]:
        """Return every student and lesson with a file that was ever seen."""
        return self._tries.keys()

    def tries(self, place: Place) -> Mapping[str, HandIn]:
        """Return a student's files of a lesson by digest, the newest last."""
        return self._tries.get(place, {})

    def newest(self, place: Place) -> str:
        """Return the digest of the file last seen in a place, or ""."""
        return next(reversed(self._tries.get(place, {})), "")

    def entry_of(self, place: Place, digest: str) -> Entry | None:
        """Return the latest result of a file, or None."""
        with self._as_written():
            return self._entries.of_file(place, digest)

    def line_of(self, place: Place, digest: str) -> int | None:
        """Return where the line of a file's latest result begins, or None if it has none."""
        return self._entries.line_of(place, digest)

    def see(
        self,
        place: Place,
        digest: str,
        *,
        at: datetime,
        stamped: datetime | None = None,
        remark: str = "",
    ) -> None:
        """Note that a file is in a place now, and keep the earliest time at which it was seen.

        stamped: by its timestamp.txt. remark: on that, and on what lies beside it. If a time was
        given for the place, the file gets it.
        """
        known = self._tries.get(place, {})
        before = known.get(digest)
        first = min(at, before.first_seen) if before else at
        given = self._times.get(place) or (before.given if before else None)
        now = HandIn(first, stamped, given, remark)
        if before == now and self.newest(place) == digest:
            self._times.pop(place, None)
            return
        self._append_seen(place, digest, now)

    def _append_seen(self, place: Place, digest: str, now: HandIn) -> None:
        self._append(
            {
                "seen": [*place, digest],
                "at": now.first_seen.isoformat(),
                "stamped": _or_none(now.stamped),
                "given": _or_none(now.given),
                "remark": now.remark,
            },
            # The next line brings it to disk; if it is lost alone, the file is seen again.
            is_kept_at_once=False,
        )
        self._note(place, digest, now)

    def keep_times(self, times: Mapping[Place, datetime | None]) -> None:
        """Remember the hand-in times of the files that are seen next in these places.

        None takes back what was said about the file seen last, and about the next one.
        """
        said = {place: when for place, when in times.items() if when is not None}
        if said:
            self._append({"times": [[*place, when.isoformat()] for place, when in said.items()]})
            self._times.update(said)
        for place in times.keys() - said.keys():
            self.drop_time(place)
            digest = self.newest(place)
            if digest and self._tries[place][digest].given:
                known = self._tries[place][digest]
                self._append_seen(place, digest, replace(known, given=None))

    def drop_time(self, place: Place) -> None:
        """Forget the time of a file that cannot be read: it isn't that of the next one."""
        if place in self._times:
            self._append({"times": [[*place, None]]})
            del self._times[place]

    @property
    def times(self) -> Mapping[Place, datetime]:
        """Return the times given for files that have not been seen yet."""
        return self._times

    @property
    def due(self) -> Mapping[str, datetime | None]:
        """Return when lessons are due, as last said; None: taken back."""
        return self._due

    def keep_due(self, due: Mapping[str, datetime | None]) -> None:
        """Remember when these lessons are due; others stay as they are."""
        nothing = object()
        new = {name: when for name, when in due.items() if self._due.get(name, nothing) != when}
        if new:
            self._append({"due": {lesson: _or_none(when) for lesson, when in new.items()}})
            self._due.update(new)

    def keep_attempts(self, attempts: str) -> None:
        """Remember which of several tries counts."""
        if attempts != self.attempts:
            self._append({"attempts": attempts})
            self.attempts = attempts

    def keep_late_penalty(self, rule: str) -> None:
        """Remember what lateness costs; "": nothing."""
        if rule != self.late_penalty:
            self._append({"late_penalty": rule})
            self.late_penalty = rule

    @property
    def extensions(self) -> Mapping[Place, timedelta]:
        """Return the extensions that wait for the gradebook; a zero one is to be taken back."""
        return self._extensions

    def keep_extensions(self, extensions: Mapping[Place, timedelta]) -> None:
        """Remember extensions until the gradebook has them."""
        if extensions:
            told = [[*place, span.total_seconds()] for place, span in extensions.items()]
            self._append({"extensions": told})
            self._extensions.update(extensions)

    def drop_extension(self, place: Place) -> None:
        """Forget an extension that the gradebook has now."""
        if place in self._extensions:
            self._append({"extensions": [[*place, None]]})
            del self._extensions[place]

    def keep_troubles(self, troubles: tuple[NoResult, ...]) -> None:
        """Remember all that has no result now."""
        if troubles != self.troubles:
            rows = [[each.student, each.lesson, each.sentence, each.digest] for each in troubles]
            self._append({"troubles": rows})
            self.troubles = troubles

    def keep_gone(self, gone: frozenset[Place]) -> None:
        """Remember the places with nothing in the folder now."""
        if gone != self.gone:
            self._append({"gone": sorted(map(list, gone))})
            self.gone = gone

    def forget(self, student: str) -> None:
        """Stop counting everything that was seen of a student."""
        self._append({"forgotten": student})
        self._forget(student)

    def written_to(self, place: Place, gradebook: str) -> Entry | None:
        """Return the result last written to a gradebook, known by its URL, for a place."""
        with self._as_written():
            return self._entries.written_to(place, _book(gradebook))

    def is_written(self, entry: Entry, gradebook: str, shown: str) -> bool:
        """Return whether a gradebook, known by its URL, last got a result as `shown`."""
        return self._entries.is_written(entry, _book(gradebook), shown)

    def is_on_page(self, entry: Entry, shown: str) -> bool:
        """Return whether the feedback page was last written from a result as `shown`."""
        return self._entries.is_on_page(entry, shown)

    def mark_written(self, entry: Entry, gradebook: str, shown: str) -> None:
        """Note that a gradebook, known by its URL, and the page have a result as `shown`."""
        self._append({"written": entry.key, "gradebook": _book(gradebook), "as": shown})
        self._entries.mark(entry.key, entry.place, _book(gradebook), shown)

    def _forget(self, student: str) -> None:
        for held in (self._tries, self._times, self._extensions):
            for place in [each for each in held if each[0] == student]:
                del held[place]
        self._entries.forget(student)
        self.gone = frozenset(each for each in self.gone if each[0] != student)

    def _note(self, place: Place, digest: str, now: HandIn) -> None:
        known = self._tries.setdefault(place, {})
        known.pop(digest, None)
        known[digest] = now
        if now.given and self._times.get(place) == now.given:
            del self._times[place]

    def _append(self, value: Json, *, is_kept_at_once: bool = True) -> int:
        return self._file.append(canonical(value).encode(), is_kept_at_once=is_kept_at_once)

    def _read(self) -> str | None:
        """Read the file's lines, and return its seed, or None if it is empty."""
        with self._as_written():
            seed = None
            for at, line in self._file.read():
                value = json.loads(line)
                if seed is None:
                    seed = self._seed_in(value)
                else:
                    self._take(value, at)
            return seed

    @contextmanager
    def _as_written(self) -> Iterator[None]:
        """Say in words that the file is something else than we wrote."""
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise GradingError(
                f"{self._path} is not a journal of `grader grade`, or was changed by hand "
                f"({error}). Move it away to grade everything again."
            ) from error

    @staticmethod
    def _seed_in(value: Json) -> str:
        if value["journal"] not in _READ:
            raise ValueError(f"version {value['journal']} instead of {_VERSION}")
        return str(value["seed"])

    def _take(self, value: Json, at: int) -> None:
        if "seen" in value:
            *place, digest = value["seen"]
            now = HandIn(
                _READ_TIME(value["at"]),
                _read_or_none(value["stamped"]),
                _read_or_none(value["given"]),
                str(value["remark"]),
            )
            self._note((place[0], place[1]), digest, now)
        elif "key" in value:
            self._take_result(value, at)
        elif "written" in value:
            place = self._entries.place_of(value["written"])
            shown = str(value.get("as", ""))
            self._entries.mark(value["written"], place, value["gradebook"], shown)
        elif "due" in value:
            self._due.update((name, _read_or_none(when)) for name, when in value["due"].items())
        elif "attempts" in value:
            self.attempts = str(value["attempts"])
        elif "late_penalty" in value:
            self.late_penalty = str(value["late_penalty"])
        elif "troubles" in value:
            self.troubles = tuple(NoResult(*each) for each in value["troubles"])
        elif "forgotten" in value:
            self._forget(value["forgotten"])
        elif "gone" in value:
            self.gone = frozenset((student, lesson) for student, lesson in value["gone"])
        elif "times" in value:
            _update(self._times, value["times"], _READ_TIME)
        else:
            _update(self._extensions, value["extensions"], lambda each: timedelta(seconds=each))

    def _take_result(self, value: Json, at: int) -> None:
        place = str(value["result"]["student"]), str(value["result"]["lesson"])
        digest = str(value["result"]["digest"])
        self._entries.note(str(value["key"]), place, digest, at)
        seen = first_seen_of(value)
        if seen is not None:
            before = self.tries(place).get(digest)
            first = min(seen, before.first_seen) if before else seen
            self._note(place, digest, HandIn(first))


def known_seed(path: Path) -> str:
    """Return the seed of the class whose journal this is, "" if there is none."""
    try:
        with path.open(encoding="utf-8") as file:
            return str(json.loads(file.readline())["seed"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _update(held: dict[Place, Any], rows: Json, read: Any) -> None:
    for student, lesson, value in rows:
        if value is None:
            held.pop((student, lesson), None)
        else:
            held[student, lesson] = read(value)


def _or_none(when: datetime | None) -> str | None:
    # In the zone in which it was given: people read it that way.
    return None if when is None else when.isoformat()


def _read_or_none(written: str | None) -> datetime | None:
    return None if written is None else _READ_TIME(written)


def _book(url: str) -> str:
    # The URL may hold a password.
    return digest_of(url.encode())
