"""What a submission loses for being late, where an instructor's own plugin of nbgrader says it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.errors import GradingError


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
        """Return what is taken off a student's score; raises GradingError when it isn't told."""
        try:
            taken = self._plugin.late_submission_penalty(student, score, seconds)
            return 0.0 if taken is None else float(taken)
        except Exception as error:
            raise GradingError(
                f"The late penalty {type(self._plugin).__name__} failed for {student}: "
                f"{type(error).__name__}: {error}. Mend it, then run the same command again."
            ) from error


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
