"""`grader grade`, `grader report` and `grader demo`: a class, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from grader.cli.consoles import stderr, stdout

if TYPE_CHECKING:
    from grader.grading import GradeReport, Result

_INTERRUPTED = 130
_DAY = timedelta(hours=23, minutes=59, seconds=59)
_DUE = re.compile(r"(?P<day>\d{4}[-\dWw]*?\d)(?:[Tt ](?P<time>\d\d[^ ]*))?")
_WEEK = re.compile(r"\d{4}-?[Ww]\d\d")
_DAY_OF_YEAR = re.compile(r"(\d{4})-?(\d{3})")
_MIDNIGHT = re.compile(r"24(?::?00){0,2}(?:[.,]0+)?([Zz]|[+-][\d:]+)?")


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
    lesson: Annotated[str | None, typer.Option(help="Grade this lesson only.")] = None,
    jobs: Jobs = None,
    db: Annotated[
        str | None, typer.Option(help="The gradebook's URL; OUT/gradebook.db by default.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where the gradebook, feedback and results.json go.")
    ] = Path("out"),
    seed: Annotated[
        str | None,
        typer.Option(help="What draws the class's fresh data; by chance by default."),
    ] = None,
    due: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LESSON=TIME",
            help="When a lesson has to be handed in, such as 03_tool_use=2026-12-01T23:59+01:00; "
            "may be given for several lessons, and is remembered. Without a zone it is the time "
            "of this machine; a date alone means the end of that day.",
        ),
    ] = None,
    allow_unsandboxed: AllowUnsandboxed = False,
) -> None:
    """Grade a class: points, feedback pages, and nbgrader's gradebook; run again to go on."""
    from grader.exercises import COURSE
    from grader.exercises.sources import find_root
    from grader.grading import Class, grade_class

    due_times = read_due(due or [])
    gathered = Class.gather(submitted, COURSE, lesson=lesson)
    with _told_of_an_end(), _GradingBar(len(gathered)) as advance:
        report = grade_class(
            gathered,
            find_root(),
            out,
            db_url=db,
            jobs=jobs,
            seed=seed,
            allow_unsandboxed=allow_unsandboxed,
            due=due_times,
            on_graded=advance,
        )
    _print_grades(report)
    raise typer.Exit(0 if report.is_complete else 1)


def read_due(words: list[str]) -> dict[str, datetime]:
    """Return the times by lesson; one without a zone is meant as this machine's own.

    A date alone, however it is written, means the end of that day.
    """
    from grader.errors import UnknownExercise
    from grader.exercises import find_lesson

    times = {}
    for given in words:
        name, _, time = given.partition("=")
        try:
            lesson = find_lesson(name).name
        except UnknownExercise as error:
            raise typer.BadParameter(str(error)) from None
        if lesson in times:
            raise typer.BadParameter(f"{lesson} has two due times. Give one.")
        try:
            times[lesson] = _due_time(time.strip())
        except (ValueError, OverflowError) as error:
            raise typer.BadParameter(
                f"'{given}' is no due time{f': {error}' if str(error) else ''}. Write a lesson, =, "
                "and a time: --due 03_tool_use=2026-12-01T23:59"
            ) from None
    return times


def _due_time(written: str) -> datetime:
    """Return the moment that a due time means; raises ValueError, with the reason if there is one.

    The forms of ISO 8601: a day by month, by week or by number, and a time of the day if need be.
    """
    if not written.isascii():
        raise ValueError("its digits have to be 0 to 9")
    found = _DUE.fullmatch(written)
    if found is None:
        raise ValueError
    if _WEEK.fullmatch(found["day"]):
        raise ValueError("a week has seven days; add the day, such as -7 for its Sunday")
    day = _day(found["day"])
    if not found["time"]:
        return _in_zone(day + _DAY, written)
    midnight = _MIDNIGHT.fullmatch(found["time"])
    time = f"00:00{midnight[1] or ''}" if midnight else found["time"].upper()
    # What is written as 24:00 is the end of that day.
    begun = day + timedelta(days=1) if midnight else day
    return _in_zone(datetime.fromisoformat(f"{begun:%Y-%m-%d}T{time}"), written)


