"""The agreed late penalty as a plugin of nbgrader's, so that its own tools take off the same."""

from __future__ import annotations

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode

from grader.grading.late_penalty import read_late_penalty


class AgreedPenalty(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Take off what `grader grade --late-penalty` said."""

    rule = Unicode("", help="Such as 10%/day; see `grader grade --help`.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return what is taken off a score; it's the same for everybody."""
        del student_id
        if not self.rule:
            return None
        return read_late_penalty(self.rule).of(score, total_seconds_late)
