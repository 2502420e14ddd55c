"""What a check cell's outputs come to."""

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from grader.grading.only_points import OnlyPoints

POINTS = new_output("execute_result", data={"text/plain": "2", "text/html": "<p>panel</p>"})
STDERR = new_output("stream", name="stderr", text="a warning")
STDOUT = new_output("stream", name="stdout", text="a print")
ERROR = new_output("error", ename="ValueError", evalue="", traceback=[])


def cleaned(outputs: list[Any], *, is_check: bool = True) -> list[str]:
    """Return the kinds of output that are left in a cell of four points."""
    marked = {"grade": is_check, "grade_id": "check_x", "points": 4, "solution": False}
    cell = new_code_cell("check('x')", metadata={"nbgrader": marked})
    cell.outputs = [nbformat.from_dict(each) for each in outputs]
    after, _ = OnlyPoints().preprocess_cell(cell, {}, 0)
    return [each.get("ename") or each.get("name") or each.output_type for each in after.outputs]


def result(text: str) -> Any:
    """Return an execute_result with this plain text."""
    return new_output("execute_result", data={"text/plain": text})


def test_points_stay_and_a_warning_costs_nothing() -> None:
    """Stderr, which nbgrader takes for a failure, is dropped."""
    assert cleaned([STDERR, POINTS, STDOUT, STDERR]) == ["execute_result", "stdout"]


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        [STDOUT],
        [result("five")],
        [result("5")],
        [result("-1")],
        [result("nan")],
        [result("inf")],
        [result("")],
        [POINTS, POINTS],
    ],
    ids=["none", "print", "words", "too many", "negative", "nan", "inf", "empty", "two"],
)
def test_what_is_no_number_of_points_is_an_error(outputs: list[Any]) -> None:
    """Nbgrader would give full marks to most of these."""
    assert cleaned(outputs)[-1] == "NoPoints"


def test_an_error_stays_the_only_one() -> None:
    """A check that crashed is 0 already."""
    assert cleaned([ERROR, STDERR]) == ["ValueError"]


def test_other_cells_are_left_alone() -> None:
    """Only check cells are cleaned."""
    assert cleaned([STDERR], is_check=False) == ["stderr"]