def _day(written: str) -> datetime:
    by_number = _DAY_OF_YEAR.fullmatch(written)
    if not by_number:
        return datetime.fromisoformat(written.upper())
    first = datetime(int(by_number[1]), 1, 1)  # noqa: DTZ001 - a day has no zone
    day = first + timedelta(days=int(by_number[2]) - 1)
    if day.year != first.year:
        raise ValueError(f"{first.year} has no day {by_number[2]}")
    return day


def _in_zone(when: datetime, written: str) -> datetime:
    """Return a moment in this machine's zone, or raise ValueError for one that its clocks skip.

    Of a moment that the clocks pass twice, at the end of summer time, the later one is meant.
    """
    if when.tzinfo is not None:
        return when.astimezone()
    there = when.replace(fold=1).astimezone()
    # A time in the hour that summer time skips comes back as another one.
    if there.astimezone(UTC).astimezone().replace(tzinfo=None) != when:
        raise ValueError(
            f"the clocks here skip {when:%H:%M} on {when:%Y-%m-%d}; give another hour, or a zone "
            f"such as {written}+00:00"
        )
    return there


def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="What `grader grade` wrote: its --out.")
    ],
    db: Annotated[
        str | None, typer.Option(help="The gradebook's URL; DIR/gradebook.db by default.")
    ] = None,
) -> None:
    """Report on a graded class: a page, JSON, and CSV for Canvas and Moodle."""
    from grader.grading.report import write_report

    written = write_report(folder, db_url=db)
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
    from grader.exercises.sources import find_root
    from grader.grading import Class, grade_class, make_demo_class

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
    """Show how far grading is, and what is wrong with single submissions, one line each."""

    def __init__(self, total: int) -> None:
        self._progress = Progress(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=stderr,
        )
        self._task = self._progress.add_task("grading", total=total)

    def __enter__(self) -> Callable[[Result], None]:
        self._progress.start()
        return self._advance

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def _advance(self, result: Result) -> None:
        for remark in _remarks(result):
            self._progress.console.print(
                escape(f"{' · '.join(filter(None, (result.student, result.lesson)))}: {remark}")
            )
        self._progress.advance(self._task)


def _remarks(result: Result, late: timedelta | None = None) -> list[str]:
    """Return what an instructor should know of a submission, a sentence each."""
    from grader.grading.page import lasting

    flags = [each.flag for each in result.exercises if each.flag]
    lateness = f"Handed in {lasting(late.total_seconds())} late." if late else ""
    return [each for each in (result.trouble, lateness, *result.remarks, *flags) if each]


def _print_grades(report: GradeReport) -> None:
    table = Table("Student", "Lesson", "Points", "Remarks", title="Grades")
    table.columns[2].justify = "right"
    table.columns[3].overflow = "fold"
    for each in report.results:
        points = "none" if each.points is None else f"{each.points} of {each.maximum}"
        late = report.late.get((each.student, each.lesson))
        remarks = " ".join(_remarks(each, late))
        table.add_row(escape(each.student), escape(each.lesson), points, escape(remarks))
    stdout.print(table)
    missing = sum(1 for each in report.results if each.points is None)
    known = len(report.results) - report.examined - missing
    stdout.print(
        f"{report.examined} examined now, {known} known from before, {missing} without a result; "
        f"kernels sealed off by: {report.level.value}."
    )
    for lesson, when in sorted(report.due.items()):
        stdout.print(f"Due: {lesson} at {when.astimezone():%Y-%m-%d %H:%M:%S %Z}")
    folder = report.folder
    if (folder.path / "feedback").exists():
        stdout.print(f"Feedback pages: {escape(str(folder.path / 'feedback'))}")
    stdout.print(f"Results: {escape(str(folder.results))}")
    if folder.has_gradebook:
        stdout.print(f"Gradebook: {escape(folder.shown_db_url)}")


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
