"""A large class in a screen: how many have a result, how they did, and what is wrong, in words."""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from grader.cli.consoles import stdout
from grader.plural import counted

if TYPE_CHECKING:
    from grader.grading import GradeReport

MOST_ROWS = 100
"""For how many results there is a table of all of them, unless somebody asks for it."""
_MOST_TROUBLES = 40


def print_summary(report: GradeReport) -> None:
    """Print a row for each lesson, and a line for each submission with no result."""
    table = Table("Lesson", "Results", "Mean", "Full marks", "No result", title="Grades")
    for column in table.columns[1:]:
        column.justify = "right"
    for lesson in sorted({each.place[1] for each in report.standings if each.number}):
        here = [each for each in report.standings if each.place[1] == lesson]
        graded = [each for each in here if each.points is not None]
        most = max((each.result.maximum for each in graded), default=0)
        average = mean(each.points or 0.0 for each in graded) if graded else 0.0
        table.add_row(
            escape(lesson),
            f"{len(graded):,}",
            f"{average:.1f} of {most}",
            f"{sum((each.points or 0) >= each.result.maximum for each in graded):,}",
            f"{len(here) - len(graded):,}",
        )
    stdout.print(table)
    troubles = [each for each in report.standings if each.points is None]
    for each in troubles[:_MOST_TROUBLES]:
        who = " · ".join(filter(None, (report.people.shown(each.place[0]), each.place[1])))
        said = each.result.trouble
        stdout.print(escape(f"{who}: {said}" if who else said), soft_wrap=True)
    more = len(troubles) - _MOST_TROUBLES
    if more > 0:
        stdout.print(f"{counted(more, 'more result')} missing; `grader report` lists all.")
    stdout.print(f"The table of all {len(report.standings):,} comes with --table.")
