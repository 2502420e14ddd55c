"""`grader collect`: from a class's downloads to the folder that `grader grade` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import Progress, TextColumn
from rich.table import Table

from grader.cli.consoles import stderr, stdout
from grader.cli.due_times import lesson_named
from grader.plural import counted

if TYPE_CHECKING:
    from grader.grading.intake import IntakePlan, Left, Move
    from grader.grading.roster import Roster

_MOST_EXAMPLES = 5

RosterOption = Annotated[
    str | None,
    typer.Option(
        metavar="CSV",
        help="Who is in the class: Canvas's or Moodle's own export, nbgrader's gradebook, or a "
        "file with columns such as login, name, email and section. `grade` and `report` remember "
        "it.",
    ),
]
MissingOption = Annotated[
    str | None,
    typer.Option(
        metavar="missing|0",
        help="What counts for a student of the roster who handed in nothing of a lesson that is "
        "due: no result (missing, the default), or 0 points. Remembered.",
    ),
]


def collect(
    downloads: Annotated[
        list[Path],
        typer.Argument(
            metavar="DOWNLOAD...",
            help="A zip of Canvas or Moodle, a folder of clones, nbgrader's exchange, or any "
            "folder of notebooks, zipped or not.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="The folder of submissions, which `grader grade` takes.")
    ] = Path("submitted"),
    roster: RosterOption = None,
    lesson: Annotated[
        str | None,
        typer.Option(
            help="Take this lesson only. It also says the lesson of files that don't. The "
            "beginning of its name is enough: 03."
        ),
    ] = None,
    newer: Annotated[
        bool,
        typer.Option(
            "--newer",
            help="Take what was downloaded as newer than what is there, where no time says it. "
            "What is there moves into a folder earlier/ beside it.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would happen to each file, change nothing.")
    ] = False,
) -> None:
    """Collect a class's downloads into SUBMITTED/<student>/<lesson>/<lesson>.ipynb.

    Nothing is overwritten. Each file that is left is told, with the reason.
    """
    from grader.exercises import COURSE
    from grader.grading.intake import Walk, look_into, place, plan, refuse_own_folder
    from grader.grading.roster import read_roster
    from grader.sources import find_root

    known = read_roster(roster) if roster else None
    refuse_own_folder(downloads, out)
    with Walk(downloads) as walk:
        with Progress(TextColumn("reading {task.completed} notebooks"), console=stderr) as bar:
            task = bar.add_task("reading", total=None)
            looked = look_into(
                walk,
                COURSE,
                find_root(),
                roster=known,
                lesson=lesson_named(lesson) if lesson else "",
                on_read=lambda: bar.advance(task),
            )
        planned = plan(looked, out, are_newer=newer)
        left = list(planned.left)
        if dry_run:
            _print_moves(planned)
        else:
            left += place(planned)
    _print_sum(planned, is_done=not dry_run)
    _print_left(left)
    _print_roster(planned, known)
    if dry_run:
        stdout.print("Nothing was changed: this was a dry run.")
    elif planned.moves:
        stdout.print(f"Next: grader grade {escape(str(out))}{_roster_option(roster)}")
    raise typer.Exit(1 if any(each.is_trouble for each in left) or not planned.moves else 0)


def _roster_option(roster: str | None) -> str:
    return f" --roster {escape(roster)}" if roster else ""


def _print_moves(planned: IntakePlan) -> None:
    from grader.grading.hand_in_times import shown_time

    for move in planned.moves:
        handed_in = move.handed_in
        when = f" ({shown_time(handed_in.at)})" if handed_in.at else ""
        notes = "".join(f"; {each}" for each in handed_in.notes)
        stdout.print(
            escape(f"{_verb(move)} {handed_in.item.shown} -> {move.target}{when}{notes}"),
        )


def _verb(move: Move) -> str:
    if move.is_there:
        return "there already:"
    if move.is_earlier:
        return "earlier try:"
    return "newer, replaces:" if move.aside else "new:"


def _print_sum(planned: IntakePlan, *, is_done: bool) -> None:
    title = "Collected" if is_done else "To be collected"
    table = Table(
        "Lesson", "Students", "New", "Newer", "Earlier tries", "There already", title=title
    )
    for column in table.columns[1:]:
        column.justify = "right"
    lessons = sorted({each.handed_in.lesson for each in planned.moves})
    for lesson in lessons:
        moves = [each for each in planned.moves if each.handed_in.lesson == lesson]
        counts = Counter(map(_verb, moves))
        students = {each.handed_in.student for each in moves}
        kinds = ("new:", "newer, replaces:", "earlier try:", "there already:")
        table.add_row(escape(lesson), str(len(students)), *(str(counts[each]) for each in kinds))
    if lessons:
        stdout.print(table)
    else:
        stdout.print("Nothing to collect was found.")


def _print_left(left: list[Left]) -> None:
    """Print why files are left: those that need a person first, one by one; others by number."""
    for each in sorted((one for one in left if one.is_trouble), key=lambda one: one.shown):
        stdout.print(escape(f"left: {each.shown}: {each.reason}"))
    by_reason: dict[str, list[str]] = {}
    for each in left:
        if not each.is_trouble:
            by_reason.setdefault(each.reason, []).append(each.shown)
    for reason, files in sorted(by_reason.items()):
        more = len(files) - _MOST_EXAMPLES
        rest = f" and {more} more" if more > 0 else ""
        names = ", ".join(sorted(files)[:_MOST_EXAMPLES])
        stdout.print(escape(f"left, {counted(len(files), 'file')}, {reason}: {names}{rest}"))


def _print_roster(planned: IntakePlan, roster: Roster | None) -> None:
    """Say who of the roster has handed in nothing, by lesson."""
    if roster is None:
        return
    for lesson in sorted({each.handed_in.lesson for each in planned.moves}):
        here = {each.handed_in.student for each in planned.moves if each.handed_in.lesson == lesson}
        missing = [each.shown for each in roster.people if each.student not in here]
        if missing:
            stdout.print(escape(f"{lesson}: nothing from {some_of(missing, len(roster))}"))


def some_of(names: Sequence[str], total: int) -> str:
    """Return how many there are of a total, and the first few names."""
    more = len(names) - _MOST_EXAMPLES
    rest = f" and {more} more" if more > 0 else ""
    number = f"{len(names)} of {total}" if total > len(names) else counted(len(names), "student")
    return f"{number}: {', '.join(names[:_MOST_EXAMPLES])}{rest}"
