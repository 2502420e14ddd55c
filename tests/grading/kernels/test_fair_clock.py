"""A deadline counts the time that a kernel had, not the time for which it was kept waiting."""

from collections.abc import Callable

import pytest

from grader.grading.kernels import fair_clock
from grader.grading.kernels.fair_clock import Deadline, FairClock


class World:
    """Move time on by hand: the wall's, and what Linux says of the kernel and of this process."""

    def __init__(self) -> None:
        self.wall = 1_000.0
        self.used = self.waited = self.waited_here = 0.0
        self.is_gone = False

    def times(self) -> dict[str, float] | None:
        """Return what the warm parent would say."""
        return None if self.is_gone else {"used": self.used, "waited": self.waited}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a world in which no time passes by itself."""
    made = World()
    monkeypatch.setattr(fair_clock, "monotonic", lambda: made.wall)
    monkeypatch.setattr(fair_clock, "waited", lambda _pid: made.waited_here)
    return made


def works(world: World) -> None:
    """Let the kernel work, undisturbed."""
    world.wall += 5
    world.used += 5


def sleeps(world: World) -> None:
    """Let the kernel sleep."""
    world.wall += 5


def is_kept_waiting(world: World) -> None:
    """Let others have the processors."""
    world.wall += 50
    world.waited += 45
    world.used += 5


def waits_for_us(world: World) -> None:
    """Let this process be kept waiting, and the kernel wait for it."""
    world.wall += 50
    world.waited_here += 45


def works_in_threads(world: World) -> None:
    """Let four threads work, of which the first is mostly kept waiting by the others."""
    world.wall += 2.5
    world.used += 5
    world.waited += 2


@pytest.mark.parametrize(
    "happens", [works, sleeps, is_kept_waiting, waits_for_us, works_in_threads]
)
def test_the_same_work_takes_the_same_time_on_a_busy_machine(
    world: World, happens: Callable[[World], None]
) -> None:
    """Five seconds, whoever else wanted the processors, and however it is measured in between."""
    clock = FairClock(world.times)
    begun = clock.now()
    happens(world)
    assert clock.measure() - begun == pytest.approx(5)
    assert clock.measure() - begun == pytest.approx(5)
    happens(world)
    assert clock.measure() - begun == pytest.approx(10)


def test_a_deadline_moves_on_by_the_time_that_was_not_given(world: World) -> None:
    """And comes when it has been."""
    deadline = Deadline(FairClock(world.times), seconds=20, patience=10)
    assert deadline.wait_until == world.wall + 20
    world.wall += 20
    world.used, world.waited = 4, 16
    assert deadline.more() == pytest.approx(16)
    world.wall += 16
    world.used += 16
    assert (deadline.more(), deadline.was_starved) == (0, False)


def test_patience_has_an_end_that_is_told_from_a_deadline(world: World) -> None:
    """What nearly never had a processor is not judged by what it did."""
    deadline = Deadline(FairClock(world.times), seconds=20, patience=10)
    world.wall += 201
    world.waited += 200
    assert (deadline.more(), deadline.was_starved) == (0, True)


def test_a_sleeper_is_not_waited_for(world: World) -> None:
    """Who wants no processor has had its time."""
    deadline = Deadline(FairClock(world.times), seconds=20, patience=10)
    world.wall += 20
    assert (deadline.more(), deadline.was_starved) == (0, False)


def test_of_a_kernel_that_is_gone_the_walls_time_counts(world: World) -> None:
    """Nobody else knows any."""
    clock = FairClock(world.times)
    world.wall += 3
    world.is_gone = True
    assert clock.measure() == pytest.approx(3)
