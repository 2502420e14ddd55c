"""What an executed check cell may say: a number of points, and nothing else counts.

nbgrader reads the output of a check cell and is too kind and too strict at once: a cell without
any result gets full marks, and one line on stderr, be it a warning, gets none. This preprocessor
stands between the two: it drops what was written to stderr, and makes a result that is no number
of points within range an error, which is 0. It trusts the number itself, which the learner's
process wrote: that is closed when the exam moves out of that process.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.grading.error_output import error_output


class OnlyPoints(NbGraderPreprocessor):  # type: ignore[misc]
    """Leave in each check cell one result: a number from 0 to the cell's points, or an error."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, _index: int
    ) -> tuple[NotebookNode, Any]:
        """Clean the outputs of one cell if it is a check cell."""
        if utils.is_grade(cell) and cell.cell_type == "code":
            cell.outputs = _cleaned(cell.outputs, float(cell.metadata.nbgrader.points))
        return cell, resources


def _cleaned(outputs: list[NotebookNode], maximum: float) -> list[NotebookNode]:
    kept = [each for each in outputs if each.get("name") != "stderr"]
    if any(each.output_type == "error" for each in kept):
        return kept
    results = [each for each in kept if each.output_type == "execute_result"]
    if len(results) == 1 and _is_points(results[0], maximum):
        return kept
    message = "The check gave no number of points, so this exercise counts 0."
    return [*kept, error_output("NoPoints", message)]


def _is_points(result: NotebookNode, maximum: float) -> bool:
    try:
        points = float(result.data.get("text/plain", ""))
    except (TypeError, ValueError):
        return False
    return 0 <= points <= maximum
