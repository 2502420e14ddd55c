"""The command that runs a module of the folders beside this one in a separate Python."""

from __future__ import annotations

import sys

_BOOT = "import sys; from importlib import import_module; import_module(sys.argv[1]).main()"

ENVIRONMENT = {
    "GRADER_PROGRESS": "off",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    # Sets have the same order in every run, so that cells show the same too.
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Each would start threads, and a process with threads cannot fork safely.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""The whole environment of such a Python: no key, and nothing of the user's."""


def command_for(module: str) -> list[str]:
    """Return the command that calls `main()` of a module in a clean Python.

    Neither the current folder nor the user's own packages are on its path.
    """
    return [sys.executable, "-P", "-s", "-c", _BOOT, module]
