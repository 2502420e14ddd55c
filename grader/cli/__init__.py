"""The `grader` command: the only part that prints and exits.

Exit codes: 0 when all went well, 1 when something is wrong with the course, a submission has no
result or a certificate doesn't hold, 2 when the command was called wrongly, 130 after Ctrl+C.
"""

from __future__ import annotations

import sys

import typer
from rich.markup import escape

from grader.cli.clusters import cluster, worker
from grader.cli.collecting import collect
from grader.cli.consoles import stderr
from grader.cli.courses import build, check
from grader.cli.doctor import doctor
from grader.cli.exporting import export
from grader.cli.grading import demo, grade, report
from grader.cli.looking_again import alike, explain, regrade
from grader.cli.merging import merge
from grader.cli.passing_back import passback
from grader.cli.serving import serve
from grader.cli.verifying import verify
from grader.errors import GraderError

app = typer.Typer(
    help="Grade, build and check a course on Anthropic's Messages API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _panel, _commands in {
    "Grade a class": (collect, grade, report, passback, demo),
    "Look again": (explain, regrade, alike, verify),
    "On several machines": (cluster, worker, merge),
    "The course and the simulated API": (build, check, serve, doctor),
}.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)
app.add_typer(export, name="export", rich_help_panel="Grade a class")


def main() -> None:
    """Run the command; errors of ours become one sentence and exit code 1."""
    try:
        app()
    except GraderError as error:
        stderr.print(f"[bold]error:[/] {escape(str(error))}")
        sys.exit(1)
