"""The journal: every result as soon as it is found, on disk before anything else is done with it.

One JSON object a line. The first names the class's seed; a result's line has its key. A line that
was torn by a crash is cut off when the journal is opened again, and its submission graded anew.

    {"journal": 1, "seed": "…"}
    {"key": "…", "result": {…}, "run": {…}, "handed_in": "2026-11-28T20:00:00+00:00"}
    {"written": "…", "gradebook": "…", "due": ""}    the result of this key is in that gradebook
    {"due": {"03_tool_use": "2026-12-01T22:59:59+00:00"}}    when lessons have to be handed in
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from grader.errors import GradingError
from grader.grading.keys import digest_of
from grader.grading.result import Result, Run, canonical, result_from_json, result_to_json

Json = Any

_VERSION = 1


@dataclass(frozen=True)
class Entry:
    """Hold one result with its key, how it was found, and when its submission was handed in."""

    key: str
    result: Result
    run: Run
    handed_in: datetime


class Journal:
    """Append results to a file, and know those that are in it.

    seed: what draws the class's fresh data; once chosen it stays. Use as a context manager.
    """

    def __init__(self, path: Path, *, seed: str | None = None) -> None:
        """Open a journal, or begin one; raises GradingError when the file is something else."""
        self._path = path
        self._entries: dict[str, Entry] = {}
        self._written: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._due: dict[str, datetime] = {}
        found = self._read()
        if found is not None and seed not in (None, found):
            raise GradingError(
                f"{path} was begun with the seed {found}, and a class keeps its seed. "
                "Leave --seed out, or choose another folder with --out."
            )
        self._file: IO[bytes] = open(path, "ab")  # noqa: SIM115 - closed by __exit__
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

    def find(self, key: str) -> Entry | None:
        """Return the result of a key, None where it has not been found yet."""
        return self._entries.get(key)

    @property
    def due(self) -> Mapping[str, datetime]:
        """Return when lessons have to be handed in, as it was last said."""
        return self._due

    def keep_due(self, due: Mapping[str, datetime]) -> None:
        """Remember when lessons have to be handed in; others stay as they are."""
        new = {lesson: when for lesson, when in due.items() if self._due.get(lesson) != when}
        if new:
            self._append({"due": {lesson: _time(when) for lesson, when in new.items()}})
            self._due.update(new)

    def is_written(self, entry: Entry, gradebook: str) -> bool:
        """Tell whether a result is what a gradebook, known by its URL, was last given for it.

        When the lesson is due belongs to that: what is late depends on it.
        """
        place = _place(entry, digest_of(gradebook.encode()))
        return self._written.get(place) == (entry.key, self._due_of(entry))

    def add(self, entry: Entry) -> None:
        """Append a result; when this returns it outlives a crash of the machine."""
        self._append(
            {
                "key": entry.key,
                "result": result_to_json(entry.result),
                "run": asdict(entry.run),
                "handed_in": entry.handed_in.isoformat(),
            }
        )
        self._entries[entry.key] = entry

    def mark_written(self, entry: Entry, gradebook: str) -> None:
        """Note that a gradebook, known by its URL, has a result."""
        # The URL may hold a password.
        digest = digest_of(gradebook.encode())
        due = self._due_of(entry)
        self._append({"written": entry.key, "gradebook": digest, "due": due})
        self._written[_place(entry, digest)] = entry.key, due

    def _due_of(self, entry: Entry) -> str:
        due = self._due.get(entry.result.lesson)
        return _time(due) if due else ""

    def _append(self, value: Json) -> None:
        self._file.write(canonical(value).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _read(self) -> str | None:
        """Take in the lines of the file, and return its seed; None where nothing is in it."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        whole, newline, torn = content.rpartition(b"\n")
        if torn:
            os.truncate(self._path, len(whole) + len(newline))
        lines = whole.split(b"\n") if newline else []
        try:
            values = [json.loads(line) for line in lines]
            seed = self._seed_in(values)
            for value in values[1:]:
                self._take(value)
        except (ValueError, LookupError, TypeError) as error:
            raise GradingError(
                f"{self._path} is no journal of `grader grade`, or was changed by hand "
                f"({error}). Move it away, and everything is graded anew."
            ) from error
        return seed

    @staticmethod
    def _seed_in(values: list[Json]) -> str | None:
        if not values:
            return None
        if values[0]["journal"] != _VERSION:
            raise ValueError(f"version {values[0]['journal']} instead of {_VERSION}")
        return str(values[0]["seed"])

    def _take(self, value: Json) -> None:
        if "written" in value:
            entry = self._entries[value["written"]]
            self._written[_place(entry, value["gradebook"])] = entry.key, str(value["due"])
            return
        if "due" in value:
            self._due.update((name, _read_time(when)) for name, when in value["due"].items())
            return
        handed_in = _read_time(value["handed_in"])
        run = Run(value["run"]["level"], value["run"]["seconds"])
        entry = Entry(value["key"], result_from_json(value["result"]), run, handed_in)
        self._entries[entry.key] = entry


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat()


def _read_time(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def _place(entry: Entry, gradebook: str) -> tuple[str, str, str]:
    return entry.result.student, entry.result.lesson, gradebook
