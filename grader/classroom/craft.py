"""Craft: the course's own answer, and what it sends beside a learner's. Never a score."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.classroom import notebook_code
from grader.errors import SolutionNotShown
from grader.plural import counted

if TYPE_CHECKING:
    from grader.exams import Exercise, Traffic

_NEAR = 0.05
"""By how much the input of two answers may differ to be called as much, as a share."""
_TOKENS_A_DELTA = 4.5
"""A piece of a stream has between 4 and 5 tokens; see `Pace.realistic`."""


def tell_craft(exercise: Exercise, mine: Traffic, *, seed: int) -> str:
    """Return what a correct answer sent in its check, compared; "" if it sent nothing.

    seed: that of the check, in which the course's answer is run too, if it is on this machine.
    """
    if not mine.requests:
        return ""
    told = f"Your code sent {_told(mine)}."
    theirs = _course_traffic(exercise, seed)
    if theirs is None:
        return told
    if theirs.requests == mine.requests and _is_near(mine, theirs):
        return f"{told} The course's own answer sends as much."
    return f"{told} The course's own answer sends {_told(theirs)}."


def _told(traffic: Traffic) -> str:
    seconds = counted(_seconds(traffic), "second")
    tokens = f"{traffic.input:,} tokens in and {traffic.output:,} out, " if traffic.output else ""
    sent = counted(traffic.requests, "request")
    return f"{sent}: {tokens}about {seconds} of waiting on the live API"


def _seconds(traffic: Traffic) -> int:
    """Return how long a person would wait for these answers, one after the other."""
    from grader.simulator import Pace

    pace = Pace.realistic()
    deltas = traffic.output / _TOKENS_A_DELTA
    return max(1, round(traffic.requests * pace.first_token + deltas * pace.between_deltas))


def _is_near(one: Traffic, other: Traffic) -> bool:
    return abs(one.input - other.input) <= _NEAR * other.input


def _course_traffic(exercise: Exercise, seed: int) -> Traffic | None:
    from grader.exams import LocalCandidate, examine

    try:
        source = course_answer(exercise)
    except SolutionNotShown:
        return None
    names: dict[str, Any] = dict(notebook_code.names())
    try:
        exec(compile(source, f"<the solution of {exercise.name}>", "exec"), names)
    except NameError:
        # It needs an import of its lesson that isn't in this notebook.
        return None
    verdict = examine(exercise, LocalCandidate(names), seed=seed)
    # One that isn't right here, beside a learner's own names, is nothing to compare with.
    return verdict.traffic if verdict.outcome == "Correct" else None


def course_answer(exercise: Exercise) -> str:
    """Return the source of an exercise's solution; raises SolutionNotShown if it isn't here."""
    from grader.sources import nearest_root, solution_source

    root = nearest_root(notebook_code.starting_folder()) or nearest_root(Path(__file__).parent)
    return solution_source(root or Path.cwd(), exercise.lesson, exercise.name)
