"""`grader passback`: a class's points into the gradebook of its learning platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress, TextColumn

from grader.cli.collecting import some_of
from grader.cli.consoles import stderr, stdout
from grader.cli.due_times import lesson_named
from grader.plural import counted

if TYPE_CHECKING:
    from grader.grading.passback import PassedBack


def passback(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="What `grader grade` wrote: its --out.")
    ],
    platform: Annotated[
        Path,
        typer.Option(help="The file that says how the course is reached: see grader export lti."),
    ],
    lesson: Annotated[
        str | None,
        typer.Option(help="Send this lesson only; the beginning of its name is enough: 03."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask the platform, but send nothing; show what would.")
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option(help="Replace grades too that somebody gave or changed in the platform."),
    ] = False,
) -> None:
    """Send points to Canvas, Moodle or any platform that speaks LTI 1.3 (its grade services).

    Only what is new goes out. A grade that somebody gave in the platform stays.
    """
    from grader.grading.passback import pass_back, read_platform

    reached = read_platform(platform)
    columns = (TextColumn("passing back"), MofNCompleteColumn())
    with Progress(*columns, console=stderr, transient=True) as progress:
        task = progress.add_task("passing back", total=None)
        passed = pass_back(
            folder,
            reached,
            lesson=lesson and lesson_named(lesson),
            is_dry=dry_run,
            may_overwrite=overwrite,
            on_done=lambda: progress.advance(task),
        )
    _print(passed, is_dry=dry_run)
    raise typer.Exit(1 if passed.unclear or passed.kept else 0)


def _print(passed: PassedBack, *, is_dry: bool) -> None:
    would = "would be " if is_dry else ""
    said = []
    if passed.made:
        said.append(f"New in the platform's gradebook: {', '.join(passed.made)}.")
    said.append(
        f"{counted(len(passed.sent), 'grade')} {would}sent, {len(passed.same)} there already."
    )
    if passed.kept:
        shown = [f"{who} {lesson} ({points:g})" for who, lesson, points in passed.kept]
        said.append(
            f"Left alone, because somebody gave or changed them there: {some_of(shown, len(shown))}"
            ". Replace them with --overwrite."
        )
    if passed.unclear:
        shown = [f"{who}: {why}" for who, why in passed.unclear.items()]
        said.append(
            f"Not found in the course: {some_of(shown, len(shown))}. Give the platform's own "
            "export as the roster: grader report DIR --roster CSV"
        )
    for sentence in said:
        stdout.print(escape(sentence), soft_wrap=True)
