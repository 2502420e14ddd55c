"""Write files and lines whole or not at all, and say in words why that failed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EIO, ENOSPC, EROFS
from pathlib import Path

from grader.errors import GradingError

_FOR_ALL = (ENOSPC, EDQUOT, EROFS, EIO)


class NoRoom(GradingError):
    """Say that nothing more can be written: the whole run ends, not one submission."""


def write_whole(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file, making its folder if needed. Raises GradingError, with the fix."""
    part = path.with_name(f"{path.name}.partial")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with open(opened, "wb") as file:
                file.write(content)
            os.replace(part, path)
        except OSError:
            part.unlink(missing_ok=True)
            raise


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the operating system's error into a GradingError that names the file and the fix."""
    try:
        yield
    except OSError as error:
        kind = NoRoom if error.errno in _FOR_ALL else GradingError
        raise kind(
            f"{error.filename or path} cannot be written ({error.strerror}). Make room or fix its "
            "permissions, then run the same command again: it goes on where it stopped."
        ) from error


class LineFile:
    """Read the lines of a file, and append more; read first, then `open`, then append.

    Raises GradingError, with the fix, if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def read(self) -> Iterator[bytes]:
        """Yield the lines, none if there is no file; cut off one that a crash tore."""
        if not self._path.exists():
            return
        with writing(self._path):
            content = self._path.read_bytes()
            whole, newline, torn = content.rpartition(b"\n")
            if torn:
                os.truncate(self._path, len(whole) + len(newline))
        lines = whole.split(b"\n") if newline else []
        del content, whole
        yield from lines

    def open(self) -> None:
        """Open the file to append to it, or make it."""
        # Unbuffered: what could not be written is not tried again behind our back.
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        with writing(self._path):
            self._file = os.open(self._path, flags, 0o666)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def append(self, text: bytes, *, is_kept_at_once: bool = True) -> None:
        """Append a line; is_kept_at_once: once this returns, it survives a crash of the machine."""
        line = text + b"\n"
        size = os.fstat(self._file).st_size
        with writing(self._path):
            try:
                written = 0
                while written < len(line):
                    written += os.write(self._file, line[written:])
                if is_kept_at_once:
                    os.fsync(self._file)
            except OSError:
                # Half a line would spoil the next one.
                os.truncate(self._path, size)
                raise
