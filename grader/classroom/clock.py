"""A clock that a notebook moves by hand, for demos whose minutes nobody should wait for."""

from __future__ import annotations

import time


class SimulatedClock:
    """Stand still until it is told that time passes; give it to `connect(clock=…)`.

    A client of the simulator lives by it, and what is cached grows older when it moves. A client
    of a real server does not, and then `pass_time` says that nothing happened.
    """

    def __init__(self) -> None:
        self._now = time.time()
        self._is_followed = True

    def __call__(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._now

    def pass_time(self, *, minutes: float) -> None:
        """Move on by so many minutes, and print that, without waiting.

        Raises ValueError when that is less than none.
        """
        if not minutes >= 0:
            raise ValueError(f"minutes={minutes!r} would turn the clock back. Give 0 or more.")
        unit = "minute" if minutes == 1 else "minutes"
        if not self._is_followed:
            print(f"This client is real: its clock cannot be moved by {minutes:g} {unit}.")
            return
        self._now += minutes * 60
        print(f"{minutes:g} {unit} later.")

    def ignore(self) -> None:
        """Note that a client lives by the real time."""
        self._is_followed = False
