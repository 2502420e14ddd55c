"""Look into folders that students fill, without trust in what lies there."""

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
from grader.grading.inert import visible

NOTEBOOK = ".ipynb"
MAX_ENTRIES = 10_000
"""How many entries of one folder are listed."""
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
    """Return what lies in a folder, by name, without what programs leave behind.

    Raises OSError, and GradingError for a folder with more entries than anybody makes.
    """
    with os.scandir(folder) as found:
        names = [each.name for each in islice(found, MAX_ENTRIES + 1)]
    if len(names) > MAX_ENTRIES:
        raise GradingError(
            f"{visible(folder.name)} holds more than {MAX_ENTRIES:,} entries. "
            "Move away what is no submission."
        )
    return [folder / name for name in sorted(names) if not is_leftover(name)]


def is_leftover(name: str) -> bool:
    """Tell whether a program made a file or folder of this name, and no student."""
    small = name.casefold()
    return any(fnmatch.fnmatchcase(small, pattern) for pattern in _LEFTOVERS)


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder, and no link to one; raises OSError."""
    # Not pathlib's is_dir, which says no to a loop of links.
    return stat.S_ISDIR(os.lstat(path).st_mode)


def is_notebook(path: Path) -> bool:
    """Tell whether a path has the name of a notebook and is no folder."""
    return path.name.casefold().endswith(NOTEBOOK) and not is_folder(path)


def is_archive(path: Path) -> bool:
    """Tell whether a path has the name of an archive, and is no folder."""
    return path.name.casefold().endswith(_ARCHIVES) and not is_folder(path)


def same_name(path: Path, name: str) -> bool:
    """Tell whether a path has a name, in whichever Unicode form it is stored."""
    return normalize("NFC", path.name) == name


def notebooks_below(folder: Path) -> Iterator[Path]:
    """Give the notebooks in a folder and its folders; of what cannot be read or ends never, none.

    Neither links nor more than 12 levels are followed, and 20,000 entries are looked at.
    """
    searched = 0
    todo = deque([(folder, 0)])
    while todo:
        place, depth = todo.popleft()
        try:
            entries = entries_of(place)
        except (OSError, GradingError):
            # Where nothing can be found nothing is; the folder above it is told of if need be.
            continue
        for each in entries:
            searched += 1
            if searched > _MOST_SEARCHED:
                return
            if is_notebook(each):
                yield each
            elif depth < _DEEPEST and is_folder(each):
                todo.append((each, depth + 1))
