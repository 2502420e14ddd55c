"""What the APIs of all exams share: their counter of tokens, and the account that they answer.

There is one counter, so that no verdict depends on what is installed:
ctok counts Claude's tokens almost to the token, but only Python 3.12 and later have it. The
estimate is the same on every Python: the simulated API of an exam counts with it, and so does
every check that works out what the API should have said.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from grader.catalog import ModelCard
from grader.simulator import Counter, Replies, Simulator, estimate_tokens, input_tokens

Json = Any

COUNTER: Counter = estimate_tokens
"""The token counter of all exams."""

# Accounts since 2026-08-31 are refused when thinking goes back into another conversation. Several
# exercises still cut a history's front and keep the thinking behind it; when they no longer do,
# this can go.
ACCOUNT_CREATED = date(2026, 1, 1)
"""The day of the account that an exam's API answers, unless a scene asks for a new one."""


def exam_simulator(
    replies: Replies,
    *,
    seed: int,
    clock: Callable[[], float] = lambda: 0.0,
    is_new_account: bool = False,
) -> Simulator:
    """Return the API of an exam.

    clock: in seconds; it stands still unless given, and is never today's: a model that retires
    tomorrow would change verdicts. is_new_account: whether models that bind thinking to its
    conversation refuse it elsewhere.
    """
    return Simulator(
        replies=replies,
        seed=seed,
        clock=clock,
        tokens=COUNTER,
        account_created=None if is_new_account else ACCOUNT_CREATED,
    )


def exam_tokens(request: Json, card: ModelCard) -> int:
    """Return the input tokens of a valid request body, as an exam's API counts them."""
    return input_tokens(request, card, counter=COUNTER)
