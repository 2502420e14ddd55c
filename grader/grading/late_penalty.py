"""What lateness costs, in a few words: `10%/day`, `2/hour`, `10%/day max 50%`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from grader.errors import GradingError

_AMOUNT = r"(\d{1,9}(?:\.\d{1,9})?)\s{0,9}(%|points?|)"
_RULE = re.compile(
    rf"{_AMOUNT}\s{{0,9}}(?:/|per)\s{{0,9}}(days?|d|hours?|h)"
    rf"(?:[\s,]{{1,9}}max[\s=]{{0,9}}{_AMOUNT})?",
    re.IGNORECASE,
)
_SECONDS = {"d": 86_400, "h": 3_600}


@dataclass(frozen=True)
class LatePenalty:
    """Hold what each begun day or hour takes off, and the most that all of them take off.

    amount, most: points, or per cent of the points earned if is_percent, most_is_percent say so.
    """

    amount: float
    is_percent: bool
    seconds: int
    most: float | None = None
    most_is_percent: bool = False

    def of(self, score: float, seconds_late: float) -> float:
        """Return what is taken off a score, from 0 to all of it."""
        if seconds_late <= 0:
            return 0.0
        begun = math.ceil(seconds_late / self.seconds)
        taken = begun * _points(self.amount, score, is_percent=self.is_percent)
        if self.most is not None:
            taken = min(taken, _points(self.most, score, is_percent=self.most_is_percent))
        return round(min(max(taken, 0.0), max(score, 0.0)), 6)


def _points(amount: float, score: float, *, is_percent: bool) -> float:
    return amount * score / 100 if is_percent else amount


def read_late_penalty(text: str) -> LatePenalty:
    """Return the penalty that a text describes; raises GradingError, saying what to write."""
    found = _RULE.fullmatch(text.strip())
    if found is None:
        raise GradingError(
            f"{text!r} is not a late penalty. Write what each begun day or hour costs, such as "
            "10%/day, 2/hour (points), or '10%/day max 50%'; none takes it back."
        )
    amount, mark, unit, most, most_mark = found.groups()
    return LatePenalty(
        float(amount),
        mark == "%",
        _SECONDS[unit[0].lower()],
        None if most is None else float(most),
        most_mark == "%",
    )
