"""Warm parents for tests: one of each level that holds here, started when it is first asked for."""

import pytest

from grader.grading.sandbox import Level, objection_to

LEVELS = list(Level)


def skip_unless(level: Level) -> None:
    """Skip a test where a level does not hold, saying why."""
    objection = objection_to(level)
    if objection:
        pytest.skip(f"Containment by {level.value} does not hold here: {objection}.")
