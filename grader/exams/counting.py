"""What the APIs of all exams share: their counter of tokens, and that the account is a new one.

There is one counter, so that no verdict depends on what is installed:
ctok counts Claude's tokens almost to the token, but only Python 3.12 and later have it. The
estimate is the same on every Python: the simulated API of an exam counts with it, and so does
every check that works out what the API should have said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.catalog import ModelCard
from grader.simulator import Counter, Replies, Simulator, estimate_tokens, input_tokens

Json = Any

COUNTER: Counter = estimate_tokens
"""The token counter of all exams."""


def exam_simulator(
    replies: Replies, *, seed: int, clock: Callable[[], float] = lambda: 0.0
) -> Simulator:
    """Return the API of an exam; it holds thinking to its conversation, as for a new account.

    clock: in seconds; it stands still unless given, and is never today's: a model that retires
    tomorrow would change verdicts.
    """
    return Simulator(replies=replies, seed=seed, clock=clock, tokens=COUNTER)


def exam_tokens(request: Json, card: ModelCard) -> int:
    """Return the input tokens of a valid request body, as an exam's API counts them."""
    return input_tokens(request, card, counter=COUNTER)
