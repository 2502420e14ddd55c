"""A large class ends in a summary, and in a table only if somebody asks for one."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.cli import class_summary
from grader.cli import grading as command
from grader.grading.grade import GradeReport
from grader.grading.result import Result
from grader.grading.results_folder import ResultsFolder
from grader.grading.sandbox import Level
from tests.grading.class_folder import START
from tests.grading.made_results import result
from tests.grading.made_standings import standing_of


def printed(
    report: GradeReport, monkeypatch: pytest.MonkeyPatch, *, has_table: bool | None = None
) -> str:
    """Return what the command ends with."""
    console = Console(width=120, file=io.StringIO(), record=True)
    for module in (command, class_summary):
        monkeypatch.setattr(module, "stdout", console)
    command._print_grades(report, has_table=has_table)
    return console.export_text()


@pytest.mark.parametrize("size", [class_summary.MOST_ROWS, class_summary.MOST_ROWS + 1])
def test_how_a_run_ends_depends_on_the_class_and_on_what_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """The summary counts everybody; every trouble is a line with its sentence."""
    right = standing_of(result("s0"))
    half = standing_of(result("s0", first_call="blank"))
    rows = [
        replace(half if n % 4 == 1 else right, result=replace(right.result, student=f"s{n:03}"))
        for n in range(size - 1)
    ]
    trouble = Result("eve", START, trouble="[b]00_start_here.ipynb[/b] is empty. Ask again.")
    report = GradeReport(
        (*rows, standing_of(trouble)), 0, Level.NAMESPACES, ResultsFolder(tmp_path), {}
    )
    table = printed(report, monkeypatch, has_table=True)
    summary = printed(report, monkeypatch, has_table=False)
    assert table.count("s0") >= size - 2
    assert f"eve · {START}: {trouble.trouble}" in summary.splitlines()
    halves = sum(n % 4 == 1 for n in range(size - 1))
    most = right.result.maximum
    mean = ((size - 1 - halves) * most + halves * (half.points or 0)) / (size - 1)
    [row] = [line for line in summary.splitlines() if line.startswith("│ " + START)]
    assert [each.strip() for each in row.split("│")[1:-1]] == [
        START,
        str(size - 1),
        f"{mean:.1f} of {most}",
        str(size - 1 - halves),
        "1",
    ]
    is_large = size > class_summary.MOST_ROWS
    assert printed(report, monkeypatch) == (summary if is_large else table)
