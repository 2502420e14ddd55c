"""What a submission may read: Python, its packages and this one; nothing of the course or a class.

`grader` is often installed from a checkout, where the solutions lie beside it. So it is named by
its own folder, and the folder above stays out of reach.
"""

from __future__ import annotations

import sysconfig
from pathlib import Path

import grader

DEVICES = tuple(Path("/dev") / name for name in ("null", "zero", "random", "urandom"))

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


def readable_paths() -> tuple[Path, ...]:
    """Return the folders and files that a kernel reads, none of them below another."""
    parts = [Path(sysconfig.get_path(name)) for name in _PARTS_OF_PYTHON]
    # In a virtual environment `stdlib` is that of the Python it was made from.
    library = Path(sysconfig.get_config_var("LIBDIR") or "")
    shared = sorted(library.glob("libpython*")) if library.is_absolute() else []
    package = Path(grader.__file__).parent
    machine = [Path(each) for each in _OF_THE_MACHINE]
    found = sorted({each for each in (*parts, *shared, package, *machine) if each.exists()})
    return tuple(each for each in found if not any(other in each.parents for other in found))
