"""The files in a container, in memory: those uploaded, those that code wrote, and what it shares.

Each command gets an empty `$OUTPUT_DIR`; what lies at its top level when the command ends is
captured (Anthropic's page on code execution, September 2026). `$INPUT_DIR` holds the uploads
(recorded). Where the two lie is a guess.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

INPUT_DIR, OUTPUT_DIR = "/mnt/inputs", "/mnt/outputs"
HOME = "/tmp"
VARIABLES: Mapping[str, str] = {"INPUT_DIR": INPUT_DIR, "OUTPUT_DIR": OUTPUT_DIR, "HOME": HOME}

_MOST_FILES = 1_000
_LARGEST = 1_000_000


class DiskFull(Exception):
    """Say that a container holds no more than it has."""


class Disk:
    """Keep files by their paths; a path that doesn't begin with `/` lies in the current folder."""

    def __init__(self) -> None:
        self.folder = HOME
        self._files: dict[str, bytes] = {}

    def put(self, name: str, data: bytes) -> None:
        """Put an uploaded file into `$INPUT_DIR`."""
        self._files[f"{INPUT_DIR}/{name}"] = data

    def path_of(self, path: str) -> str:
        """Return a path from the root, without `.` and `..`."""
        return posixpath.normpath(posixpath.join(self.folder, path))

    def read(self, path: str) -> bytes:
        """Return a file's content. Raises FileNotFoundError."""
        whole = self.path_of(path)
        if whole not in self._files:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self._files[whole]

    def write(self, path: str, data: bytes) -> bool:
        """Write a file; return whether it was there before. Raises DiskFull."""
        whole = self.path_of(path)
        is_known = whole in self._files
        if len(data) > _LARGEST or (not is_known and len(self._files) >= _MOST_FILES):
            raise DiskFull
        self._files[whole] = data
        return is_known

    def is_folder(self, path: str) -> bool:
        """Return whether a path is a folder's: a known one, or one that holds a file."""
        whole = self.path_of(path)
        known = {INPUT_DIR, OUTPUT_DIR, HOME, "/", self.folder}
        return whole in known or any(name.startswith(f"{whole}/") for name in self._files)

    def names_in(self, path: str) -> list[str]:
        """Return the names of the files in a folder, sorted."""
        whole = self.path_of(path)
        return sorted(
            posixpath.basename(name) for name in self._files if posixpath.dirname(name) == whole
        )

    @property
    def inputs(self) -> dict[str, bytes]:
        """Return the uploaded files by their names."""
        return {name: self.read(f"{INPUT_DIR}/{name}") for name in self.names_in(INPUT_DIR)}

    def begin(self) -> None:
        """Empty `$OUTPUT_DIR` for another command."""
        for name in [each for each in self._files if each.startswith(f"{OUTPUT_DIR}/")]:
            del self._files[name]
        self.folder = HOME

    def shared(self) -> dict[str, bytes]:
        """Return what a command has left at the top level of `$OUTPUT_DIR`, by name."""
        return {name: self.read(f"{OUTPUT_DIR}/{name}") for name in self.names_in(OUTPUT_DIR)}
