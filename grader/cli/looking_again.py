"""`grader explain`, `grader regrade` and `grader alike`: a second look at what was graded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from grader.cli.consoles import stderr, stdout
from grader.cli.due_times import lesson_named
from grader.cli.grading import AllowUnsandboxed, Jobs
from grader.plural import counted

Results = Annotated[Path, typer.Option(help="What `grader grade` wrote: its --out.")]
OneLesson = Annotated[
    str, typer.Option(help="The lesson; the beginning of its name is enough: 03.")
]


def explain(
    student: Annotated[str, typer.Argument(help="The student's id, or name in the roster.")],
    lesson: Annotated[
        str, typer.Argument(help="The lesson; the beginning of its name is enough: 03.")
    ],
    exercise: Annotated[
        str,
        typer.Option(help="Tell this exercise only, with all of its requests and its code."),
    ] = "",
    out: Results = Path("out"),
) -> None:
    """Tell what was found in a submission, with the evidence: for an office hour."""
    from grader.errors import GradingError
    from grader.grading.second_look import explanation, find_result

    found = find_result(out, student, lesson_named(lesson))
    names = [each.exercise for each in found.standing.result.exercises]
    if exercise and exercise not in names:
        raise GradingError(
            f"{exercise!r} is no exercise of it. There are: {', '.join(names) or 'none'}."
        )
    stdout.print(explanation(found, exercise), markup=False, highlight=False, soft_wrap=True)


def regrade(
    lesson: OneLesson,
    student: Annotated[
        list[str] | None,
        typer.Option(help="Whose; give it once for each. Everybody's by default."),
    ] = None,
    exercise: Annotated[
        str,
        typer.Option(help="Show this exercise only; with --keep, no other one may change."),
    ] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Let the new results count.")] = False,
    out: Results = Path("out"),
    jobs: Jobs = None,
    allow_unsandboxed: AllowUnsandboxed = False,
) -> None:
    """Examine submissions again, and show old and new side by side, and why they differ.

    Nothing changes without --keep.
    """
    from grader.grading.second_look import regrade as regrade_lesson
    from grader.grading.second_look.regrade_page import write_regrade_page
    from grader.sources import find_root

    columns = (TextColumn("grading again"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=stderr) as progress:
        task = progress.add_task("grading", total=len(student) if student else None)
        regraded = regrade_lesson(
            out,
            find_root(),
            lesson_named(lesson),
            students=tuple(student or ()),
            exercise=exercise,
            is_kept=keep,
            jobs=jobs,
            allow_unsandboxed=allow_unsandboxed,
            on_examined=lambda: progress.advance(task),
        )
    table = Table("Student", "Before", "Now", "Otherwise", "Why", title="Graded again")
    for each in regraded.again:
        if each.changed or each.new.trouble or len(regraded.again) == 1:
            now = "none" if each.new.points is None else str(each.new.points)
            names = ", ".join(each.changed) or each.new.trouble or "nothing"
            row = (each.old.student, str(each.old.points), now, names, each.why)
            table.add_row(*map(escape, row))
    if table.row_count:
        stdout.print(table)
    for note in regraded.notes:
        stdout.print(escape(note))
    changed = sum(bool(each.changed) for each in regraded.again)
    kept = sum(each.is_kept for each in regraded.again)
    stdout.print(
        f"{changed} of {counted(len(regraded.again), 'result')} differ; {kept} new ones count now."
    )
    stdout.print(f"Side by side: {escape(str(write_regrade_page(out, regraded)))}")
    raise typer.Exit(1 if any(each.new.trouble for each in regraded.again) else 0)


def alike(lesson: OneLesson, out: Results = Path("out")) -> None:
    """Write a page of answers alike beyond chance: evidence for a person, never a score."""
    from grader.grading.second_look import write_alike_page
    from grader.sources import find_root

    written = write_alike_page(out, find_root(), lesson_named(lesson))
    pairs, students = counted(written.pairs, "pair"), counted(written.students, "student")
    stdout.print(f"{pairs} of {students}: {escape(str(written.path))}")
    stdout.print("That is no proof, and changes no point.")
