"""`grader grade`, `grader report` and `grader demo`: a class, graded and reported on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from grader.cli.class_summary import MOST_ROWS, print_summary
from grader.cli.collecting import MissingOption, RosterOption, some_of
from grader.cli.consoles import stderr, stdout
from grader.cli.due_times import lesson_named, read_due_or_none, read_extensions

if TYPE_CHECKING:
    from grader.grading import GradeReport
    from grader.grading.standing import Standing

_INTERRUPTED = 130
_LEAST_SEED = 16


def _positive(jobs: int | None) -> int | None:
    if jobs is not None and jobs < 1:
        raise typer.BadParameter(f"{jobs} notebooks at once is too few. Give 1 or more: --jobs 2")
    return jobs


Jobs = Annotated[
    int | None,
    typer.Option(
        callback=_positive,
        help="How many notebooks are examined at once; all cores by default.",
        metavar="N",
    ),
]
AllowUnsandboxed = Annotated[
    bool,
    typer.Option(
        "--allow-unsandboxed",
        help="Grade where nothing can seal submissions off from this machine (macOS, Windows).",
    ),
]


def grade(
    submitted: Annotated[Path, typer.Argument(help="SUBMITTED/<student>/<lesson>/<lesson>.ipynb")],
    lesson: Annotated[
        str | None,
        typer.Option(
            help="Grade this lesson only; the others keep what they have. The beginning of its "
            "name is enough: 03."
        ),
    ] = None,
    jobs: Jobs = None,
    db: Annotated[
        str | None,
        typer.Option(
            help="The gradebook's URL; that of the last run by default, at first OUT/gradebook.db."
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where the gradebook, feedback and results.json go.")
    ] = Path("out"),
    seed: Annotated[
        str | None,
        typer.Option(
            help="The seed of the class's fresh data; random by default, so nobody can guess it."
        ),
    ] = None,
    due: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LESSON=TIME",
            help="When a lesson is due, such as 03_tool_use=2026-12-01T23:59+01:00; give it once "
            "for each lesson; it is remembered, and 03_tool_use=none takes it back. "
            "Without a zone it is this machine's time; a date alone means the end of that day.",
        ),
    ] = None,
    times: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="When submissions were handed in: a file with the columns student, lesson and "
            "time, which is remembered; an empty time takes it back. Without it nbgrader's "
            "timestamp.txt beside a notebook "
            "counts, and without that the first time at which this very file was seen here.",
        ),
    ] = None,
    extension: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STUDENT/LESSON=TIME",
            help="How much longer one student has, such as ada/03_tool_use=2d (also 36h, 1w or "
            "90min), or until when; it replaces an earlier one in the gradebook. "
            "ada/03_tool_use=none takes it back.",
        ),
    ] = None,
    late_penalty: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help="What being late costs for each day or hour that has begun: 10%/day of the points "
            "earned, 2/hour for points, '10%/day max 50%' with a limit; remembered, none takes it "
            "back. A plugin of your own goes into OUT/nbgrader_config.py.",
        ),
    ] = None,
    attempts: Annotated[
        str | None,
        typer.Option(
            metavar="last|best|last-before-due",
            help="Which try counts of those that could be graded: the newest (last, the default); "
            "the one with the most points once the late penalty is off, of equal ones the first "
            "(best); the newest that came in time with any extension, or the newest if none "
            "did (last-before-due). Remembered.",
        ),
    ] = None,
    forget: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STUDENT",
            help="Remove from results and gradebook a student whose folder is gone; without it "
            "results are kept. For a folder that was renamed, or somebody who left.",
        ),
    ] = None,
    roster: RosterOption = None,
    missing: MissingOption = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="CLUSTER",
            help="Examine the notebooks on a Dask cluster: the file that `grader cluster` wrote, "
            "or a scheduler's address, such as tls://lab:8786.",
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="PART/PARTS",
            help="Grade one part of the class, such as 2/8 on the second of eight machines, each "
            "with the same --seed; `grader merge` puts them together.",
        ),
    ] = None,
    table: Annotated[
        bool | None,
        typer.Option(
            "--table/--no-table",
            help="End with a table of all results; by default a class with more than "
            f"{MOST_ROWS} ends with a summary.",
            show_default=False,
        ),
    ] = None,
    allow_unsandboxed: AllowUnsandboxed = False,
) -> None:
    """Grade a class: points, feedback pages, and nbgrader's gradebook; run again to go on."""
    from grader.exercises import COURSE
    from grader.grading import Agreed, Class, grade_class
    from grader.grading.cluster.address import read_address
    from grader.grading.hand_in_times import read_times
    from grader.grading.known_files import KnownFiles
    from grader.grading.roster import read_roster
    from grader.grading.shards import WHOLE, read_shard
    from grader.sources import find_root

    if cluster is not None and jobs is not None:
        raise typer.BadParameter(
            "The cluster's workers say how many notebooks are examined at once. Leave --jobs out."
        )
    part = read_shard(shard) if shard else WHOLE
    if part.of > 1 and (roster or missing):
        raise typer.BadParameter(
            "Part of a class would show everybody else as missing. Give --roster and --missing to "
            "`grader merge`."
        )
    address = read_address(cluster) if cluster else None
    agreed = Agreed(
        due=read_due_or_none(due or []),
        times=None if times is None else read_times(times, lesson_named),
        extensions=read_extensions(extension or []),
        attempts=attempts,
        late_penalty=late_penalty,
        forget=tuple(forget or ()),
    )
    if seed is not None and len(seed) < _LEAST_SEED:
        stderr.print(
            f"A seed of {len(seed)} characters can be guessed, and with it the data of every exam. "
            f"Leave --seed out, or give {_LEAST_SEED} characters or more, drawn by chance."
        )
    known = read_roster(roster) if roster else None
    one = lesson and lesson_named(lesson)
    gathered = Class.gather(
        submitted, COURSE, lesson=one, known=KnownFiles(out.resolve()), shard=part
    )
    with _told_of_an_end(), _GradingBar(len(gathered)) as advance:
        report = grade_class(
            gathered,
            find_root(),
            out,
            db_url=db,
            jobs=jobs,
            seed=seed,
            allow_unsandboxed=allow_unsandboxed,
            agreed=agreed,
            roster=known,
            missing=missing,
            cluster=address,
            on_graded=advance,
        )
    _print_grades(report, has_table=table)
    raise typer.Exit(0 if report.is_complete else 1)


