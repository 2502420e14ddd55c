"""Look into folders that students filled, trusting nothing in them."""

from __future__ import annotations

import fnmatch
import os
import stat
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from unicodedata import normalize

from grader.errors import GradingError
from grader.look.inert import visible

NOTEBOOK = ".ipynb"
MAX_ENTRIES = 10_000
"""The most entries of one folder that are listed."""
_MOST_SEARCHED = 20_000
_DEEPEST = 12
_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
# What macOS, Windows, Linux desktops, editors, git and Jupyter leave behind; in small letters.
_LEFTOVERS = (
    "__macosx",
    "._*",
    ".ds_store",
    ".appledouble",
    ".localized",
    ".fseventsd",
    ".spotlight-v100",
    ".temporaryitems",
    ".trash*",
    ".apdisk",
    "icon\r",
    "icon\uf00d",
    "desktop.ini",
    "thumbs.db",
    "ehthumbs*.db",
    "$recycle.bin",
    "system volume information",
    ".directory",
    "lost+found",
    ".nfs*",
    ".~*",
    "~$*",
    "*~",
    "*.swp",
    "*.swo",
    "*.swx",
    "*.tmp",
    "*.crdownload",
    "*.part",
    ".git",
    ".svn",
    ".hg",
    ".github",
    ".gitignore",
    ".gitkeep",
    ".gitattributes",
    ".idea",
    ".vscode",
    ".venv",
    ".cache",
    ".ipynb_checkpoints",
    ".virtual_documents",
    "__pycache__",
    "node_modules",
)


def entries_of(folder: Path) -> list[Path]:
    """Return a folder's entries, sorted by name, without files that programs leave behind.

    Raises OSError, and GradingError for a folder with more entries than anybody makes.
    """
    with os.scandir(folder) as found:
        names = [each.name for each in islice(found, MAX_ENTRIES + 1)]
    if len(names) > MAX_ENTRIES:
        raise GradingError(
            f"{visible(folder.name)} holds more than {MAX_ENTRIES:,} entries. "
            "Move away everything that is not a submission."
        )
    return [folder / name for name in sorted(names) if not is_leftover(name)]


def is_leftover(name: str) -> bool:
    """Return whether a file or folder of this name comes from a program, not a student."""
    small = name.casefold()
    return any(fnmatch.fnmatchcase(small, pattern) for pattern in _LEFTOVERS)


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder, not a link to one; raises OSError."""
    # Not pathlib's is_dir, which returns False for a loop of links.
    return stat.S_ISDIR(os.lstat(path).st_mode)


def is_notebook(path: Path) -> bool:
    """Return whether a path is named like a notebook and is not a folder."""
    return path.name.casefold().endswith(NOTEBOOK) and not is_folder(path)


def is_archive(path: Path) -> bool:
    """Return whether a path is named like an archive and is not a folder."""
    return is_named_archive(path.name) and not is_folder(path)


def is_named_archive(name: str) -> bool:
    """Return whether a name is that of an archive."""
    return name.casefold().endswith(_ARCHIVES)


def same_name(path: Path, name: str) -> bool:
    """Return whether a path has this name, in any Unicode form."""
    return normalize("NFC", path.name) == name


def notebooks_below(folder: Path) -> Iterator[Path]:
    """Yield the notebooks in a folder and its subfolders, skipping what cannot be read.

    It follows no links, goes 12 levels deep at most, and stops after 20,000 entries.
    """
    searched = 0
    todo = deque([(folder, 0)])
    while todo:
        place, depth = todo.popleft()
        try:
            entries = entries_of(place)
        except (OSError, GradingError):
            # An unreadable folder counts as empty; messages name the folder above it if needed.
            continue
        for each in entries:
            searched += 1
            if searched > _MOST_SEARCHED:
                return
            if is_notebook(each):
                yield each
            elif depth < _DEEPEST and is_folder(each):
                todo.append((each, depth + 1))
