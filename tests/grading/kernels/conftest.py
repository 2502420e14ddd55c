"""One warm parent for each level, shared by the tests of this folder."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from grader.grading.kernels import SealedKernel, WarmParent
from grader.grading.sandbox import Level, Limits
from tests.grading.kernels.levels import LEVELS, skip_unless

LIMITS = Limits(scratch=8 * 2**20, scratch_files=500, outputs=100_000)


@pytest.fixture(scope="session")
def parents() -> Iterator[dict[Level, WarmParent]]:
    """Return the parents that were started so far."""
    with ExitStack() as stack:
        started: dict[Level, WarmParent] = {}
        started_by = _Starting(started, stack)
        yield started_by


class _Starting(dict[Level, WarmParent]):
    """Start a parent when its level is first asked for."""

    def __init__(self, started: dict[Level, WarmParent], stack: ExitStack) -> None:
        super().__init__(started)
        self._stack = stack

    def __missing__(self, level: Level) -> WarmParent:
        self[level] = self._stack.enter_context(WarmParent(level, LIMITS))
        return self[level]


@pytest.fixture(params=LEVELS, ids=lambda level: level.value)
def level(request: pytest.FixtureRequest) -> Level:
    """Return each level that holds here."""
    skip_unless(request.param)
    found: Level = request.param
    return found


@pytest.fixture
def warm(parents: dict[Level, WarmParent], level: Level) -> WarmParent:
    """Return the warm parent of a level."""
    return parents[level]


@pytest.fixture
def kernel(warm: WarmParent) -> Iterator[SealedKernel]:
    """Return a fresh kernel of a level."""
    with warm.kernel() as fresh:
        yield fresh
