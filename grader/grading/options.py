"""nbgrader's options for grading this course: where things lie, and the steps of autograding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.grading.config_files import AGREED

SOURCE, COLLECTED, AUTOGRADED, FEEDBACK = "source", "collected", "autograded", "feedback"
"""Copies of the course's notebooks; of what was handed in; the graded ones; pages for learners."""

FOLDERS = (SOURCE, "release", COLLECTED, AUTOGRADED, FEEDBACK, "attempts")
"""The folders that nbgrader and we write."""

_SANITIZING = ("grader.grading.autograde.RebuildSubmission",)
_AUTOGRADING = (
    "grader.grading.autograde.ExamineSubmission",
    # nbgrader's own: points and lateness into the gradebook.
    "nbgrader.preprocessors.SaveAutoGrades",
    "grader.grading.autograde.SaveComments",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)


def configure(config: Any, *, root: Path, db_url: str | None, late_penalty: str = "") -> None:
    """Set nbgrader's options for a folder of results.

    config: a traitlets Config. db_url: the gradebook; the folder's own SQLite file when None.
    late_penalty: what being late costs, such as 10%/day.
    """
    if late_penalty:
        config.AssignLatePenalties.plugin_class = AGREED
        config.AgreedPenalty.rule = late_penalty
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = SOURCE
    config.CourseDirectory.submitted_directory = COLLECTED
    if db_url is not None:
        config.CourseDirectory.db_url = db_url
    # The lesson sources hold the solutions and must not lie beside a submission.
    config.CourseDirectory.ignore = [".*", "*.pyc", "__pycache__", "*.nb.py"]
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    configure_steps(config)


def configure_steps(config: Any) -> None:
    """Set how nbgrader autogrades: what `grader grade` does to a notebook, one after another."""
    config.Autograde.sanitize_preprocessors = list(_SANITIZING)
    config.Autograde.autograde_preprocessors = list(_AUTOGRADING)
