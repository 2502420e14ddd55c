"""`grader doctor`: what is here, and what that is enough for."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.markup import escape

from grader.cli.consoles import stdout
from grader.errors import GraderError

_PACKAGES = {
    "anthropic": "every lesson needs it",
    "openai": "the comparisons need it",
    "jupyterlab": "notebooks are opened in it",
    "nbgrader": "`grader grade` needs it",
    "ctok": "Claude's tokens are estimated without it (it needs Python 3.12)",
}
_PROGRAMS = {
    "Chromium": (
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
        "only the browser tests need it",
    ),
    "Node.js": (("node",), "only `make conformance` needs it"),
}
"""What `grader doctor` looks for, and what goes without."""


def doctor() -> None:
    """Say what is installed, how well submissions are contained, and where requests would go."""
    import os
    import platform
    import shutil
    from importlib.metadata import PackageNotFoundError, version

    from grader.classroom.connection import DEFAULT_CAP, choose_destination
    from grader.grading.sandbox import explain

    stdout.print(f"Python {platform.python_version()} at {escape(sys.executable)}")
    for name in _PACKAGES:
        try:
            stdout.print(f"{name} {version(name)}")
        except PackageNotFoundError:
            stdout.print(f"{name} is not installed; {_PACKAGES[name]}")
    for name, (programs, use) in _PROGRAMS.items():
        found = next(filter(None, map(shutil.which, programs)), None)
        stdout.print(f"{name} at {escape(found)}" if found else f"{name} is not installed; {use}")
    levels = explain()
    stdout.print(escape(_grading_here(levels)))
    stdout.print("Containment of submissions, strongest level first:")
    for line in levels:
        stdout.print(f"  {escape(line)}")
    try:
        statement = choose_destination(os.environ, live=None, cap=DEFAULT_CAP).statement
    except GraderError as error:
        statement = str(error)
    stdout.print(f"A notebook started here: {escape(statement)}")


def _grading_here(levels: Sequence[str]) -> str:
    """Say in plain words whether a class can be graded here; levels: as `explain` gives them."""
    first = next((each for each in levels if each.endswith(": holds")), "")
    level = first.partition(":")[0]
    if level in ("", "process"):
        return (
            "Grading: only notebooks of people you trust, with --allow-unsandboxed, because "
            "nothing here can seal a submission off. On Linux `grader grade` can."
        )
    return f"Grading: a class can be graded here; submissions are sealed off by {level}."
