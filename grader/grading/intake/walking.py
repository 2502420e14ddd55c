"""Walk through downloads, and through archives in them: every file once, with the path to it."""

from __future__ import annotations

import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unicodedata import normalize

from grader.errors import GradingError
from grader.grading.folders import is_leftover, is_named_archive
from grader.grading.intake.archives import MAX_ARCHIVE, Archive, Packed, UnpackingLimit
from grader.grading.notebook_file import MAX_BYTES, advice_on_reading, read_bytes
from grader.look.inert import visible

_ZIP = ".zip"
_DEEPEST = 30
_DEEPEST_ARCHIVE = 3
_MOST_FILES = 500_000
_MOST_OPEN = 8
_GIT = ".git"
_ASK = "Ask for it to be handed in again."


@dataclass(frozen=True)
class Item:
    """Hold one file of a download.

    parts: the way to it, the download's own name first; an archive is a part like a folder.
    archives: how many of the parts are archives. clone: the number of the part that is a
    repository, or -1. folder: the folder it is in, None inside an archive.
    objection: why it cannot be read, or "". is_leftover: whether a program left it behind.
    """

    parts: tuple[str, ...]
    load: Callable[[], bytes]
    archives: int = 0
    clone: int = -1
    folder: Path | None = None
    objection: str = ""
    is_leftover: bool = False

    @property
    def shown(self) -> str:
        """Return the way to it, for people."""
        return visible("/".join(self.parts))

    def read(self) -> bytes:
        """Return its bytes; raises GradingError, with the fix."""
        return self.load()


class Walk:
    """Walk through downloads; archives stay open until the end. Use as a context manager."""

    def __init__(self, downloads: Sequence[Path]) -> None:
        self._downloads = downloads
        self._open: OrderedDict[int, Archive] = OrderedDict()
        self._count = 0

    def __enter__(self) -> Walk:
        return self

    def __exit__(self, *_error: object) -> None:
        for each in self._open.values():
            each.close()

    def items(self) -> Iterator[Item]:
        """Yield every file of the downloads, once each.

        Raises GradingError for a download that is not there or cannot be opened.
        """
        seen = set()
        for download in self._downloads:
            try:
                known = download.resolve(strict=True)
            except (OSError, RuntimeError) as error:
                raise GradingError(
                    f"There is no {download}. Give the zip or the folder that was downloaded."
                ) from error
            if known in seen:
                continue
            seen.add(known)
            name = normalize("NFC", known.name)
            if known.is_dir():
                yield from self._in_folder(known, (name,), -1)
            elif _is_zip(name):
                yield from self._in_archive(Archive(known, name), (name,), 1)
            else:
                yield self._file(known, (name,), -1)

    def _file(self, path: Path, parts: tuple[str, ...], clone: int) -> Item:
        load = partial(read_bytes, path)
        return Item(parts, load, clone=clone, folder=path.parent)

    def _in_folder(self, folder: Path, parts: tuple[str, ...], clone: int) -> Iterator[Item]:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda each: each.name)
        except OSError as error:
            said = f"it cannot be read ({error.strerror}). {advice_on_reading(error)}"
            yield Item(parts, _nothing, objection=said)
            return
        if any(each.name == _GIT for each in entries):
            clone = len(parts) - 1
        for entry in entries:
            inside = (*parts, normalize("NFC", os.fsdecode(os.fsencode(entry.name))))
            path = folder / entry.name
            self._count_one()
            if entry.name == _GIT:
                continue
            if is_leftover(entry.name):
                yield Item(inside, _nothing, is_leftover=True)
            elif entry.is_symlink():
                yield Item(inside, _nothing, objection="it is a link; links are not followed")
            elif entry.is_dir(follow_symlinks=False):
                if len(inside) > _DEEPEST:
                    yield Item(inside, _nothing, objection="it lies too deep. Move it up.")
                else:
                    yield from self._in_folder(path, inside, clone)
            elif not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                yield Item(inside, _nothing, objection="it is not a regular file")
            elif _is_zip(entry.name):
                yield from self._nested(partial(read_bytes, path, MAX_ARCHIVE), inside, 0, clone)
            else:
                yield self._file(path, inside, clone)

    def _in_archive(
        self, archive: Archive, parts: tuple[str, ...], depth: int, clone: int = -1
    ) -> Iterator[Item]:
        self._keep_open(archive)
        for packed in archive.files():
            inside = (*parts, *packed.parts)
            self._count_one()
            if any(map(is_leftover, packed.parts)):
                yield Item(inside, _nothing, depth, is_leftover=True)
            elif packed.objection:
                yield Item(inside, _nothing, depth, objection=packed.objection)
            elif _is_zip(inside[-1]):
                load = partial(self._read, archive, packed, MAX_ARCHIVE)
                yield from self._nested(load, inside, depth, clone, archive.budget)
            else:
                load = partial(self._read, archive, packed)
                yield Item(inside, load, depth, clone)

    def _nested(
        self,
        load: Callable[[], bytes],
        parts: tuple[str, ...],
        depth: int,
        clone: int,
        budget: UnpackingLimit | None = None,
    ) -> Iterator[Item]:
        """Yield the files of an archive that lies in a download."""
        if depth >= _DEEPEST_ARCHIVE:
            yield Item(parts, load, depth, objection="it lies in too many archives. Unpack it.")
            return
        archive = Archive(load, visible(parts[-1]), again=_ASK, budget=budget or UnpackingLimit())
        try:
            yield from self._in_archive(archive, parts, depth + 1, clone)
        except GradingError as error:
            yield Item(parts, load, depth, clone, objection=str(error))

    def _read(self, archive: Archive, packed: Packed, most: int = MAX_BYTES) -> bytes:
        self._keep_open(archive)
        return archive.read(packed, most)

    def _keep_open(self, archive: Archive) -> None:
        """Close those that were not read for longest: each holds its content in memory."""
        self._open[id(archive)] = archive
        self._open.move_to_end(id(archive))
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)[1].close()

    def _count_one(self) -> None:
        self._count += 1
        if self._count > _MOST_FILES:
            raise GradingError(
                f"The downloads hold more than {_MOST_FILES:,} files. Give a folder with the "
                "submissions alone."
            )


def is_other_archive(name: str) -> bool:
    """Return whether a file is named like an archive that is not read, such as a rar."""
    return is_named_archive(name) and not _is_zip(name)


def _is_zip(name: str) -> bool:
    return name.casefold().endswith(_ZIP)


def _nothing() -> bytes:
    raise GradingError("This file is not read.")
