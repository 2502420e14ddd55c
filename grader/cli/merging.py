"""`grader merge`: the parts of a class that several machines graded, in one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from grader.cli.collecting import MissingOption, RosterOption
from grader.cli.consoles import stderr, stdout
from grader.plural import counted


def merge(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER...", help="What `grader grade --shard` wrote: the --out of each part."
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="Where the gradebook, feedback and results.json of all go.")
    ] = Path("out"),
    db: Annotated[
        str | None,
        typer.Option(
            help="The gradebook's URL; that of the last run by default, at first OUT/gradebook.db."
        ),
    ] = None,
    roster: RosterOption = None,
    missing: MissingOption = None,
) -> None:
    """Merge the parts of a class that several machines graded; run it again after each of them."""
    from grader.grading.merging import merge_folders
    from grader.grading.roster import read_roster
    from grader.sources import find_root

    merged = merge_folders(
        folders,
        find_root(),
        out,
        db_url=db,
        roster=read_roster(roster) if roster else None,
        missing=missing,
    )
    for note in merged.notes:
        stderr.print(escape(note))
    results, students = counted(merged.results, "result"), counted(merged.students, "student")
    stdout.print(f"{results} of {students}, from {counted(len(folders), 'folder')}.")
    stdout.print(f"Results: {escape(str(merged.folder.results))}")
    stdout.print(f"Next: grader report {escape(str(out))}")
