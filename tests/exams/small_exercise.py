"""A small exercise whose check is given by the test."""

from collections.abc import Callable
from typing import Any

from grader.exams import (
    Criterion,
    Diagnosis,
    Exam,
    Exercise,
    LocalCandidate,
    Verdict,
    Words,
    examine,
    exercise,
)

HINTS = ("the idea", "the place", "nearly the code")


def mistake(id: str, **fields: str) -> Diagnosis:
    """Return a mistake with plain words in every field."""
    words = {"title": f"{id}.", "saw": "It was `{observed}`.", "why": "Why.", "next": "Next."}
    return Diagnosis(id, where="“Here”", **{**words, **fields})  # type: ignore[arg-type]


def made(check: Callable[[Exam], None]) -> Exercise:
    """Return the exercise `answer` with this check, two criteria and three mistakes."""
    check.__name__ = "answer"
    division = mistake("division", crash=r"^ZeroDivisionError")
    return exercise(
        minutes=1,
        criteria=[Criterion("one", "the first `thing`"), Criterion("two", "the second", 2)],
        words=Words(HINTS, (mistake("wrong"), mistake("other"), division)),
    )(check)


def judged(check: Callable[[Exam], None], source: str = "", **names: Any) -> Verdict:
    """Return the verdict of a check on the names that a source defines."""
    held: dict[str, Any] = dict(names)
    exec(source, held)
    return examine(made(check), LocalCandidate(held), seed=1)
