"""What of this machine a submission's Python may read: Python itself, its libraries, the grader."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import grader

_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def readable_paths() -> tuple[str, ...]:
    """Return the paths that are there inside, none of them below another.

    Of the course only the grader's own package: no solutions, no notebooks, no submissions.
    """
    package = str(Path(grader.__file__).resolve().parent)
    wanted = (*_SYSTEM, sys.base_prefix, sys.prefix, package)
    found = sorted({os.path.abspath(path) for path in wanted if os.path.exists(path)})
    kept: list[str] = []
    for path in found:
        if not any(path.startswith(f"{above}/") for above in kept):
            kept.append(path)
    return tuple(kept)
