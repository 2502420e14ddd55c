"""How full a scratch directory is."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from grader.grading.sandbox.level import Limits


def is_too_full(folder: Path, limits: Limits) -> bool:
    """Tell whether the files below a folder are more, or more in number, than the limits allow.

    It stops at the first file too many, and follows no link.
    """
    left_bytes, left_files = limits.scratch_bytes, limits.scratch_files
    folders = [str(folder)]
    while folders:
        # What is gone while it is looked at counts as nothing.
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                left_files -= 1
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    # Blocks, not sizes: a file with holes takes less than it says.
                    left_bytes -= entry.stat(follow_symlinks=False).st_blocks * 512
                if left_bytes < 0 or left_files < 0:
                    return True
    return False
