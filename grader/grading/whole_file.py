"""Write a file whole or not at all, and say in words why it could not be written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EIO, ENOSPC, EROFS
from pathlib import Path

from grader.errors import GradingError

_FOR_ALL = (ENOSPC, EDQUOT, EROFS, EIO)


class NoRoom(GradingError):
    """Say that nothing more can be written: whoever's turn it is, the run ends."""


def write_whole(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file; its folder is made if need be. Raises GradingError, with what mends it."""
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
    """Turn what the operating system says into a GradingError that names the file and the cure."""
    try:
        yield
    except OSError as error:
        kind = NoRoom if error.errno in _FOR_ALL else GradingError
        raise kind(
            f"{error.filename or path} cannot be written ({error.strerror}). Make room or mend its "
            "permissions, then run the same command again: it goes on where it stopped."
        ) from error
