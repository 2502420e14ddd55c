"""What a submission loses for being late: nbgrader's own plugin says it."""

from __future__ import annotations

from typing import Any


class LatePenalties:
    """Ask the plugin that nbgrader's AssignLatePenalties is configured with.

    config: nbgrader's options. Without any, `LateSubmissionPlugin` takes nothing off.
    """

    def __init__(self, config: Any) -> None:
        from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(config=config)
        step.init_plugin()
        self._plugin = step.plugin_inst

    def of(self, student: str, notebook: Any) -> float | None:
        """Return the penalty of a submitted notebook, from 0 to its score; None for none."""
        seconds = _seconds_late(notebook.assignment)
        if seconds <= 0:
            return None
        score = float(notebook.score)
        penalty = self._plugin.late_submission_penalty(student, score, seconds)
        return None if penalty is None else min(max(float(penalty), 0.0), score)


def _seconds_late(submission: Any) -> float:
    # nbgrader adds an extension to a due date that it does not look for first.
    if submission.assignment.duedate is None:
        return 0
    return float(submission.total_seconds_late)