def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="What `grader grade` wrote: its --out.")
    ],
    db: Annotated[
        str | None,
        typer.Option(
            help="The gradebook's URL; that of the last run by default, at first DIR/gradebook.db."
        ),
    ] = None,
    lesson: Annotated[
        str | None,
        typer.Option(
            help="Write CSV files of this lesson only, named after it: an empty cell of another "
            "lesson would clear a grade that Canvas has."
        ),
    ] = None,
    per: Annotated[
        str,
        typer.Option(
            metavar="class|lesson|exercise",
            help="Make CSV files for all lessons together (class), for each lesson, or for the "
            "exercises of each lesson.",
        ),
    ] = "class",
    roster: RosterOption = None,
    missing: MissingOption = None,
) -> None:
    """Report on a graded class: a page, JSON, and CSV for Canvas and Moodle.

    First, points, comments and extensions given in the gradebook since go onto the feedback pages.
    """
    from grader.grading.report import write_report
    from grader.grading.roster import read_roster

    written = write_report(
        folder,
        db_url=db,
        lesson=lesson and lesson_named(lesson),
        per=per,
        roster=read_roster(roster) if roster else None,
        missing=missing,
    )
    for note in written.notes:
        stderr.print(escape(note))
    for path in written.paths:
        stdout.print(f"wrote {escape(str(path))}")
    if written.gradebook:
        stdout.print(f"The CSV files hold the points of {escape(written.gradebook)}.")
    else:
        stdout.print(
            "The CSV files hold the automatic points; name the gradebook with --db for those "
            "given by hand and for late penalties."
        )


