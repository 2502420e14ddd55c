"""`grader verify`: a certificate, run again and told exercise by exercise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from grader.cli.consoles import stderr, stdout
from grader.cli.grading import AllowUnsandboxed, Jobs
from grader.plural import counted

if TYPE_CHECKING:
    from grader.certificates import Certificate
    from grader.grading.verifying import Verification


def verify(
    file: Annotated[
        Path, typer.Argument(help="The page that `progress().certificate()` wrote in a notebook.")
    ],
    jobs: Jobs = None,
    allow_unsandboxed: AllowUnsandboxed = False,
) -> None:
    """Run a certificate's code again, sealed off, and say which exercises it passes."""
    from grader.certificates import read_certificate_file
    from grader.grading.verifying import examinations
    from grader.grading.verifying import verify as verify_certificate
    from grader.sources import find_root

    certificate, note = read_certificate_file(file)
    columns = (TextColumn("verifying"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=stderr) as progress:
        task = progress.add_task("verifying", total=examinations(certificate))
        findings = verify_certificate(
            certificate,
            find_root(),
            jobs=jobs,
            allow_unsandboxed=allow_unsandboxed,
            on_examined=lambda: progress.advance(task),
        )
    _print(certificate, note, findings)
    raise typer.Exit(0 if all(each.holds for each in findings) else 1)


def _print(certificate: Certificate, note: str, findings: tuple[Verification, ...]) -> None:
    table = Table("Lesson", "Exercise", "Points", "Holds?", title="Certificate")
    table.columns[2].justify = "right"
    table.columns[3].overflow = "fold"
    for each in findings:
        said = "yes" if each.holds else f"no: {each.why_not}"
        table.add_row(*map(escape, (each.lesson, each.exercise, str(each.points), said)))
    stdout.print(table)
    whose = f"{certificate.name}, made on" if certificate.name else "No name, made on"
    stdout.print(escape(f"{whose} {certificate.made}, version {certificate.version}."))
    if note:
        stdout.print(escape(note))
    held = [each for each in findings if each.holds]
    points = sum(each.points for each in held)
    all_of_them = counted(len(findings), "exercise")
    stdout.print(f"{len(held)} of {all_of_them} passed when run again, {points} points.")
    stdout.print("Nothing proves who wrote the code.")
