"""What a submission may read: Python, its packages and this one; nothing of the course or a class.

`grader` is often installed from a checkout, where the solutions lie beside it. So its own folders
are named one by one, and the folder above stays out of reach. The checks of the exercises stay out
too: they hold a right answer to much of what they ask.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import grader

DEVICES = tuple(Path("/dev") / name for name in ("null", "zero", "random", "urandom"))

PACKAGE = Path(grader.__file__).parent
HIDDEN = tuple(PACKAGE / name for name in ("authoring", "exercises"))
"""The parts of this package that no kernel may read."""

_PARTS_OF_PYTHON = ("stdlib", "platstdlib", "purelib", "platlib")
# Extension modules load the machine's libraries when they are first imported.
_OF_THE_MACHINE = (
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/usr/share/zoneinfo",
)


def import_path() -> list[str]:
    """Return where a kernel of any level looks for modules: `sys.path` without the checkout."""
    beside = os.path.realpath(PACKAGE.parent)
    is_installed = PACKAGE.parent.name in ("site-packages", "dist-packages")
    return [each for each in sys.path if is_installed or os.path.realpath(each or ".") != beside]


def readable_paths() -> tuple[Path, ...]:
    """Return the folders and files that a kernel reads, none of them below another."""
    parts = [Path(sysconfig.get_path(name)) for name in _PARTS_OF_PYTHON]
    # In a virtual environment `stdlib` is that of the Python it was made from, and the packages of
    # that one may be visible too.
    parts += [Path(each) for each in import_path() if each]
    library = Path(sysconfig.get_config_var("LIBDIR") or "")
    shared = sorted(library.glob("libpython*")) if library.is_absolute() else []
    package = [each for each in PACKAGE.iterdir() if each not in HIDDEN]
    machine = [Path(each) for each in _OF_THE_MACHINE]
    found = sorted({each for each in (*parts, *shared, *package, *machine) if each.exists()})
    return tuple(each for each in found if not any(other in each.parents for other in found))
