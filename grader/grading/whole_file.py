"""Write files and lines whole or not at all, and say in words why that failed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from errno import EDQUOT, EIO, ENOSPC, EROFS
from pathlib import Path
from typing import IO

from grader.errors import GradingError

_PART = 1 << 16
_FOR_ALL = (ENOSPC, EDQUOT, EROFS, EIO)


class NoRoom(GradingError):
    """Say that nothing more can be written: the whole run ends, not one submission."""


def write_whole(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file, making its folder if needed. Raises GradingError, with the fix."""
    with whole_file(path, mode=mode) as write:
        write(content)


@contextmanager
def whole_file(
    path: Path, *, mode: int = 0o666, is_kept_at_once: bool = False
) -> Iterator[Callable[[bytes], object]]:
    """Give what writes the parts of a file, which is there only once the block ends without error.

    Makes its folder if needed. is_kept_at_once: then it also survives a crash of the machine.
    Raises GradingError, with the fix.
    """
    part = path.with_name(f"{path.name}.partial")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    file = os.fdopen(opened, "wb")

    def write(content: bytes) -> None:
        with writing(path):
            file.write(content)

    try:
        yield write
        with writing(path):
            file.flush()
            if is_kept_at_once:
                os.fsync(file.fileno())
            file.close()
            os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            file.close()
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
    """Read the lines of a file, and append more: read first, then `open`, then the rest.

    Raises GradingError, with the fix, if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def read(self) -> Iterator[tuple[int, bytes]]:
        """Yield each line and where it begins, none if there is no file.

        The last line is cut off if a crash tore it.
        """
        if not self._path.exists():
            return
        with ExitStack() as stack:
            with writing(self._path):
                file = stack.enter_context(self._path.open("rb"))
            at = 0
            while line := self._next(file):
                if not line.endswith(b"\n"):
                    with writing(self._path):
                        os.truncate(self._path, at)
                    return
                yield at, line
                at += len(line)

    def _next(self, file: IO[bytes]) -> bytes:
        with writing(self._path):
            return file.readline()

    def line_at(self, place: int) -> bytes:
        """Return the line that begins at a place, once the file is open."""
        read = bytearray()
        with writing(self._path):
            os.lseek(self._file, place, os.SEEK_SET)
            while b"\n" not in read:
                part = os.read(self._file, _PART)
                if not part:
                    break
                read += part
        return bytes(read.partition(b"\n")[0])

    def open(self) -> None:
        """Open the file to read it and to append to it, or make it."""
        # Unbuffered: what could not be written is not tried again behind our back.
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        with writing(self._path):
            self._file = os.open(self._path, flags, 0o666)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def append(self, text: bytes, *, is_kept_at_once: bool = True) -> int:
        """Append a line, and return where it begins.

        is_kept_at_once: once this returns, it survives a crash of the machine.
        """
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
        return size
