"""Which files are what they were when they were last read, so that nobody reads them again.

A file is taken as unchanged if its inode, size, and times of change are those noted, and had been
so for some seconds when it was read. No program can set the time at which Linux or macOS noted a
change (st_ctime), so a changed file shows it, unless the clock of its file system was set back to
that very instant, or notes times only to several seconds. Where any of that differs, as for a
folder that was copied, and on Windows, which notes no such time, the digest of its bytes decides.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from grader.errors import GradingError
from grader.grading.keys import digest_of, reading_digest
from grader.grading.notebook_file import NotebookFile, read_bytes
from grader.grading.whole_file import whole_file

Stamp = tuple[int, ...]

_NAME = "known_files.json"
_SETTLED_NS = 3 * 10**9
"""How long a file must have been as it is; some file systems note times to two seconds."""


class Seen(NamedTuple):
    """Hold a file's stamp, and whether it is old enough to be believed."""

    stamp: Stamp
    is_settled: bool


@dataclass(frozen=True, slots=True)
class KnownFile:
    """Hold what was read of a file, and the stamps of it and of the copy that is kept of it.

    stamp, is_settled: see `Seen`. text_digest: of what is kept of it, which lacks the outputs.
    """

    stamp: Stamp
    is_settled: bool
    digest: str
    text_digest: str
    has_predictions: bool
    copy: Stamp


class KnownFiles:
    """Remember what was read of files that could be read; folder: that of the results."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._known: dict[str, KnownFile] = {}
        self._found: set[str] = set()
        self._is_new = False
        try:
            kept = json.loads(self._path.read_bytes())
            if kept["code"] == reading_digest():
                self._known = {name: _known(row) for name, row in kept["files"].items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            # It saves time and decides nothing: all is read again, and noted anew.
            self._known = {}

    def find(self, path: Path) -> KnownFile | None:
        """Return what is known of a file if it has not changed since, else None."""
        name = os.path.abspath(path)
        known = self._known.get(name)
        if known is None:
            return None
        try:
            now = see(path)
            if known.stamp == now.stamp and known.is_settled:
                self._found.add(name)
                return known
            if digest_of(read_bytes(path)) != known.digest:
                return None
        except (OSError, GradingError):
            return None
        return self._keep(path, replace(known, **now._asdict()))

    def note(self, path: Path, before: Seen, read: NotebookFile, copy: Path) -> None:
        """Note what was read of a file; before: how it was then. copy: what is kept of it."""
        self._keep(
            path,
            KnownFile(
                *before,
                read.digest,
                digest_of(read.content),
                bool(read.predicted),
                stamp_of(copy),
            ),
        )

    def save(self) -> None:
        """Keep it for the next run, but for files that are gone."""
        gone = [each for each in self._known.keys() - self._found if not os.path.lexists(each)]
        for each in gone:
            del self._known[each]
        if not self._is_new and not gone:
            return
        with whole_file(self._path) as write:
            write(json.dumps({"code": reading_digest()})[:-1].encode() + b', "files": {')
            for place, (name, known) in enumerate(self._known.items()):
                row = f"{json.dumps(name)}: {json.dumps(astuple(known))}"
                write((",\n" if place else "\n").encode() + row.encode())
            write(b"\n}}\n")

    def _keep(self, path: Path, known: KnownFile) -> KnownFile:
        name = os.path.abspath(path)
        self._known[name] = known
        self._found.add(name)
        self._is_new = True
        return known


def stamp_of(path: Path) -> Stamp:
    """Return what changes when a file does: its place, size and times; raises OSError."""
    found = path.lstat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def see(path: Path) -> Seen:
    """Return how a file is now, to be noted once it has been read; raises OSError."""
    stamp = stamp_of(path)
    *_, modified, changed = stamp
    # By the time before it is read: it might change right after that.
    since = time.time_ns() - max(modified, changed)
    return Seen(stamp, sys.platform != "win32" and since > _SETTLED_NS)


def _known(row: Sequence[Any]) -> KnownFile:
    stamp, is_settled, digest, text_digest, has_predictions, copy = row
    return KnownFile(tuple(stamp), is_settled, digest, text_digest, has_predictions, tuple(copy))
