"""The levels of containment that hold on this machine, and what a test says where one does not."""

from functools import cache

import pytest

from grader.grading.sandbox import Level
from grader.grading.sandbox.probing import find

EVERY = tuple(Level)
SEALED = (Level.NAMESPACES, Level.LANDLOCK)
BY_TURNS = [
    pytest.param(level, id=level.value, marks=[pytest.mark.proofs] * (level is Level.LANDLOCK))
    for level in EVERY
]
"""`make test` tries the strongest and the weakest level, `make proofs` the one between too."""


@cache
def skip_unless_it_holds(level: Level) -> None:
    """Skip a test of a level that is not to be had here, and say why."""
    found = find(level)
    if not found.holds:
        pytest.skip(f"the level {level.value} does not hold here: {found.reason}")
