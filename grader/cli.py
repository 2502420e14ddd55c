"""The `grader` command: the only module that prints and exits.

Exit codes: 0 when all went well, 1 when something is wrong with the course or a submission, 2 when
the command was called wrongly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.grading import GradeReport, Result

app = typer.Typer(
    help="Build, check and grade a course on Anthropic's Messages API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_KEPT_EXCHANGES = 100
"""How many requests a server remembers; nobody reads them, and its memory stays flat."""

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

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """Run the command; errors of ours become one sentence and exit code 1."""
    try:
        app()
    except GraderError as error:
        _err.print(f"[bold]error:[/] {escape(str(error))}")
        sys.exit(1)


@app.command()
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
        _out.print(f"wrote {escape(path)}")
    for path in report.removed:
        _out.print(f"removed {escape(path)}")
    _out.print(f"{len(report.written)} written, {len(report.unchanged)} unchanged.")


@app.command()
def check() -> None:
    """Prove the laws of the course; list what breaks them, with the fix."""
    from grader.authoring import check as check_course
    from grader.authoring import find_root
    from grader.exercises import COURSE

    problems = check_course(find_root(), COURSE)
    for problem in problems:
        _err.print(escape(str(problem)))
    if problems:
        noun = "problem" if len(problems) == 1 else "problems"
        _err.print(f"{len(problems)} {noun}.")
        raise typer.Exit(1)
    _out.print("Every law of the course holds.")


Jobs = Annotated[
    int | None,
    typer.Option(
        min=1, help="How many notebooks are examined at once; all cores by default.", metavar="N"
    ),
]
AllowUnsandboxed = Annotated[
    bool,
    typer.Option(
        "--allow-unsandboxed",
        help="Grade where nothing can seal submissions off from this machine (macOS, Windows).",
    ),
]


@app.command()
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
            "may be given several times.",
        ),
    ] = None,
    allow_unsandboxed: AllowUnsandboxed = False,
) -> None:
    """Grade a class: points, feedback pages, and nbgrader's gradebook; run again to go on."""
    from grader.exercises import COURSE
    from grader.exercises.sources import find_root
    from grader.grading import Class, grade_class

    gathered = Class.gather(submitted, COURSE, lesson=lesson)
    with _GradingBar(len(gathered)) as advance:
        report = grade_class(
            gathered,
            find_root(),
            out,
            db_url=db,
            jobs=jobs,
            seed=seed,
            allow_unsandboxed=allow_unsandboxed,
            due=_read_due(due or []),
            on_graded=advance,
        )
    _print_grades(report)
    raise typer.Exit(0 if report.is_complete else 1)


def _read_due(words: list[str]) -> dict[str, datetime]:
    """Return the times by lesson; one without a zone is meant as this machine's own."""
    from grader.exercises import find_lesson

    times = {}
    for given in words:
        lesson, _, time = given.partition("=")
        try:
            times[find_lesson(lesson).name] = datetime.fromisoformat(time).astimezone()
        except ValueError:
            raise typer.BadParameter(
                f"'{given}' is no due time. Write a lesson, =, and a time: "
                "--due 03_tool_use=2026-12-01T23:59"
            ) from None
    return times


@app.command()
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
        _out.print(f"wrote {escape(str(path))}")
    if written.gradebook:
        _out.print(f"The CSV files hold the points of {escape(written.gradebook)}.")
    else:
        _out.print(
            "The CSV files hold the automatic points; name the gradebook with --db for those "
            "given by hand and for late penalties."
        )


@app.command()
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
    with _GradingBar(len(gathered)) as advance:
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
    _out.print(f"A feedback page: {escape(str(page))}")
    raise typer.Exit(0 if report.is_complete else 1)


