"""The levels of containment that hold on this machine, and what a test says where one does not."""

from functools import cache

import pytest

from grader.grading.sandbox import Level
from grader.grading.sandbox.probing import find

EVERY = tuple(Level)
SEALED = (Level.NAMESPACES, Level.LANDLOCK)


@cache
def skip_unless_it_holds(level: Level) -> None:
    """Skip a test of a level that is not to be had here, and say why."""
    found = find(level)
    if not found.holds:
        pytest.skip(f"the level {level.value} does not hold here: {found.reason}")
