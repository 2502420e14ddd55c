"""`grader build` and `grader check`: the course made from its sources, and its laws."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from grader.cli.consoles import stderr, stdout


def build(
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite notebooks in course/ edited by hand.")
    ] = False,
) -> None:
    """Make course/ and the solution notebooks from the lesson sources."""
    from grader.authoring import build as build_course
    from grader.authoring import find_root
    from grader.exercises import COURSE

    report = build_course(find_root(), COURSE, force=force)
    for path in report.written:
        stdout.print(f"wrote {escape(path)}")
    for path in report.removed:
        stdout.print(f"removed {escape(path)}")
    stdout.print(f"{len(report.written)} written, {len(report.unchanged)} unchanged.")


def check() -> None:
    """Prove the laws of the course; list what breaks them, with the fix."""
    from grader.authoring import check as check_course
    from grader.authoring import find_root
    from grader.exercises import COURSE

    problems = check_course(find_root(), COURSE)
    for problem in problems:
        stderr.print(escape(str(problem)))
    if problems:
        noun = "problem" if len(problems) == 1 else "problems"
        stderr.print(f"{len(problems)} {noun}.")
        raise typer.Exit(1)
    stdout.print("Every law of the course holds.")
