"""The watch over a check: endless code ends, and nothing else is disturbed."""

import threading
import time

import pytest

from grader.classroom.watching import interrupted_if_endless

SOON = 0.05
"""Seconds of the processor's time."""


def compute(seconds: float) -> None:
    """Use the processor for so long."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_never_ends_is_interrupted() -> None:
    """As if somebody had pressed Stop."""
    watch = interrupted_if_endless(SOON)
    with pytest.raises(KeyboardInterrupt), watch:
        compute(60)


def test_what_catches_the_interrupt_is_interrupted_again() -> None:
    """A loop that tries again whatever is raised ends too, once it has had its tries."""
    caught = []
    with interrupted_if_endless(SOON):
        while len(caught) < 2:
            try:
                compute(60)
            except BaseException as error:  # noqa: BLE001 - as learners write it
                caught.append(type(error))
    assert caught == [KeyboardInterrupt] * 2


def test_waiting_is_not_computing() -> None:
    """A debugger that waits for its user has all the time in the world."""
    with interrupted_if_endless(SOON):
        threading.Event().wait(1)


def test_nothing_is_interrupted_afterwards() -> None:
    """Nor is a watch left."""
    before = threading.active_count()
    with interrupted_if_endless(SOON):
        pass
    compute(4 * SOON)
    assert threading.active_count() == before
