"""One warm parent a level for all tests: it takes seconds to start, and a kernel milliseconds."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from grader.grading.kernels import SealedKernel, WarmParent
from grader.grading.sandbox import Level
from tests.grading.kernels.levels import skip_unless_it_holds
from tests.leftovers import for_all_modules

Parents = Callable[[Level], WarmParent]
Kernels = Callable[[Level], SealedKernel]


@pytest.fixture(scope="session")
def warm_parent() -> Iterator[Parents]:
    """Return the warm parent of a level; it was started with keys in the environment."""
    started: dict[Level, WarmParent] = {}
    with ExitStack() as stack:

        def start(level: Level) -> WarmParent:
            skip_unless_it_holds(level)
            if level not in started:
                # Only while it starts: other tests of this process must not find them.
                with pytest.MonkeyPatch.context() as patch, for_all_modules():
                    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GRADER_SECRET"):
                        patch.setenv(name, "a secret")
                    started[level] = stack.enter_context(WarmParent(level))
            return started[level]

        yield start


@pytest.fixture
def sealed_kernel(warm_parent: Parents) -> Iterator[Kernels]:
    """Return a fresh kernel of a level."""
    with ExitStack() as stack:
        yield lambda level: stack.enter_context(warm_parent(level).kernel())
