"""Conversations to cut: their turns, and a budget for some of the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.exams import Exam
from grader.exercises.loops import (
    Messages,
    has_thoughts,
    joined,
    plain_exchange,
    question,
    sdk_block,
    signed,
    without_thoughts,
)
from grader.exercises.tokens_and_cost.prompts import tokens_of

Json = Any


@dataclass(frozen=True)
class Task:
    """Hold a call's input, and how many of its turns and messages should be left."""

    request: dict[str, Json]
    budget: int
    turns: Sequence[Messages]
    kept: int

    @property
    def messages(self) -> list[Json]:
        """Return all messages, as the request has them."""
        return joined(self.turns)

    @property
    def expected(self) -> list[Json]:
        """Return the messages that should be left."""
        return left_of(self.turns, self.kept)

    @property
    def bare(self) -> list[Json]:
        """Return all messages without their thoughts."""
        return without_thoughts(self.messages)


def short_turns(exam: Exam, count: int) -> list[Messages]:
    """Return this many short turns, the last one a question without its answer."""
    # The questions are longer than what the API adds if a conversation begins with an answer.
    words = [(exam.number(16, 20), exam.number(2, 9)) for _ in range(count - 1)]
    turns = [plain_exchange(exam, asked=asked, answered=answered) for asked, answered in words]
    if len(turns) > 1:
        # Somebody asks what was asked before, and hears the same: that is a turn too.
        turns[-2] = turns[-1]
    return [*turns, question(exam)]


def new_task(
    turns: Sequence[Messages],
    kept: int,
    *,
    request: dict[str, Json],
    is_exact: bool = False,
) -> Task:
    """Return a request with a budget for this many turns; is_exact: to the token.

    Otherwise another turn lacks one token, so a part of it would fit.
    """
    if has_thoughts(joined(turns)):
        turns = _signed(turns, request)
    whole = {**request, "messages": joined(turns)}
    budget = tokens_of({**whole, "messages": left_of(turns, kept)})
    if not is_exact and kept < len(turns):
        budget = tokens_of({**whole, "messages": left_of(turns, kept + 1)}) - 1
    return Task(whole, budget, turns, kept)


def left_of(turns: Sequence[Messages], kept: int) -> list[Json]:
    """Return what is left of a conversation: all of it as it is, or its end without thoughts."""
    return joined(turns) if kept == len(turns) else without_thoughts(joined(turns[-kept:]))


def _signed(turns: Sequence[Messages], request: dict[str, Json]) -> list[Messages]:
    """Return turns as the request's model would have thought in them."""
    parts = {key: request[key] for key in ("system", "tools") if key in request}
    whole = iter(signed(joined(turns), model=request["model"], seed=len(turns), **parts))
    return [[next(whole) for _ in turn] for turn in turns]


def redacted(turn: Messages) -> Messages:
    """Return a turn with thoughts that nobody can read; a request's model signs them later."""
    redacted = sdk_block({"type": "redacted_thinking", "data": ""})
    return [
        {**each, "content": [redacted if has_thoughts([{"content": [b]}]) else b for b in content]}
        if isinstance(content := each["content"], list)
        else each
        for each in turn
    ]
