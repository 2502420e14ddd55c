"""What came of one cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Json = Any
Ended = Literal["ok", "error", "deadline", "died"]


@dataclass(frozen=True)
class CellRun:
    """Hold a cell's outputs, as nbformat writes them, and how it ended.

    "error": it raised. "deadline": it was interrupted, or killed when that did not help; only the
    kernel's `is_alive` tells which. "died": the kernel is gone, by its own doing.
    The kernel says all of this, so nothing of it may decide about points.
    """

    outputs: tuple[Json, ...]
    ended: Ended