def demo(
    out: Annotated[Path, typer.Option(help="Where the class and its grades go.")] = Path(
        "out/demo"
    ),
    jobs: Jobs = None,
    allow_unsandboxed: AllowUnsandboxed = False,
) -> None:
    """Make a class of eight from the solutions, grade it, and show the result."""
    from grader.exercises import COURSE
    from grader.grading import Class, grade_class, make_demo_class
    from grader.sources import find_root

    root = find_root()
    submitted = make_demo_class(root, out / "submitted")
    gathered = Class.gather(submitted, COURSE)
    with _told_of_an_end(), _GradingBar(len(gathered)) as advance:
        report = grade_class(
            gathered,
            root,
            out,
            jobs=jobs,
            allow_unsandboxed=allow_unsandboxed,
            on_graded=advance,
        )
    _print_grades(report)
    mistaken = next(each for each in report.results if 0 < (each.points or 0) < each.maximum)
    page = report.folder.feedback(mistaken.student, mistaken.lesson)
    stdout.print(f"A feedback page: {escape(str(page))}")
    raise typer.Exit(0 if report.is_complete else 1)


class _GradingBar:
    """Show how far grading has got, and what is wrong with single submissions, one line each."""

    def __init__(self, total: int) -> None:
        self._progress = Progress(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=stderr,
        )
        self._task = self._progress.add_task("grading", total=total)

    def __enter__(self) -> Callable[[Standing], None]:
        self._progress.start()
        return self._advance

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def _advance(self, standing: Standing) -> None:
        who = " · ".join(filter(None, standing.place))
        for remark in standing.remarks():
            self._progress.console.print(escape(f"{who}: {remark}" if who else remark))
        self._progress.advance(self._task)


def _print_grades(report: GradeReport, *, has_table: bool | None = None) -> None:
    from grader.grading.hand_in_times import shown_time

    if has_table or (has_table is None and len(report.standings) <= MOST_ROWS):
        _print_table(report)
    else:
        print_summary(report)
    missing = sum(1 for each in report.standings if each.points is None)
    known = max(0, len(report.standings) - report.examined - missing)
    stdout.print(
        f"{report.examined} examined now, {known} known from before, {missing} without a result; "
        f"kernels sealed off by: {report.level.value}."
    )
    for lesson, absent in report.absent.items():
        stdout.print(escape(f"{lesson}: nothing from {some_of(absent, len(absent))}"))
    if report.kept:
        stdout.print(f"{report.kept} of other lessons or parts of the class are kept as they were.")
    for note in report.notes:
        stdout.print(escape(note))
    for lesson, when in sorted(report.due.items()):
        stdout.print(f"Due: {lesson} at {shown_time(when, when.tzinfo)}")
    folder = report.folder
    if (folder.path / "feedback").exists():
        stdout.print(f"Feedback pages: {escape(str(folder.path / 'feedback'))}")
    stdout.print(f"Results: {escape(str(folder.results))}")
    if folder.has_gradebook:
        stdout.print(f"Gradebook: {escape(folder.shown_db_url)}")


def _print_table(report: GradeReport) -> None:
    table = Table("Student", "Lesson", "Points", "Remarks", title="Grades")
    table.columns[2].justify = "right"
    table.columns[3].overflow = "fold"
    for each in report.standings:
        student, lesson = report.people.shown(each.place[0]), each.place[1]
        table.add_row(
            escape(student), escape(lesson), each.shown_points, escape(" ".join(each.remarks()))
        )
    stdout.print(table)


@contextmanager
def _told_of_an_end() -> Iterator[None]:
    """Say after Ctrl+C what became of the work."""
    try:
        yield
    except KeyboardInterrupt:
        stderr.print(
            "Stopped. What was graded is kept: the same command goes on where this one stopped."
        )
        raise typer.Exit(_INTERRUPTED) from None
