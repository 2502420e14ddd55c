"""What `grader doctor` says: what is installed, how submissions are sealed off, what is reached."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import PackageNotFoundError, version

from grader.grading.sandbox import Level, explain

_PACKAGES = ("anthropic", "openai", "jupyterlab", "nbgrader", "ipykernel", "ctok", "psycopg")
_PROGRAMS = {
    "chromium": "the browser tests",
    "node": "the TypeScript SDK's tests",
    "postgres": "the tests of a PostgreSQL gradebook",
}
_MEANINGS = {
    Level.NAMESPACES: "a system of its own: no network, no other process, files read-only",
    Level.LANDLOCK: "files by Landlock, network and processes by a filter on system calls",
    Level.PROCESS: "a deadline and nothing more; grading asks for --allow-unsandboxed",
}


def installed() -> list[tuple[str, str]]:
    """Return what is installed, by name; a package that is missing says so."""
    rows = [("Python", platform.python_version()), ("system", platform.platform())]
    for name in _PACKAGES:
        try:
            rows.append((name, version(name)))
        except PackageNotFoundError:
            rows.append((name, "not installed"))
    for name, purpose in _PROGRAMS.items():
        found = shutil.which(name)
        rows.append((name, found or f"not found; only {purpose} need it"))
    return rows


def containment() -> list[tuple[str, str]]:
    """Return each level of containment with whether it holds here, the first that does is used."""
    return [
        (level.value, f"{told.partition(': ')[2]}. {_MEANINGS[level]}")
        for level, told in zip(Level, explain(), strict=True)
    ]
