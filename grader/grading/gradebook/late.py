"""What being late costs, as nbgrader plugins: the agreed penalty, and an instructor's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode

from grader.errors import GradingError
from grader.grading.late_penalty import read_late_penalty


class AgreedPenalty(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Take off what `grader grade --late-penalty` said, by nbgrader's own tools too."""

    rule = Unicode("", help="Such as 10%/day; see `grader grade --help`.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return what is taken off a score; it's the same for everybody."""
        del student_id
        if not self.rule:
            return None
        return read_late_penalty(self.rule).of(score, total_seconds_late)


class LatePenalties:
    """Ask the plugin that nbgrader's AssignLatePenalties is configured with.

    config: nbgrader's options. folder: where its nbgrader_config.py lies, and a plugin may too.
    Raises GradingError when there is no such plugin.
    """

    def __init__(self, config: Any, folder: Path) -> None:
        from nbgrader.preprocessors import AssignLatePenalties

        try:
            with _importing_from(folder):
                step = AssignLatePenalties(config=config)
                step.init_plugin()
        except Exception as error:
            raise GradingError(
                f"The late penalty of {folder / 'nbgrader_config.py'} cannot be used: {error} "
                "See what it says of AssignLatePenalties and LateSubmissionPlugin."
            ) from error
        self._plugin = step.plugin_inst

    def of(self, student: str, score: float, seconds: float) -> float:
        """Return what is taken off a student's score; raises GradingError if the plugin fails."""
        try:
            taken = self._plugin.late_submission_penalty(student, score, seconds)
            return 0.0 if taken is None else float(taken)
        except Exception as error:
            raise GradingError(
                f"The late penalty {type(self._plugin).__name__} failed for {student}: "
                f"{type(error).__name__}: {error}. Fix it, then run the same command again."
            ) from error


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
