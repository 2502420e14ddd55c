"""The one counter of tokens for every exam, so that no verdict depends on what is installed.

ctok counts Claude's tokens almost to the token, but only Python 3.12 and later have it. The
estimate is the same on every Python: the simulated API of an exam counts with it, and so does
every check that works out what the API should have said.
"""

from __future__ import annotations

from typing import Any

from grader.catalog import ModelCard
from grader.simulator import Counter, estimate_tokens, input_tokens

Json = Any

COUNTER: Counter = estimate_tokens
"""The token counter of all exams: give it to every Simulator that an exam makes."""


def exam_tokens(request: Json, card: ModelCard) -> int:
    """Return the input tokens of a valid request body, as an exam's API counts them."""
    return input_tokens(request, card, counter=COUNTER)
