"""Scratch directories: how full one is, and how it is removed, however deep it was made.

Paths have a length limit, and recursion a depth limit, and the code that fills the directory may
exceed both. So folders are opened one from another, and removed by moving the inside to the top.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from grader.grading.sandbox.level import Limits

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def is_too_full(folder: Path, limits: Limits) -> bool:
    """Return whether the files below a folder are more, larger or deeper than the limits allow.

    It stops at the first file too many, and follows no link.
    """
    left_bytes, left_files = limits.scratch_bytes, limits.scratch_files
    try:
        opened = [os.open(folder, _FOLDER)]
    except OSError:
        return False
    try:
        # Each folder is opened from the one above, so that no path is ever too long.
        below: list[list[str]] = []
        while opened:
            if len(below) < len(opened):
                folders = []
                # A file that vanishes meanwhile counts as nothing.
                with contextlib.suppress(OSError), os.scandir(opened[-1]) as entries:
                    for entry in entries:
                        left_files -= 1
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.name)
                        else:
                            # Blocks, not sizes: a file with holes takes less than it says.
                            left_bytes -= entry.stat(follow_symlinks=False).st_blocks * 512
                        if left_bytes < 0 or left_files < 0:
                            return True
                below.append(folders)
            if not below[-1]:
                below.pop()
                os.close(opened.pop())
                continue
            if len(opened) > limits.scratch_depth:
                return True
            try:
                opened.append(os.open(below[-1].pop(), _FOLDER, dir_fd=opened[-1]))
            except PermissionError:
                # A folder that cannot be listed was made so, to hide what is in it.
                return True
            except OSError:
                continue
        return False
    finally:
        for each in opened:
            os.close(each)


def remove_tree(folder: Path) -> None:
    """Remove a folder and all that is in it, as far as possible; raises nothing.

    No other process may be at work in it.
    """
    if os.rename not in os.supports_dir_fd:
        shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        top = os.open(folder, _FOLDER)
    except OSError:
        return
    try:
        _empty(top)
    finally:
        os.close(top)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _empty(top: int) -> None:
    """Remove what is in a folder: each round moves the folders of the next level to the top."""
    numbers = count()
    waiting = _clear(top)
    while waiting:
        name = waiting.pop()
        with contextlib.suppress(OSError):
            # A submission may have made it unreadable.
            os.chmod(name, 0o700, dir_fd=top)
        try:
            inner = os.open(name, _FOLDER, dir_fd=top)
        except OSError:
            continue
        try:
            for each in _clear(inner):
                moved = _free_name(top, numbers)
                with contextlib.suppress(OSError):
                    os.rename(each, moved, src_dir_fd=inner, dst_dir_fd=top)
                    waiting.append(moved)
        finally:
            os.close(inner)
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=top)


def _clear(folder: int) -> list[str]:
    """Remove the files of a folder, and return the names of the folders in it."""
    folders = []
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:
        return []
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.name, dir_fd=folder)
    return folders


def _free_name(top: int, numbers: count[int]) -> str:
    while True:
        name = f"m{next(numbers)}"
        try:
            os.lstat(name, dir_fd=top)
        except FileNotFoundError:
            return name


@contextmanager
def temporary_folder(*, prefix: str, below: str | None = None) -> Iterator[Path]:
    """Yield a new folder of this user alone, and remove it at the end with everything in it.

    `tempfile.TemporaryDirectory` recurses, so it fails at a chain of many folders.
    """
    folder = Path(mkdtemp(prefix=prefix, dir=below))
    try:
        yield folder
    finally:
        remove_tree(folder)
