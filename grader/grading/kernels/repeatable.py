"""Draw the same in a notebook's kernel each time that it's graded: numbers and the API's ids.

What a graded notebook shows is then the same too, but for what tells the time. No exam's data hang
on it, so a submission may know it.
"""

from __future__ import annotations

import random
from typing import Any

from grader.simulator import Identifiers


def draw_from(chance: str) -> None:
    """Seed Python's `random` and all simulators to come that have no seed of their own."""
    own = random.Random(f"simulators {chance}")
    usual: Any = Identifiers.__init__

    def begin(self: Identifiers, seed: int | None = None) -> None:
        usual(self, own.getrandbits(128) if seed is None else seed)

    Identifiers.__init__ = begin  # type: ignore[method-assign]
    random.seed(chance)
