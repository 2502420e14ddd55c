"""What a saved notebook keeps of a prediction: which choice, how sure, and what came.

It stands in the output below the cell that answered it, under a media type of its own. Whoever has
the notebook can change it, so it's for counting, never for points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWER_TYPE = "application/vnd.grader.prediction+json"
"""The media type."""
_LONGEST = 100
_MOST_SURE = 3


@dataclass(frozen=True)
class Predicted:
    """Hold one prediction as a notebook keeps it.

    id: the prediction's. choice, came: letters, "" for none. sure: 1 to 3, 0 if that wasn't said.
    """

    id: str
    choice: str
    sure: int
    came: str


def predicted_from(data: object) -> Predicted | None:
    """Return the prediction in a value that was read from JSON, None if it holds none."""
    if not isinstance(data, Mapping):
        return None
    told: list[Any] = [data.get(name) for name in ("id", "choice", "sure", "came")]
    id, choice, sure, came = told
    if not all(isinstance(each, str) and len(each) <= _LONGEST for each in (id, choice, came)):
        return None
    if type(sure) is not int or not 0 <= sure <= _MOST_SURE or not choice:
        return None
    return Predicted(id, choice, sure, came)