def _read_port(words: str | int) -> int:
    # Typer reads the default too.
    given = str(words)
    port = int(given) if given.isascii() and given.isdigit() else -1
    if not 0 <= port <= 65535:
        raise typer.BadParameter(
            f"'{given}' is no port. Ports go from 1 to 65535, and 0 takes a free one: --port 8017"
        )
    return port


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            parser=_read_port, metavar="PORT", help="The port to listen on; 0 takes a free one."
        ),
    ] = 8017,
    api_key: Annotated[
        str | None,
        typer.Option(
            envvar="GRADER_API_KEY",
            help="The one key that is accepted; any key unless given.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Make ids repeatable.", show_default=False)
    ] = None,
    pace: Annotated[
        Literal["none", "realistic"], typer.Option(help="How fast streamed replies come.")
    ] = "none",
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            help="Answer what the API would refuse with a 400, or for an unknown model, with a "
            "reply that says so: for generated tests that send nonsense on purpose.",
        ),
    ] = False,
) -> None:
    """Serve the simulated API over HTTP, for clients in any language."""
    from grader.simulator import Pace, Simulator
    from grader.simulator.listener import listen, url_of
    from grader.simulator.server import serve as serve_simulator

    listener = listen(host, port, is_guarded=bool(api_key))
    url, key = url_of(listener), "YOUR_KEY" if api_key else "simulated"
    lines = (
        f"The simulated API answers at {url} until you press Ctrl+C.",
        f"Anthropic's SDKs: ANTHROPIC_BASE_URL={url} ANTHROPIC_API_KEY={key}",
        f"OpenAI's SDKs:    OPENAI_BASE_URL={url}/v1 OPENAI_API_KEY={key}",
        f"curl:             curl {url}/v1/models -H 'x-api-key: {key}'",
    )
    for line in lines:
        _out.print(escape(line))
    if lenient:
        _out.print("Lenient: what the API would refuse with a 400 is answered too, and says so.")
    simulator = Simulator(
        api_key=api_key or None,
        seed=seed,
        pace=Pace.realistic() if pace == "realistic" else None,
        lenient=lenient,
        transcript_limit=_KEPT_EXCHANGES,
    )
    serve_simulator(simulator, listener)
    _out.print("Stopped.")


@app.command()
def doctor() -> None:
    """Say what is installed, how well submissions are contained, and where requests would go."""
    import os
    import platform
    import shutil
    from importlib.metadata import PackageNotFoundError, version

    from grader.classroom.connection import DEFAULT_CAP, choose_destination
    from grader.grading.sandbox import explain

    _out.print(f"Python {platform.python_version()} at {escape(sys.executable)}")
    for name in _PACKAGES:
        try:
            _out.print(f"{name} {version(name)}")
        except PackageNotFoundError:
            _out.print(f"{name} is not installed; {_PACKAGES[name]}")
    for name, (programs, use) in _PROGRAMS.items():
        found = next(filter(None, map(shutil.which, programs)), None)
        _out.print(f"{name} at {escape(found)}" if found else f"{name} is not installed; {use}")
    _out.print("Containment of submissions, strongest level first:")
    for line in explain():
        _out.print(f"  {escape(line)}")
    try:
        statement = choose_destination(os.environ, live=None, cap=DEFAULT_CAP).statement
    except GraderError as error:
        statement = str(error)
    _out.print(f"A notebook started here: {escape(statement)}")


class _GradingBar:
    """Show how far grading is, and what is wrong with single submissions, one line each."""

    def __init__(self, total: int) -> None:
        self._progress = Progress(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=_err,
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
                f"{escape(result.student)} · {escape(result.lesson)}: {escape(remark)}"
            )
        self._progress.advance(self._task)


def _remarks(result: Result) -> list[str]:
    """Return what an instructor should know of a submission, a sentence each."""
    flags = [each.flag for each in result.exercises if each.flag]
    return [each for each in (result.trouble, *result.remarks, *flags) if each]


def _print_grades(report: GradeReport) -> None:
    table = Table("Student", "Lesson", "Points", "Remarks", title="Grades")
    table.columns[2].justify = "right"
    for each in report.results:
        points = "none" if each.points is None else f"{each.points} of {each.maximum}"
        remarks = " ".join(_remarks(each))
        table.add_row(escape(each.student), escape(each.lesson), points, escape(remarks))
    _out.print(table)
    missing = sum(1 for each in report.results if each.points is None)
    known = max(0, len(report.results) - report.examined - missing)
    _out.print(
        f"{report.examined} examined now, {known} known from before, {missing} without a result; "
        f"kernels sealed off by: {report.level.value}."
    )
    _out.print(f"Feedback pages: {escape(str(report.folder.path / 'feedback'))}")
    _out.print(f"Results: {escape(str(report.folder.results))}")
    _out.print(f"Gradebook: {escape(report.folder.shown_db_url)}")


if __name__ == "__main__":
    main()
