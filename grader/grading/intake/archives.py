"""Read zip archives that other people made: torn, huge, misnamed or made to do harm.

Nothing is unpacked by name: a file's bytes are read, at most as many as a notebook may have, and
where they are written is decided elsewhere.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from unicodedata import normalize

from grader.errors import GradingError
from grader.grading.notebook_file import MAX_BYTES, advice_on_reading, refuse_size
from grader.look.inert import visible

MAX_ARCHIVE = 256 * 1024 * 1024
"""How large an archive inside another may be."""
MAX_UNPACKED = 1024 * 1024 * 1024
"""How many bytes one student's archives may unpack to."""
_MOST_FILES = 300_000
_DRIVE = re.compile(r"[A-Za-z]:")
_UTF8 = 0x800
_LOCKED = 0x1
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Packed:
    """Hold one file of an archive; parts: its path. objection: why it is not read, or ""."""

    parts: tuple[str, ...]
    info: zipfile.ZipInfo
    objection: str = ""


class UnpackingLimit:
    """Hold how many bytes one student's archives may still unpack to, archives in them included."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED

    def spend(self, size: int, name: str) -> None:
        """Count bytes; raises GradingError when they are too many; name: the archive's."""
        self.left -= size
        if self.left < 0:
            raise GradingError(
                f"{name} unpacks to more than {MAX_UNPACKED:,} bytes. Ask for the notebook itself."
            )


class Archive:
    """Hold a zip archive, opened when it is needed, and again after it was closed.

    source: its path, or what returns its content if it lies in another one. again: how to mend it.
    budget: None for a download, which holds a whole class and may be as large as that.
    """

    def __init__(
        self,
        source: Path | Callable[[], bytes],
        name: str,
        *,
        again: str = "Download it again.",
        budget: UnpackingLimit | None = None,
    ) -> None:
        self.name = name
        self.budget = budget
        self._source = source
        self._again = again
        self._zip: zipfile.ZipFile | None = None

    def close(self) -> None:
        """Close it; the next reading opens it again."""
        if self._zip is not None:
            self._zip.close()
            self._zip = None

    def _opened(self) -> zipfile.ZipFile:
        """Return it opened; raises GradingError, with the fix, when it is no zip or torn."""
        if self._zip is not None:
            return self._zip
        source: Path | IO[bytes]
        source = self._source if isinstance(self._source, Path) else io.BytesIO(self._source())
        try:
            opened = zipfile.ZipFile(source)
        except OSError as error:
            raise GradingError(
                f"{self.name} cannot be read ({error.strerror}). {advice_on_reading(error)}"
            ) from error
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise GradingError(
                f"{self.name} is torn, or no zip archive ({error}). {self._again}"
            ) from error
        if len(opened.infolist()) > _MOST_FILES:
            opened.close()
            raise GradingError(
                f"{self.name} holds more than {_MOST_FILES:,} files. Unpack it, give the folder."
            )
        self._zip = opened
        return opened

    def files(self) -> Iterator[Packed]:
        """Yield every file, whatever its name tries."""
        for info in self._opened().infolist():
            path = _name_of(info).replace("\\", "/")
            parts = tuple(each for each in path.split("/") if each not in ("", "."))
            if path.endswith("/") or not parts:
                continue
            objection = ""
            if path.startswith("/") or _DRIVE.match(path) or ".." in parts:
                objection = "its path leads out of the archive"
            elif stat.S_ISLNK(info.external_attr >> 16):
                objection = "it is a link; links are not followed"
            elif info.flag_bits & _LOCKED:
                objection = "it is locked with a password"
            yield Packed(parts, info, objection)

    def read(self, packed: Packed, most: int = MAX_BYTES) -> bytes:
        """Return a file's bytes; raises GradingError if they are damaged or more than most."""
        name = visible(packed.parts[-1])
        content = bytearray()
        try:
            with self._opened().open(packed.info) as file:
                # What the archive says of a size is only a claim.
                while len(content) <= most:
                    block = file.read(_BLOCK)
                    if not block:
                        break
                    content += block
                    if self.budget is not None:
                        self.budget.spend(len(block), self.name)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
            NotImplementedError,
        ) as error:
            told = str(error)[:80] or type(error).__name__
            raise GradingError(
                f"{name} is damaged in the archive ({told}). {self._again}"
            ) from error
        if len(content) > most:
            if most == MAX_BYTES:
                refuse_size(name, max(len(content), packed.info.file_size))
            raise GradingError(f"{name} has more than {most:,} bytes. Give it unpacked.")
        return bytes(content)


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return a file's name, with its letters as they were meant.

    Many programs store UTF-8 without saying so, and Python then reads it as code page 437.
    """
    name = info.filename
    if not info.flag_bits & _UTF8:
        # Else it is code page 437, as Windows writes.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return normalize("NFC", name)
