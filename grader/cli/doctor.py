"""`grader doctor`: what is installed here, and what that is enough for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.markup import escape

from grader.cli.consoles import stdout
from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.grading.sandbox import Level

_PACKAGES = {
    "anthropic": "every lesson needs it",
    "openai": "the comparisons need it",
    "jupyterlab": "notebooks are opened in it",
    "nbgrader": "`grader grade` needs it",
    "ctok": "Claude's tokens are estimated without it (it is made for Python 3.12 and later)",
}
_PROGRAMS = {
    "Chromium": (
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
        "only the browser tests need it",
    ),
    "Node.js": (("node",), "only `make conformance` needs it"),
}
"""The programs that `grader doctor` looks for, and what needs them."""


def doctor() -> None:
    """Say what is installed, how well submissions are contained, and where requests would go."""
    import os
    import platform
    import shutil
    from importlib.metadata import PackageNotFoundError, version

    from grader.classroom.connection import DEFAULT_CAP, choose_destination, describe
    from grader.classroom.network import check_way
    from grader.grading.kernels.proof import why_not
    from grader.grading.sandbox import Level, explain
    from grader.simulator import installed_counter

    stdout.print(f"Python {platform.python_version()} at {escape(sys.executable)}")
    for name in _PACKAGES:
        try:
            stdout.print(f"{name} {version(name)}")
        except PackageNotFoundError:
            stdout.print(f"{name} is not installed; {_PACKAGES[name]}")
    for name, (programs, use) in _PROGRAMS.items():
        found = next(filter(None, map(shutil.which, programs)), None)
        stdout.print(f"{name} at {escape(found)}" if found else f"{name} is not installed; {use}")
    findings = explain()
    level = next((each.level for each in findings if each.holds), Level.PROCESS)
    stdout.print(_grading_here(level, why_not(level)))
    stdout.print("Containment of submissions, strongest level first:")
    for each in findings:
        stdout.print(f"  {escape(str(each))}")
    stdout.print(
        f"Notebooks and `grader serve`: {installed_counter().statement} "
        "Exams: tokens are estimated on every Python, so that no points depend on it."
    )
    try:
        destination = choose_destination(os.environ, live=None, cap=DEFAULT_CAP)
        lines = describe(destination, os.environ)
        if destination.kind != "simulator":
            check_way(destination.base_url, os.environ)
    except GraderError as error:
        lines = [str(error)]
    stdout.print(f"A notebook started here: {escape(' '.join(lines))}")


def _grading_here(level: Level, objection: str) -> str:
    """Say in plain words whether a class can be graded here, by the strongest level that holds.

    objection: why a kernel of that level is not as good as a notebook's own, "" if it is.
    """
    if objection:
        return f"Grading: not here. The level {level.value} holds, but: {objection}"
    if level.value == "process":
        return (
            "Grading: only notebooks of people you trust, with --allow-unsandboxed, because "
            "nothing here can seal a submission off. On Linux `grader grade` can."
        )
    return (
        f"Grading: a class can be graded here; submissions are sealed off by {level.value}.\n"
        "  A kernel of that level was started, and imported what a notebook may."
    )
